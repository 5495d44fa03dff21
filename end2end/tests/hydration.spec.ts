// What the server drew comes alive as it stands: no word changes, nothing is said on the console.
import * as steps from "../support/steps.ts";
import { expect, test } from "../support/test.ts";

// That the console stays silent is asserted after every test, by the device itself.
test("every page that the server draws comes alive as it stands", async ({ office, phone }) => {
  const page = phone.page;
  await page.goto("/sign-in");
  await steps.untilAlive(page);
  await steps.signIn(page);
  const caseId = await office.database.value<string>(
    "select case_id from cases where primary_worker_id = (select worker_id from workers where email = $1) limit 1",
    [steps.MARIA],
  );
  const noteId = await office.database.value<string>("select note_id from notes where case_id = $1 limit 1", [caseId]);
  const ofClient = ["", "/before-visit", "/read-aloud", "/letter", "/notes/new", `/notes/${noteId}/amend`, "/edit", "/hand-over"].map((page) => `/clients/${caseId}${page}`);
  const others = ["/reviews", "/to-file", "/more", "/sessions", "/password", "/emergency", "/lost-device", "/rules"];
  for (const path of ["/", "/today", "/caseload", ...ofClient, ...others, "/device", "/device/set-up"]) {
    const answer = await page.goto(path);
    expect(answer?.status(), path).toBe(200);
    expect(answer?.headers()["cache-control"], path).toContain("no-store");
    const drawn = new URL(page.url()).pathname;
    await steps.untilAlive(page);
    await expect(page.getByRole("heading", { level: 1 }).first(), path).toBeVisible();
    expect(new URL(page.url()).pathname, path).toBe(drawn);
  }
});

for (const worker of [steps.RUTH, steps.ADA]) {
  test(`every page that the server draws for ${worker} comes alive as it stands`, async ({ phone }) => {
    const page = phone.page;
    await steps.signIn(page, worker);
    for (const path of ["/today", "/caseload", "/reviews", "/sessions", "/emergency", "/lost-device", "/rules", "/device"]) {
      expect((await page.goto(path))?.status(), path).toBe(200);
      await steps.untilAlive(page);
      await expect(page.getByRole("banner"), path).toContainText("Up to date");
    }
  });
}

test("after the first page no link loads a document", async ({ phone }) => {
  const page = phone.page;
  await steps.signIn(page);
  await page.goto("/today");
  await steps.untilAlive(page);
  await page.evaluate(() => Object.assign(window, { sameDocument: true }));
  await steps.openClient(page);
  await steps.openNoteForm(page);
  await page.goBack();
  await expect(page.getByRole("link", { name: "Write note", exact: true })).toBeVisible();
  await steps.goTo(page, "On this device");
  await steps.goTo(page, "Today");
  await expect(page.getByRole("heading", { level: 1, name: "Today" })).toBeVisible();
  expect(await page.evaluate(() => "sameDocument" in window)).toBe(true);
});

test("the caseload is searched as one types, and sorted", async ({ phone }) => {
  const page = phone.page;
  await steps.signIn(page);
  await steps.goTo(page, "Caseload");
  await steps.untilAlive(page);
  await expect(steps.clients(page).nth(2)).toBeVisible();
  const all = await steps.clients(page).count();
  const last = ((await steps.clients(page).nth(all - 1).locator("strong").first().textContent()) ?? "").trim();
  const search = page.getByLabel("Search clients and notes");
  await search.pressSequentially(last.toLowerCase());
  await expect(steps.clients(page).first()).toContainText(last);
  await search.fill("zzzzzz");
  await expect(steps.clients(page)).toHaveCount(0);
  await search.fill("");
  await expect(steps.clients(page)).toHaveCount(all);
  for (const order of ["Risk", "Last contact", "Name"]) {
    const button = page.getByRole("button", { name: order, exact: true });
    await button.click();
    await expect(button).toHaveAttribute("aria-pressed", "true");
    await expect(steps.clients(page)).toHaveCount(all);
  }
  await expect(steps.clients(page).nth(all - 1)).toContainText(last);
});

test("a note that the search found is in view when it is opened", async ({ office, phone }) => {
  const page = await steps.enrol(phone);
  const caseId = await steps.openClient(page, 2);
  const oldest = "select narrative from notes where case_id = $1 order by occurred_at limit 1";
  const narrative = await office.database.value<string>(oldest, [caseId]);
  await steps.goTo(page, "Caseload");
  await page.getByLabel("Search clients and notes").fill(narrative.split(/\s+/).slice(0, 12).join(" "));
  await page.locator(`a[href^="/clients/${caseId}#note-"]`).first().click();
  await expect(steps.note(page, narrative.slice(0, 30)).first()).toBeInViewport();
});

test("fault 35: what a client said cannot become a script", async ({ office, phone }) => {
  const page = await steps.enrol(phone);
  const caseId = await steps.openClient(page);
  const word = steps.marker().split(" ")[0];
  const words = `${word} </script><script>window.hurt=1</script><img src=x onerror="window.hurt=1">&lt;b&gt; \u2028 <!-- "' \${hurt}`;
  await steps.writeAndSign(page, words);
  await expect(steps.note(page, word)).toContainText('<img src=x onerror="window.hurt=1">');
  await steps.expectOneNote(office, words);
  await page.reload();
  await steps.unlock(page);
  await expect(steps.note(page, word)).toContainText("</script><script>");
  expect(await page.evaluate(() => "hurt" in window)).toBe(false);
  const drawn = await page.request.get(`/clients/${caseId}`);
  expect(await drawn.text()).not.toContain("<script>window.hurt");
});
