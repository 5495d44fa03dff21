// The evening before: tomorrow's visits are made ready on the device, and the light is green only for what was found on its disk.
import { keysOf, sealedPages, tamper } from "../support/disk.ts";
import * as steps from "../support/steps.ts";
import { expect, test } from "../support/test.ts";

const READY = "Ready without a signal";

test("tomorrow's visits are ready once they lie on the disk, and what is read at the door needs no signal", async ({ office, phone }) => {
  await steps.planVisits(office, 0);
  const page = phone.page;
  await steps.signIn(page);
  // Nothing is kept in this browser yet: no light, green or other.
  await expect(page.getByText(READY)).toHaveCount(0);
  await steps.setUpDevice(page);
  await steps.untilShellIsKept(page);
  await steps.nudge(page);
  await steps.goTo(page, "Today");
  const first = page.getByRole("listitem").filter({ hasText: READY }).first();
  await expect(first).toBeVisible();
  await phone.cutNetwork();
  await first.getByRole("link", { name: /^Before you knock/ }).click();
  await expect(page.getByRole("heading", { level: 2, name: "Who lives there" })).toBeVisible();
  await expect(page.getByRole("heading", { level: 2, name: "You promised" })).toBeVisible();
  await expect(page.getByText(READY)).toBeVisible();
  await page.reload();
  await steps.unlock(page);
  await expect(page.getByRole("heading", { level: 2, name: "Who lives there" })).toBeVisible();
  await expect(page.getByText(READY)).toBeVisible();
});

test("what is missing or damaged on the disk is written anew before the light is green", async ({ office, phone }) => {
  await steps.planVisits(office, 0);
  const page = await steps.enrol(phone);
  await steps.goTo(page, "Today");
  await steps.nudge(page);
  await expect(page.getByText(READY).first()).toBeVisible();
  // The disk loses what it was given, and nobody says so.
  expect(await page.evaluate(tamper, "flip" as const)).toBeGreaterThan(2);
  const damaged = await page.evaluate(sealedPages);
  // Something new is kept: what was found before does not hold any more.
  await page.getByRole("link", { name: /^Write note/ }).first().click();
  const words = steps.marker();
  await page.getByLabel("Narrative").fill(words);
  await steps.sign(page);
  await expect(steps.note(page, words)).toContainText(/Received|Safe/);
  await steps.goTo(page, "Today");
  const ready = page.getByRole("listitem").filter({ hasText: READY });
  await expect(ready.first()).toBeVisible();
  const link = ready.first().getByRole("link").first();
  const name = (await link.innerText()).trim();
  const caseId = (await link.getAttribute("href"))?.replace("/clients/", "");
  const scopeId = await office.database.value<string>("select scope_id from cases where case_id = $1", [caseId]);
  // The light is still the one from before until this device has looked again.
  const stillDamaged = (pages: Record<string, string>) => Object.keys(pages).filter((key) => key.startsWith(scopeId) && pages[key] === damaged[key]);
  expect(stillDamaged(damaged).length).toBeGreaterThan(0);
  await expect.poll(() => page.evaluate(sealedPages).then(stillDamaged)).toEqual([]);
  await expect.poll(() => page.evaluate(keysOf, "rows").then((keys) => keys.length)).toBeGreaterThan(2);
  await phone.cutNetwork();
  await page.reload();
  await steps.unlock(page);
  await steps.goTo(page, "Today");
  await expect(page.getByRole("link", { name, exact: true }).first()).toBeVisible();
});
