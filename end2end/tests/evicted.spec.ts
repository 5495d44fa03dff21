// The browser takes the storage away, or the connection to it.
import { keysOf } from "../support/disk.ts";
import * as steps from "../support/steps.ts";
import { expect, test } from "../support/test.ts";

test("fault 12: a browser that cleared the storage says so, and goes on as another device", async ({ office, phone }) => {
  const page = await steps.enrol(phone);
  const caseId = await steps.openClient(page);
  const received = steps.marker();
  await steps.writeAndSign(page, received);
  await steps.expectOneNote(office, received);
  await steps.openNoteForm(page);
  const late = steps.marker();
  await page.getByLabel("Narrative").fill(late);
  await expect(page.getByText("Draft saved on this phone")).toBeVisible();

  // Under the open page, as a browser does that needs the room.
  const other = await phone.newTab();
  await other.goto("/healthz");
  phone.expectComplaint(/status of 404.*favicon/, "a bare page has no icon");
  const control = await phone.control(other);
  await control.send("Storage.clearDataForOrigin", { origin: office.url, storageTypes: "indexeddb,cache_storage,service_workers,local_storage" });
  await other.close();
  await steps.sign(page);
  await expect(page.getByRole("alert")).toContainText("storage did not take it");
  await expect(page.getByLabel("Narrative"), "what was typed stays where it is").toHaveValue(late);
  await expect(page.getByText(/^Saved on this phone/)).toHaveCount(0);

  await page.goto(`/clients/${caseId}`);
  await expect(page.getByText("This browser cleared what Doorstep kept here")).toBeVisible();
  await expect(page.getByText("Notes that were not sent yet may be lost")).toBeVisible();
  await expect(steps.note(page, received)).toBeVisible();
  await steps.untilAlive(page);
  await steps.setUpDevice(page);
  await expect(page.getByText("This browser cleared what Doorstep kept here")).toHaveCount(0);
  await steps.openClient(page);
  const again = steps.marker();
  await steps.writeAndSign(page, again);
  await steps.expectOneNote(office, again);
  await steps.expectOneNote(office, received);
  const devices = await office.database.rows<{ last_seq: string }>("select last_seq from devices where last_seq > 0 order by last_seen_at");
  expect(devices.map((row) => Number(row.last_seq)), "two devices, each counting from 1").toEqual([1, 1]);
});

test("fault 16: a connection to the storage that was cut is opened again, and the note is saved", async ({ office, phone }) => {
  await phone.context.addInitScript(() => {
    const open: IDBDatabase[] = [];
    const opening = IDBFactory.prototype.open;
    IDBFactory.prototype.open = function (...given: [string, number?]) {
      const request = opening.apply(this, given);
      request.addEventListener("success", () => open.push(request.result));
      return request;
    };
    // As phones do it to an app in the background.
    Object.assign(window, { cutStorage: () => open.splice(0).forEach((database) => database.close()) });
  });
  const page = await steps.enrol(phone);
  await steps.openClient(page);
  await phone.cutNetwork();
  const written: string[] = [];
  for (let number = 0; number < 3; number += 1) {
    await page.evaluate(() => (window as unknown as { cutStorage: () => void }).cutStorage());
    const words = steps.marker();
    await steps.writeAndSign(page, words);
    await expect(steps.note(page, words)).toContainText("Saved on this phone");
    written.push(words);
  }
  expect(await page.evaluate(keysOf, "outbox")).toEqual([1, 2, 3]);
  await page.reload();
  await steps.unlock(page);
  for (const words of written) await expect(steps.note(page, words)).toContainText("Saved on this phone");
  await phone.restoreNetwork();
  for (const words of written) await steps.expectOneNote(office, words);
});

test("fault 16: a storage that cannot be opened again is told, and nothing is called saved", async ({ phone }) => {
  await phone.context.addInitScript(() => {
    const transaction = IDBDatabase.prototype.transaction;
    IDBDatabase.prototype.transaction = function (...given: Parameters<IDBDatabase["transaction"]>) {
      if ("storageIsGone" in window) throw new DOMException("The database connection is closing.", "InvalidStateError");
      return transaction.apply(this, given);
    };
  });
  const page = await steps.enrol(phone);
  await steps.openClient(page);
  await steps.openNoteForm(page);
  const words = steps.marker();
  await page.getByLabel("Narrative").fill(words);
  await page.evaluate(() => Object.assign(window, { storageIsGone: true }));
  await steps.sign(page);
  await expect(page.getByRole("alert")).toContainText("storage did not take it");
  await expect(page.getByLabel("Narrative")).toHaveValue(words);
  await expect(page.getByText(/^Saved on this phone/)).toHaveCount(0);
});
