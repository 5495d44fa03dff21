// Who may open what: passphrase, password, and the next person at the same device.
import * as steps from "../support/steps.ts";
import { expect, test } from "../support/test.ts";

test("a wrong passphrase opens nothing and says what to do", async ({ phone }) => {
  const page = await steps.enrol(phone);
  await phone.cutNetwork();
  await page.goto("/caseload");
  await page.getByLabel("Passphrase", { exact: true }).fill("not the passphrase at all");
  await page.getByRole("button", { name: "Unlock", exact: true }).click();
  await expect(page.getByRole("alert")).toContainText("does not open this device");
  await expect(steps.clients(page)).toHaveCount(0);
  await steps.unlock(page);
  await expect(steps.clients(page).first()).toBeVisible();
});

test("a wrong password keeps the e-mail and says what to do", async ({ phone }) => {
  phone.expectComplaint(/status of 401/, "the server answers a wrong password with 401");
  const page = phone.page;
  await page.goto("/sign-in");
  await steps.untilAlive(page);
  await steps.fillSignIn(page, steps.MARIA, "not-the-password");
  await expect(page.getByRole("alert")).toContainText("Email and password do not belong together");
  await expect(page.getByLabel("Email", { exact: true })).toHaveValue(steps.MARIA);
});

test("after too many wrong passwords the right one has to wait as well", async ({ phone }) => {
  phone.expectComplaint(/status of 4(01|29)/, "the server answers wrong passwords with 401 and too many with 429");
  const page = phone.page;
  await page.goto("/sign-in");
  await steps.untilAlive(page);
  await expect
    .poll(async () => {
      await steps.fillSignIn(page, steps.MARIA, "not-the-password");
      return await page.getByRole("alert").textContent();
    }, { timeout: 60_000 })
    .toContain("too many tries");
  await steps.fillSignIn(page, steps.MARIA);
  await expect(page.getByRole("alert")).toContainText("too many tries");
});

test("the next worker at a set-up device sees nothing of the first", async ({ phone }) => {
  const page = await steps.enrol(phone);
  await steps.openClient(page);
  const name = (await page.getByRole("heading", { level: 1 }).textContent()) ?? "";
  expect(name.length).toBeGreaterThan(3);
  await steps.endSession(phone);
  await page.goto("/sign-in");
  await steps.untilAlive(page);
  await steps.fillSignIn(page, steps.OMAR);
  // Whoever has no device here works in the page's memory; what is sealed here belongs to the first.
  await expect(page.getByRole("heading", { level: 1, name: "Today" })).toBeVisible();
  await expect(page.getByText("This browser cleared what Doorstep kept here")).toHaveCount(0);
  expect(await page.content()).not.toContain(name);
  for (const path of ["/today", "/caseload", "/device"]) {
    await page.goto(path);
    await expect(page.getByRole("button", { name: "Unlock", exact: true })).toBeVisible();
    expect(await page.content()).not.toContain(name);
  }
});

test("what the first worker wrote is never sent in the next worker's name", async ({ office, phone }) => {
  const page = await steps.enrol(phone);
  await steps.endSession(phone);
  await page.goto("/sign-in");
  await steps.untilAlive(page);
  await steps.fillSignIn(page, steps.OMAR);
  await expect(page.getByRole("heading", { level: 1, name: "Today" })).toBeVisible();
  await page.goto("/today");
  await steps.unlock(page);
  await steps.openClient(page);
  const words = steps.marker();
  await steps.writeAndSign(page, words);
  await expect(page.getByRole("region", { name: "Sign in" })).toBeVisible();
  await expect(steps.note(page, words)).toContainText("Saved on this phone");
  expect(await steps.countNotes(office, words)).toBe(0);
  await steps.signInHere(page);
  await steps.expectOneNote(office, words);
  const author = "select email from notes join workers w on w.agency_id = notes.agency_id and w.worker_id = author_id where narrative = $1";
  expect(await office.database.value<string>(author, [words])).toBe(steps.MARIA);
});

test("an unknown client is a page of its own, and says no more than that", async ({ office, phone }) => {
  phone.expectComplaint(/status of 404/, "the server answers an unknown page with 404");
  const page = phone.page;
  await steps.signIn(page);
  const foreign = await office.database.value<string>(
    "select case_id from cases where primary_worker_id <> (select worker_id from workers where email = $1) limit 1",
    [steps.MARIA],
  );
  for (const path of [`/clients/${crypto.randomUUID()}`, `/clients/${foreign}`, `/clients/${foreign}/notes/new`, "/clients/nobody", "/nowhere"]) {
    const answer = await page.goto(path);
    expect(answer?.status(), path).toBe(404);
    await expect(page.getByRole("heading", { name: "There is nothing here for you" })).toBeVisible();
  }
});
