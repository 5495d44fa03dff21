// A full disk: the worker is told, and what she wrote stays where she can see it.
import * as steps from "../support/steps.ts";
import { expect, test } from "../support/test.ts";

test("fault 15: a note that finds no room is not called saved, and is saved when there is room again", async ({ office, phone }) => {
  await steps.enrol(phone);
  await phone.turnOff();
  await phone.start();
  const page = phone.page;
  // Chromium looks at the limit when the storage is first used after this.
  const control = await phone.control();
  await control.send("Storage.overrideQuotaForOrigin", { origin: office.url, quotaSize: 1 });
  await phone.cutNetwork();
  await page.goto("/caseload");
  await steps.unlock(page);
  await steps.openClient(page);
  await steps.openNoteForm(page);
  // Longer than any room that the app sets aside for notes.
  const words = `${steps.marker()} ${"She was well. ".repeat(50)}`.trim();
  await page.getByLabel("Narrative").fill(words);
  await steps.sign(page);
  await expect(page.getByRole("alert")).toContainText(/room|space|full/i);
  await expect(page.getByLabel("Narrative")).toHaveValue(words);
  await expect(page.getByText(/^Saved on this phone/)).toHaveCount(0);

  await control.send("Storage.overrideQuotaForOrigin", { origin: office.url });
  await steps.sign(page);
  await expect(steps.note(page, words)).toContainText("Saved on this phone");
  phone.expectComplaint(/status of 401/, "a session ends with the browser, and the server says so");
  await phone.restoreNetwork();
  await steps.signInHere(page);
  await steps.expectOneNote(office, words);
});
