// What is read on a device without asking the server is in the audit trail all the same, when the device has told of it.
import * as steps from "../support/steps.ts";
import { expect, test } from "../support/test.ts";

test("a client who was looked up without a signal is in the audit trail after the next contact, once", async ({ office, phone }) => {
  const page = await steps.enrol(phone);
  await steps.untilAlive(page);
  const told = async (caseId: string) =>
    office.database.value<number>("select count(*)::int from audit_events where action = 'device.client' and entity_id = $1 and device_id is not null", [caseId]);
  await phone.cutNetwork();
  const first = await steps.openClient(page, 0);
  const second = await steps.openClient(page, 1);
  // The page goes, and with it what was in its memory only.
  await page.reload();
  await steps.unlock(page);
  expect(await steps.openClient(page, 0)).toBe(first);
  expect(await told(first)).toBe(0);

  await phone.restoreNetwork();
  await steps.nudge(page);
  await expect.poll(() => told(first)).toBe(1);
  expect(await told(second)).toBe(1);
  // By the device's clock, and the server's own beside it.
  const late = "select count(*)::int from audit_events where action = 'device.client' and told_at <= occurred_at";
  expect(await office.database.value(late)).toBe(2);
  await steps.nudge(page);
  await expect(page.getByRole("banner")).toContainText("Up to date");
  expect(await office.database.value("select count(*)::int from audit_events where action = 'device.client'")).toBe(2);
});
