// Locked, not logged out: a session that ends never stands between a worker and her note.
import * as steps from "../support/steps.ts";
import { expect, test } from "../support/test.ts";

test("fault 23: after the session ended the caseload stays, and signing in in place sends the note", async ({ office, phone }) => {
  const page = await steps.enrol(phone);
  phone.expectComplaint(/status of 401/, "the session is over, and the server says so");
  await steps.openClient(page);
  await steps.endSession(phone);
  const words = steps.marker();
  await steps.writeAndSign(page, words);
  await expect(steps.note(page, words)).toContainText("Saved on this phone");
  const banner = page.getByRole("region", { name: "Sign in" });
  await expect(banner).toContainText("Your session has ended");

  await steps.goTo(page, "Caseload");
  await expect(steps.clients(page).first()).toBeVisible();
  await steps.signInHere(page);
  await expect(banner).toBeHidden();
  await steps.expectOneNote(office, words);
});

test("fault 23: signing in in place does not disturb what is being written", async ({ phone }) => {
  const page = await steps.enrol(phone);
  phone.expectComplaint(/status of 401/, "the session is over, and the server says so");
  await steps.openClient(page);
  await steps.openNoteForm(page);
  const words = steps.marker();
  await page.getByLabel("Narrative").fill(words);
  await steps.endSession(phone);
  await steps.nudge(page);
  const banner = page.getByRole("region", { name: "Sign in" });
  await steps.signInHere(page);
  await expect(banner).toBeHidden();
  await expect(page.getByLabel("Narrative")).toHaveValue(words);
});

test("somebody else's account does not open this device's outbox to them", async ({ office, phone }) => {
  const page = await steps.enrol(phone);
  phone.expectComplaint(/status of 401|status of 403|status of 409/, "the session is over, and the other worker's is not taken");
  await steps.openClient(page);
  await steps.endSession(phone);
  const words = steps.marker();
  await steps.writeAndSign(page, words);
  await steps.signInHere(page, steps.OMAR);
  await expect(page.getByRole("alert")).toBeVisible();
  await expect(steps.note(page, words)).toContainText("Saved on this phone");
  expect(await steps.countNotes(office, words)).toBe(0);
});
