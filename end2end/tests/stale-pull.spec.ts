// An answer that was on its way for too long: what was taken away meanwhile does not come back with it.
import { countRows } from "../support/disk.ts";
import * as steps from "../support/steps.ts";
import { expect, test } from "../support/test.ts";

test("fault 04: an old answer to a pull does not bring back a case that was taken away", async ({ office, phone }) => {
  const page = await steps.enrol(phone);
  const caseId = await steps.openClient(page);
  await steps.goTo(page, "Caseload");
  await expect(page.getByRole("banner")).toContainText("Up to date");
  const link = page.locator(`a[href="/clients/${caseId}"]`);
  await expect(link).toBeVisible();

  // A pull that still brings news of the case is answered; its answer goes astray, and comes instead of a later one.
  await office.database.rows("update cases set risk_reason = 'changed' where case_id = $1", [caseId]);
  phone.expectComplaint(/net::ERR_FAILED|Failed to load resource/, "the first answer goes astray");
  let stale: { status: number; headers: Record<string, string>; body: Buffer } | undefined;
  let delivered = 0;
  let mode: "keep" | "pass" | "deliver" = "keep";
  await phone.context.route("**/sync/v1/pull", async (route) => {
    if (mode === "pass") return await route.continue();
    if (mode === "deliver" && stale) {
      delivered += 1;
      mode = "pass";
      return await route.fulfill(stale);
    }
    const response = await route.fetch();
    stale ??= { status: response.status(), headers: { "content-type": "application/json" }, body: await response.body() };
    await route.abort();
  });
  await steps.nudge(page);
  await expect.poll(() => stale?.body.toString()).toContain(caseId);

  await office.database.rows("update cases set primary_worker_id = (select worker_id from workers where email = $2) where case_id = $1", [caseId, steps.OMAR]);
  mode = "pass";
  await steps.nudge(page);
  await expect(link).toHaveCount(0);
  await expect(page.getByRole("banner")).toContainText("Up to date");
  const rows = await page.evaluate(countRows);

  mode = "deliver";
  await steps.nudge(page);
  await expect.poll(() => delivered).toBe(1);
  await steps.nudge(page);
  await expect(page.getByRole("banner")).toContainText("Up to date");
  await expect(link).toHaveCount(0);
  expect(await page.evaluate(countRows)).toBe(rows);
  await page.reload();
  await steps.unlock(page);
  await steps.goTo(page, "Caseload");
  await expect(steps.clients(page).first()).toBeVisible();
  await expect(link).toHaveCount(0);
});
