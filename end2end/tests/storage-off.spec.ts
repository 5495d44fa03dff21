// The agency switches offline storage off: devices that are set up already hand in what is unsent, keep nothing, and go on with a connection.
import { keysOf } from "../support/disk.ts";
import { whatIsKept } from "../support/lost.ts";
import type { Office } from "../support/office.ts";
import { findOnDisk } from "../support/profile.ts";
import * as steps from "../support/steps.ts";
import { expect, test } from "../support/test.ts";

const WITHDRAWN = "Your agency no longer lets devices keep clients' data";

/** As an administrator does it under Agency rules. */
async function switchOff(office: Office): Promise<void> {
  await office.database.rows("update device_policies set offline_storage = false");
}

test("when offline storage is switched off, an open device hands in what is unsent, keeps nothing, and goes on with a connection", async ({ office, phone }) => {
  const page = await steps.enrol(phone);
  await steps.openClient(page);
  await phone.cutNetwork();
  const words = steps.marker();
  await steps.writeAndSign(page, words);
  await expect(steps.note(page, words)).toContainText("Saved on this phone");
  await steps.openNoteForm(page);
  const typed = steps.marker();
  await page.getByLabel("Narrative").pressSequentially(typed);
  await expect(page.getByText("Draft saved")).toBeVisible();
  await switchOff(office);
  expect((await page.evaluate(keysOf, "rows")).length).toBeGreaterThan(0);

  await phone.restoreNetwork();
  await expect(page.getByText(WITHDRAWN)).toBeVisible();
  await steps.expectOneNote(office, words);
  await expect.poll(() => page.evaluate(whatIsKept)).toMatchObject({ databases: [], local: [], session: [], cookies: expect.stringMatching(/^(doorstep-offset=-?\d+)?$/) });
  expect(await page.evaluate(async () => await caches.has("doorstep-device"))).toBe(false);
  // What was being typed is there still, and is signed without the disk.
  await expect(page.getByLabel("Narrative")).toHaveValue(typed);
  await steps.sign(page);
  await steps.expectOneNote(office, typed);
  await expect(steps.note(page, words)).toContainText(/Received|Safe/);
  expect(await office.database.value("select count(*)::int from devices where enrolled")).toBe(0);
  await steps.goTo(page, "On this device");
  await expect(page.getByText("Clients and notes are in this page's memory only")).toBeVisible();

  // The next start is the server's page, under the session that is still good.
  await page.goto("/caseload");
  await expect(steps.clients(page).first()).toBeVisible();
  await expect(page.getByRole("button", { name: "Unlock", exact: true })).toHaveCount(0);
  await phone.turnOff();
  expect(await findOnDisk(phone.profile, [...words.split(" "), ...typed.split(" ")])).toEqual([]);
});

test("when offline storage is switched off, a locked device drops the caseload at once, and its drafts wait for its worker", async ({ office, phone }) => {
  const page = await steps.enrol(phone);
  await steps.openClient(page);
  await phone.cutNetwork();
  const words = steps.marker();
  await steps.writeAndSign(page, words);
  await expect(steps.note(page, words)).toContainText("Saved on this phone");
  await steps.lock(page);
  await switchOff(office);
  await phone.restoreNetwork();
  await expect(page.getByText(WITHDRAWN)).toBeVisible();
  await steps.expectOneNote(office, words);
  expect(await page.evaluate(keysOf, "rows")).toEqual([]);
  expect(await page.evaluate(keysOf, "keys")).toEqual([]);
  expect(await page.evaluate(keysOf, "outbox")).toEqual([1]);
  await steps.unlock(page);
  await expect(page.getByText("Doorstep needs a connection from now on")).toBeVisible();
  await expect.poll(() => page.evaluate(async () => await indexedDB.databases())).toEqual([]);
  await steps.goTo(page, "Caseload");
  await expect(steps.clients(page).first()).toBeVisible();
  await steps.expectOneNote(office, words);
});
