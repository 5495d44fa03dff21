// What is half written is not lost, whatever happens to the tab.
import type { Page } from "@playwright/test";
import * as steps from "../support/steps.ts";
import { expect, test } from "../support/test.ts";

/** Types half a note and waits until the page says that it is kept. */
async function writeHalf(page: Page, words: string): Promise<void> {
  await steps.openNoteForm(page);
  await page.getByLabel("Narrative").pressSequentially(words);
  await expect(page.getByText("Draft saved")).toBeVisible();
}

async function reopenForm(page: Page, caseId: string): Promise<void> {
  // A browser that was killed a moment ago may give its service worker no time at the first navigation: a person opens the app again.
  await expect(async () => {
    await page.goto(`/clients/${caseId}/notes/new`);
    await expect(page.getByRole("button", { name: "Unlock", exact: true })).toBeVisible({ timeout: 5_000 });
  }).toPass({ timeout: 40_000 });
  await steps.unlock(page);
}

test("a draft is there again after a reload", async ({ phone }) => {
  const page = await steps.enrol(phone);
  await steps.openClient(page);
  const words = steps.marker();
  await writeHalf(page, words);
  await page.reload();
  await steps.unlock(page);
  await expect(page.getByLabel("Narrative")).toHaveValue(words);
});

test("a draft is there again after the browser was killed, and signing it ends it", async ({ office, phone }) => {
  let page = await steps.enrol(phone);
  const caseId = await steps.openClient(page);
  const words = steps.marker();
  await writeHalf(page, words);
  await phone.kill();
  phone.expectComplaint(/status of 401/, "a session ends with the browser, and the server says so");
  await phone.start();
  page = phone.page;
  await reopenForm(page, caseId);
  await expect(page.getByLabel("Narrative")).toHaveValue(words);

  await steps.sign(page);
  await expect(steps.note(page, words)).toBeVisible();
  await steps.signInHere(page);
  await steps.expectOneNote(office, words);
  await steps.openNoteForm(page);
  await expect(page.getByLabel("Narrative")).toHaveValue("");
});

test("a draft is there again after locking, and belongs to its client only", async ({ phone }) => {
  const page = await steps.enrol(phone);
  const caseId = await steps.openClient(page, 0);
  const words = steps.marker();
  await writeHalf(page, words);
  await steps.lock(page);
  expect(await page.content()).not.toContain(words);
  await steps.unlock(page);
  await steps.openClient(page, 1);
  await steps.openNoteForm(page);
  await expect(page.getByLabel("Narrative")).toHaveValue("");
  await page.goto(`/clients/${caseId}/notes/new`);
  await steps.unlock(page);
  await expect(page.getByLabel("Narrative")).toHaveValue(words);
});
