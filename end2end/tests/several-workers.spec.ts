// Several workers at one tablet: each has a database, keys and a way in of their own, and each one's notes go out by themselves.
import type { Page } from "@playwright/test";
import type { Device } from "../support/device.ts";
import { reportLost } from "../support/lost.ts";
import { findOnDisk } from "../support/profile.ts";
import * as steps from "../support/steps.ts";
import { expect, test } from "../support/test.ts";

const OMARS_PASSPHRASE = "copper lantern orchard sidewalk";
const SEALED = "**/sync/v1/sealed";
const AUTHOR = "select email from notes join workers w on w.agency_id = notes.agency_id and w.worker_id = author_id where narrative = $1";

/** From the lock page: one more worker signs in. */
async function signInAnother(page: Page, email: string): Promise<void> {
  await page.getByRole("button", { name: "Another worker", exact: true }).click();
  await steps.fillSignIn(page, email);
  await expect(page.getByRole("heading", { level: 1, name: "Today" })).toBeVisible();
}

/** Sets the device up for one more worker, who wants to be called `label` on the lock page. */
async function setUpAnother(page: Page, passphrase: string, label: string): Promise<void> {
  await steps.goTo(page, "On this device");
  await page.getByRole("link", { name: "Set up this device", exact: true }).click();
  await page.getByLabel("Passphrase", { exact: true }).fill(passphrase);
  await page.getByLabel("Confirm passphrase", { exact: true }).fill(passphrase);
  await page.getByLabel("Your name on the lock page (optional)").fill(label);
  await page.getByRole("button", { name: "Set up this device", exact: true }).click();
  await expect(page.getByText("This device is set up")).toBeVisible();
}

async function databases(page: Page): Promise<string[]> {
  return (await page.evaluate(async () => (await indexedDB.databases()).map((database) => database.name ?? ""))).sort();
}

/** A tablet that Maria has set up and locked, and then Omar, who is at it. */
async function share(tablet: Device): Promise<Page> {
  const page = await steps.enrol(tablet);
  await steps.lock(page);
  await signInAnother(page, steps.OMAR);
  await setUpAnother(page, OMARS_PASSPHRASE, "OH");
  return page;
}

test("two workers share a tablet: neither sees anything of the other, and the notes of the one arrive while the other works", async ({ office, phone }) => {
  test.slow();
  phone.expectComplaint(/ERR_FAILED/, "this test keeps sealed notes from the server for a while");
  phone.expectComplaint(/status of 401/, "the session is the other worker's, and the server says so");
  const page = await steps.enrol(phone);
  await steps.openClient(page);
  const client = (await page.getByRole("heading", { level: 1 }).textContent()) ?? "";
  expect(client.length).toBeGreaterThan(3);
  await phone.cutNetwork();
  const words = steps.marker();
  await steps.writeAndSign(page, words);
  await expect(steps.note(page, words)).toContainText("Saved on this phone");
  await steps.openNoteForm(page);
  const draft = steps.marker();
  await page.getByLabel("Narrative").pressSequentially(draft);
  await expect(page.getByText("Draft saved")).toBeVisible();
  await steps.lock(page);

  await phone.context.route(SEALED, (route) => route.abort());
  await phone.restoreNetwork();
  await signInAnother(page, steps.OMAR);
  await expect(page.getByText("This browser cleared what Doorstep kept here")).toHaveCount(0);
  await setUpAnother(page, OMARS_PASSPHRASE, "OH");
  expect(await databases(page)).toEqual(["doorstep", expect.stringMatching(/^doorstep-[0-9a-f-]{36}$/)]);
  const seen: string[] = [];
  const look = async () => void seen.push(await page.content());
  for (const place of ["Today", "Caseload", "On this device"] as const) {
    await steps.goTo(page, place);
    await expect(page.getByRole("heading", { level: 1, name: place })).toBeVisible();
    await look();
  }
  expect(await steps.countNotes(office, words), "nothing went out so far").toBe(0);

  // Omar is at work, and has not touched anything of Maria's.
  await phone.context.unroute(SEALED);
  await steps.nudge(page);
  await steps.expectOneNote(office, words);
  expect(await office.database.value<string>(AUTHOR, [words])).toBe(steps.MARIA);
  await look();
  await steps.openClient(page);
  await look();
  const omars = steps.marker();
  await steps.writeAndSign(page, omars);
  await expect(steps.note(page, omars)).toContainText(/Received|Safe/);
  expect(await office.database.value<string>(AUTHOR, [omars])).toBe(steps.OMAR);
  for (const secret of [words, draft, client]) expect(seen.filter((content) => content.includes(secret))).toEqual([]);

  // The lock page turns to whoever was there last, and tells nothing of anybody but what they want to be called.
  await steps.lock(page);
  const who = page.getByRole("group", { name: "Who are you?" });
  await expect(who.getByRole("button", { name: "OH" })).toHaveAttribute("aria-pressed", "true");
  await who.getByRole("button", { name: "Worker 1" }).click();
  await expect(who.getByRole("button", { name: "Worker 1" })).toHaveAttribute("aria-pressed", "true");
  await page.getByLabel("Passphrase", { exact: true }).fill(OMARS_PASSPHRASE);
  await page.getByRole("button", { name: "Unlock", exact: true }).click();
  await expect(page.getByRole("alert")).toContainText("does not open this device");
  await steps.unlock(page, steps.PASSPHRASE);
  await steps.openClient(page);
  await expect(page.getByRole("heading", { level: 1 })).toContainText(client);
  // It was handed in while she was away.
  await expect(steps.note(page, words)).toContainText(/Received|Safe/);
  await expect(page.getByText(omars)).toHaveCount(0);
  await steps.openNoteForm(page);
  await expect(page.getByLabel("Narrative")).toHaveValue(draft);
  // Under Omar's session nothing of hers is sent; under her own everything finds its place.
  await expect(page.getByRole("region", { name: "Sign in" })).toBeVisible();
  await steps.signInHere(page);
  await expect(page.getByRole("region", { name: "Sign in" })).toBeHidden();
  await expect.poll(() => office.database.value("select count(*)::int from mutations where seq is null")).toBe(0);
  await steps.expectOneNote(office, words);
  await phone.turnOff();
  expect(await findOnDisk(phone.profile, [words, draft, omars].flatMap((text) => text.split(" ")))).toEqual([]);
});

test("a worker who is new at a set-up device may go back to the lock page, and the screen of the other is not theirs", async ({ phone }) => {
  const page = await steps.enrol(phone);
  await steps.lock(page);
  await page.getByRole("button", { name: "Another worker", exact: true }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Sign in" })).toBeVisible();
  await page.getByRole("button", { name: "Back to unlocking" }).click();
  await steps.unlock(page);
  await expect(page.getByRole("heading", { level: 1, name: "Today" })).toBeVisible();
});

test("one worker's device at a shared tablet is reported as lost: the other's stays, with what is unsent", async ({ office, phone, turnOn }) => {
  test.slow();
  phone.expectComplaint(/status of 401/, "the session is the other worker's, or has ended");
  const page = await share(phone);
  await steps.lock(page);
  await page.getByRole("group", { name: "Who are you?" }).getByRole("button", { name: "Worker 1" }).click();
  await steps.unlock(page);
  await steps.openClient(page);
  const words = steps.marker();
  await steps.writeAndSign(page, words);
  const desk = await turnOn();
  const said = page.waitForResponse("**/sync/v1/wiped");
  await reportLost(desk.page, office, steps.OMAR);
  await steps.nudge(page);
  expect(await (await said).headerValue("clear-site-data"), "Maria goes on using it").toBeNull();
  await expect.poll(() => databases(page)).toEqual(["doorstep"]);
  await expect(steps.note(page, words)).toBeVisible();
  await steps.lock(page);
  await expect(page.getByRole("group", { name: "Who are you?" })).toHaveCount(0);
  await steps.unlock(page);
  await steps.openClient(page);
  await expect(steps.note(page, words)).toBeVisible();
  await steps.signInHere(page);
  await steps.expectOneNote(office, words);
});
