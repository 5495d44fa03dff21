// Something between the phone and the server answers in its place. Nothing it says makes the phone let go of a note.
import type { Route } from "@playwright/test";
import type { Device } from "../support/device.ts";
import * as steps from "../support/steps.ts";
import { expect, test } from "../support/test.ts";

const SYNC = "**/sync/**";

/** The first of the statuses that are tried. */
const FIRST_STATUS = 100;

/** An enrolled phone with one signed note, whose requests to sync are answered by `answer`. */
async function withUnsentNote(phone: Device, answer: (route: Route) => Promise<void>): Promise<string> {
  const page = await steps.enrol(phone);
  await steps.openClient(page);
  phone.expectComplaint(/Failed to load resource/, "the browser notes every answer that is an error");
  await phone.context.route(SYNC, answer);
  const words = steps.marker();
  await steps.writeAndSign(page, words);
  await expect(steps.note(page, words)).toContainText("Saved on this phone");
  return words;
}

test("fault 21: a captive portal's page is not taken for a receipt", async ({ office, phone }) => {
  let answered = 0;
  const words = await withUnsentNote(phone, async (route) => {
    answered += 1;
    await route.fulfill({ status: 200, contentType: "text/html", body: "<!doctype html><title>Free Wi-Fi</title><p>Accept our terms" });
  });
  await expect.poll(() => answered).toBeGreaterThan(0);
  await expect(phone.page.getByText("No connection").first()).toBeVisible();
  await expect(steps.note(phone.page, words)).toContainText("Saved on this phone");
  expect(await steps.countNotes(office, words)).toBe(0);

  await phone.context.unroute(SYNC);
  await steps.nudge(phone.page);
  await expect(steps.note(phone.page, words)).toContainText(/Received|Safe/);
  await steps.expectOneNote(office, words);
});

test("fault 21: a receipt-shaped answer that is not for this note is not taken for a receipt", async ({ office, phone }) => {
  let answered = 0;
  const words = await withUnsentNote(phone, async (route) => {
    answered += 1;
    const body = { incarnation: crypto.randomUUID(), device_last_seq: 0, safe_seq: 0, server_time: "nonsense", results: [] };
    await route.fulfill({ status: 200, contentType: "application/json", body: JSON.stringify(body) });
  });
  await expect.poll(() => answered).toBeGreaterThan(0);
  await expect(steps.note(phone.page, words)).toContainText("Saved on this phone");
  await phone.context.unroute(SYNC);
  await steps.nudge(phone.page);
  await steps.expectOneNote(office, words);
});

test("fault 27: no status from 100 to 599 makes the phone let go of a note", async ({ office, phone }) => {
  test.slow();
  const answers = new Map<number, number>();
  let status = FIRST_STATUS;
  const words = await withUnsentNote(phone, async (route) => {
    if (!route.request().url().endsWith("/push")) return await route.abort();
    answers.set(status, (answers.get(status) ?? 0) + 1);
    const garbage = status % 2 === 0 ? { contentType: "text/html", body: "<p>no" } : { contentType: "application/json", body: "{" };
    await route.fulfill({ status, ...garbage });
  });
  for (status = FIRST_STATUS; status < 600; status += 1) {
    await expect.poll(async () => (await steps.nudge(phone.page), answers.get(status) ?? 0), { intervals: [20, 50, 100] }).toBeGreaterThan(0);
  }
  await expect(steps.note(phone.page, words)).toContainText("Saved on this phone");
  await phone.page.reload();
  await steps.unlock(phone.page);
  await expect(steps.note(phone.page, words)).toContainText("Saved on this phone");

  await phone.context.unroute(SYNC);
  await steps.nudge(phone.page);
  await expect(steps.note(phone.page, words)).toContainText(/Received|Safe/, { timeout: 60_000 });
  await steps.expectOneNote(office, words);
});
