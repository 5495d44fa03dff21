// A half-filled form survives a reload, a lock, a crash and an update: every form, for all drafts are kept by one mechanism.
import { rm } from "node:fs/promises";
import type { Page } from "@playwright/test";
import type { Device } from "../support/device.ts";
import { makeNextBuild, RESTARTS, serveNext, updateWhenNothingIsOnItsWay } from "../support/next-build.ts";
import type { Office } from "../support/office.ts";
import { addContradiction } from "../support/review.ts";
import * as steps from "../support/steps.ts";
import { expect, test } from "../support/test.ts";

/** A form: where it is, the field in which something is typed, and what. */
interface Form {
  path: string;
  field: string;
  typed: string;
  /** It is drawn once the office has answered. */
  needsSession?: boolean;
}

async function fillAll(page: Page, forms: Form[]): Promise<void> {
  for (const { path, field, typed } of forms) {
    await page.goto(path);
    await steps.unlock(page);
    await page.getByLabel(field, { exact: true }).first().fill(typed);
    await expect(page.getByText("Draft saved on this phone")).toBeVisible();
  }
}

/** Every form has what was typed. Each is opened by its address, which is a reload as well. */
async function expectAll(page: Page, forms: Form[], after: string): Promise<void> {
  for (const { path, field, typed } of forms) {
    await page.goto(path);
    await steps.unlock(page);
    await expect(page.getByLabel(field, { exact: true }).first(), `${path} after ${after}`).toHaveValue(typed);
    await expect(page.getByText(/^Draft from/), `${path} after ${after}`).toBeVisible();
  }
}

async function survive(office: Office, device: Device, email: string, forms: Form[]): Promise<void> {
  let page = device.page;
  await fillAll(page, forms);
  await expectAll(page, forms, "a reload");

  await steps.lock(page);
  await expectAll(page, forms, "a lock");

  device.expectComplaint(/status of 401/, "a session ends with the browser, and the server says so");
  await device.kill();
  await device.start();
  page = device.page;
  if (forms.some((form) => form.needsSession)) {
    await page.goto("/device");
    await steps.unlock(page);
    await steps.signInHere(page, email);
    await expect(page.getByRole("banner")).toContainText("Up to date");
  }
  await expectAll(page, forms, "a crash");

  device.expectComplaint(RESTARTS, "the server restarts");
  const next = await makeNextBuild();
  try {
    await serveNext(office, page, next);
    await updateWhenNothingIsOnItsWay(page);
    await expectAll(page, forms, "an update");
  } finally {
    await rm(next, { recursive: true, force: true });
  }
}

test("what a case manager half wrote survives a reload, a lock, a crash and an update, on every form", async ({ office, phone }) => {
  test.slow();
  const page = await steps.enrol(phone);
  const caseId = await steps.openClient(page);
  const noteId = await office.database.value<string>("select note_id from notes where case_id = $1 order by occurred_at desc limit 1", [caseId]);
  await survive(office, phone, steps.MARIA, [
    { path: `/clients/${caseId}/notes/new`, field: "Narrative", typed: steps.marker() },
    { path: `/clients/${caseId}/notes/${noteId}/amend`, field: "What you add", typed: steps.marker() },
    { path: `/clients/${caseId}/edit`, field: "Name to say at the door (optional)", typed: "Half a name" },
    { path: "/emergency", field: "What is the emergency?", typed: "A gas leak was rep" },
  ]);
});

test("what a supervisor half wrote survives a reload, a lock, a crash and an update, on every form", async ({ office, phone }) => {
  test.slow();
  const page = phone.page;
  await steps.signIn(page, steps.RUTH);
  const caseId = await steps.openClient(page);
  await addContradiction(office, caseId);
  await office.database.rows(
    `insert into break_glass (agency_id, case_id, scope_id, worker_id, reason, opened_at, expires_at)
     select c.agency_id, c.case_id, c.scope_id, w.worker_id, 'A gas leak was reported.', now(), now() + interval '1 hour'
     from cases c join workers w on w.agency_id = c.agency_id where c.case_id = $1 and w.email = $2`,
    [caseId, steps.OMAR],
  );
  const reviewId = await office.database.value<string>("select review_id from reviews where case_id = $1", [caseId]);
  await steps.setUpDevice(page);
  await steps.untilShellIsKept(page);
  await survive(office, phone, steps.RUTH, [
    { path: `/clients/${caseId}/hand-over`, field: "Reason", typed: steps.marker() },
    { path: `/reviews/${reviewId}`, field: "Reason", typed: steps.marker() },
    { path: "/emergency", field: "Your remark (optional)", typed: "He had to, ", needsSession: true },
  ]);
});

test("the rules that an administrator half changed survive a reload, a lock, a crash and an update", async ({ office, phone }) => {
  test.slow();
  await steps.enrol(phone, steps.ADA);
  await survive(office, phone, steps.ADA, [
    { path: "/rules", field: "Hours without contact until clients are closed", typed: "47", needsSession: true },
  ]);
});
