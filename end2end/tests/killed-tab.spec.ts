// An empty battery, a closed tab: "Saved on this phone" was no promise for later.
import { keysOf } from "../support/disk.ts";
import * as steps from "../support/steps.ts";
import { expect, test } from "../support/test.ts";

test("fault 13: a note is there after the browser was killed right after it was saved", async ({ office, phone }) => {
  let page = await steps.enrol(phone);
  const caseId = await steps.openClient(page);
  await phone.cutNetwork();
  const words = steps.marker();
  await steps.writeAndSign(page, words);
  await expect(steps.note(page, words)).toContainText("Saved on this phone");
  await phone.kill();

  phone.expectComplaint(/status of 401/, "a session ends with the browser, and the server says so");
  await phone.start();
  await phone.cutNetwork();
  page = phone.page;
  await page.goto(`/clients/${caseId}`);
  await steps.unlock(page);
  await expect(steps.note(page, words)).toContainText("Saved on this phone");
  await phone.restoreNetwork();
  await steps.signInHere(page);
  await expect(steps.note(page, words)).toContainText(/Received|Safe/);
  await steps.expectOneNote(office, words);
});

test("fault 08: a tab that is closed while its note is being sent doubles nothing", async ({ office, phone }) => {
  const page = await steps.enrol(phone);
  await steps.openClient(page);
  const words = steps.marker();
  const asked = phone.context.waitForEvent("request", (request) => request.url().endsWith("/sync/v1/push"));
  await steps.writeAndSign(page, words);
  await asked;
  const other = await phone.newTab();
  await page.close();
  await other.goto("/today");
  await steps.unlock(other);
  await steps.expectOneNote(office, words);
  await steps.openOutbox(other);
  await expect(other.getByText("Saved on this phone")).toHaveCount(0);
  await steps.expectOneNote(office, words);
});

/** Notes the durability of every transaction that may write to the outbox. Runs in the page before anything else. */
function noteDurability(): void {
  const seen: string[] = [];
  Object.assign(window, { outboxDurability: seen });
  const transaction = IDBDatabase.prototype.transaction;
  IDBDatabase.prototype.transaction = function (...given: Parameters<IDBDatabase["transaction"]>) {
    const tx = transaction.apply(this, given);
    if (tx.mode === "readwrite" && [...tx.objectStoreNames].includes("outbox")) seen.push(tx.durability);
    return tx;
  };
}

// Killing a process shows nothing about a battery that runs empty: for that the browser is asked to have everything on the disk.
test("fault 13: what is called saved was written with strict durability", async ({ phone }) => {
  await phone.context.addInitScript(noteDurability);
  const page = await steps.enrol(phone);
  await steps.openClient(page);
  const words = steps.marker();
  await steps.writeAndSign(page, words);
  await expect(steps.note(page, words)).toContainText(/Received|Safe/);
  const seen = await page.evaluate(() => (window as unknown as { outboxDurability: string[] }).outboxDurability);
  expect(seen.length).toBeGreaterThan(1);
  expect(new Set(seen)).toEqual(new Set(["strict"]));
});

/** Keeps every transaction that writes to the outbox from ever being complete, once `holdOutbox` is set. Runs in the page before anything else. */
function holdTransactions(): void {
  const put = IDBObjectStore.prototype.put;
  IDBObjectStore.prototype.put = function (...given: [unknown, IDBValidKey?]) {
    const request = put.apply(this, given);
    if ("holdOutbox" in window && this.name === "outbox") {
      this.transaction.commit = () => undefined;
      const goOn = () => void (this.count().onsuccess = goOn);
      goOn();
      Object.assign(window, { isHeld: true });
    }
    return request;
  };
}

test("fault 14: a browser killed inside the transaction that saves a note has none of it, and takes it again", async ({ office, phone }) => {
  await phone.context.addInitScript(holdTransactions);
  let page = await steps.enrol(phone);
  const caseId = await steps.openClient(page);
  await phone.cutNetwork();
  await steps.openNoteForm(page);
  const words = steps.marker();
  await page.getByLabel("Narrative").fill(words);
  await expect(page.getByText("Draft saved")).toBeVisible();
  await page.evaluate(() => Object.assign(window, { holdOutbox: true }));
  await steps.sign(page);
  await page.waitForFunction(() => "isHeld" in window);
  await expect(page.getByText(/^Saved on this phone/)).toHaveCount(0);
  await phone.kill();

  phone.expectComplaint(/status of 401/, "a session ends with the browser, and the server says so");
  await phone.start();
  page = phone.page;
  await page.goto(`/clients/${caseId}`);
  await steps.unlock(page);
  await expect(steps.note(page, words)).toHaveCount(0);
  expect(await page.evaluate(keysOf, "outbox")).toEqual([]);
  // Its number was not taken either, and what she had written is still in the form.
  await steps.openNoteForm(page);
  await expect(page.getByLabel("Narrative")).toHaveValue(words);
  await steps.sign(page);
  await expect(steps.note(page, words)).toContainText("Saved on this phone");
  expect(await page.evaluate(keysOf, "outbox")).toEqual([1]);
  await steps.signInHere(page);
  await steps.expectOneNote(office, words);
});
