// An empty battery, a closed tab: "Saved on this phone" was no promise for later.
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
