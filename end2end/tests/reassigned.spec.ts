// A case is handed over: it leaves the old worker's device, and what she wrote in the meantime is not lost.
import { countRows } from "../support/disk.ts";
import * as steps from "../support/steps.ts";
import { expect, test } from "../support/test.ts";

const HAND_OVER = `update cases set primary_worker_id = (select worker_id from workers where email = $2) where case_id = $1`;

test("fault 24: a case that is handed over leaves the device, and the late note reaches its new worker", async ({ office, phone, turnOn }) => {
  const page = await steps.enrol(phone);
  const caseId = await steps.openClient(page);
  const rowsBefore = await page.evaluate(countRows);
  await phone.cutNetwork();
  const words = steps.marker();
  await steps.writeAndSign(page, words);
  await expect(steps.note(page, words)).toContainText("Saved on this phone");

  await office.database.rows(HAND_OVER, [caseId, steps.OMAR]);
  await phone.restoreNetwork();
  await steps.expectOneNote(office, words);
  await steps.goTo(page, "Caseload");
  await expect(page.locator(`a[href="/clients/${caseId}"]`)).toHaveCount(0);
  await expect.poll(() => page.evaluate(countRows)).toBeLessThan(rowsBefore);
  const [late] = await office.database.rows<{ late: boolean }>("select late_after_reassignment as late from notes where narrative = $1", [words]);
  expect(late.late).toBe(true);

  await page.goto(`/clients/${caseId}`);
  await steps.unlock(page);
  await expect(page.getByRole("heading", { name: "There is nothing here for you" })).toBeVisible();

  const desk = await turnOn();
  await steps.signIn(desk.page, steps.OMAR);
  await desk.page.goto(`/clients/${caseId}`);
  await expect(steps.note(desk.page, words)).toBeVisible();
});

test("fault 24: a case that is handed over while the device is online leaves it without a click", async ({ office, phone }) => {
  const page = await steps.enrol(phone);
  const caseId = await steps.openClient(page);
  await steps.goTo(page, "Caseload");
  const link = page.locator(`a[href="/clients/${caseId}"]`);
  await expect(link).toBeVisible();
  await office.database.rows(HAND_OVER, [caseId, steps.OMAR]);
  await steps.nudge(page);
  await expect(link).toHaveCount(0);
});

test("fault 26: a note that comes too late for its case is kept for a person, and blocks no other", async ({ office, phone }) => {
  const page = await steps.enrol(phone);
  await steps.openClient(page, 1);
  const other = new URL(page.url()).pathname;
  const caseId = await steps.openClient(page, 0);
  await phone.cutNetwork();
  const lost = steps.marker();
  const kept = steps.marker();
  await steps.writeAndSign(page, lost);
  await expect(steps.note(page, lost)).toContainText("Saved on this phone");
  await steps.openClient(page, 1);
  expect(new URL(page.url()).pathname).toBe(other);
  await steps.writeAndSign(page, kept);
  await expect(steps.note(page, kept)).toContainText("Saved on this phone");

  await office.database.rows(HAND_OVER, [caseId, steps.OMAR]);
  await office.database.rows(
    `update visible_scopes set granted_at = now() - interval '2 years', expires_at = now() - interval '1 year'
     where expires_at is not null and scope_id = (select scope_id from cases where case_id = $1)`,
    [caseId],
  );
  await phone.restoreNetwork();
  await steps.expectOneNote(office, kept);
  expect(await steps.countNotes(office, lost)).toBe(0);
  expect(await office.database.value<number>("select count(*)::int from reviews where strpos(mutation, $1) > 0", [lost])).toBe(1);
  await steps.openOutbox(page);
  await expect(page.getByText("Needs attention")).toBeVisible();
  await expect(page.getByText("The server keeps the text")).toBeVisible();
  await expect(page.getByText(/^Saved on this phone/)).toHaveCount(0);
});

test("a supervisor who looks at the client sees the note come in by itself", async ({ phone, turnOn }) => {
  const page = await steps.enrol(phone);
  const caseId = await steps.openClient(page);
  const desk = await turnOn();
  await steps.signIn(desk.page, steps.RUTH);
  await desk.page.goto(`/clients/${caseId}`);
  await steps.untilAlive(desk.page);
  await expect(desk.page.getByRole("banner")).toContainText("Up to date");
  const words = steps.marker();
  await steps.writeAndSign(page, words);
  await expect(steps.note(desk.page, words)).toContainText(/Received|Safe/);
});

test("fault 25: a case that was seen for a limited time is never on the disk, and leaves the device when the time is over", async ({ office, phone }) => {
  const page = await steps.enrol(phone);
  await steps.goTo(page, "Caseload");
  const [foreign] = await office.database.rows<{ case_id: string }>(
    "select case_id from cases where primary_worker_id = (select worker_id from workers where email = $1) limit 1",
    [steps.OMAR],
  );
  const link = page.locator(`a[href="/clients/${foreign.case_id}"]`);
  const rowsBefore = await page.evaluate(countRows);
  await office.database.rows(
    `insert into visible_scopes (agency_id, worker_id, scope_id, reason, granted_at, expires_at)
     select c.agency_id, w.worker_id, c.scope_id, 'break-glass', now(), now() + interval '1 hour'
     from cases c join workers w on w.agency_id = c.agency_id and w.email = $2 where c.case_id = $1`,
    [foreign.case_id, steps.MARIA],
  );
  await steps.nudge(page);
  await expect(link).toBeVisible();
  await expect(page.getByRole("banner")).toContainText("Up to date");
  expect(await page.evaluate(countRows)).toBe(rowsBefore);
  await office.database.rows("update visible_scopes set expires_at = now() where reason = 'break-glass'");
  await steps.nudge(page);
  await expect(link).toHaveCount(0);
  await expect.poll(() => page.evaluate(countRows)).toBe(rowsBefore);
});
