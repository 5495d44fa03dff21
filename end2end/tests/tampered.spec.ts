// Somebody changed what lies sealed on the disk.
import { countRows, tamper } from "../support/disk.ts";
import * as steps from "../support/steps.ts";
import { expect, test } from "../support/test.ts";

for (const how of ["swap", "flip"] as const) {
  const what = how === "swap" ? "exchanged for each other" : "changed by one bit";
  test(`fault 37: rows that were ${what} do not open, and are fetched anew`, async ({ office, phone }) => {
    const page = await steps.enrol(phone);
    await steps.goTo(page, "Caseload");
    await expect(page.getByRole("banner")).toContainText("Up to date");
    const clients = await steps.clients(page).count();
    const caseId = await steps.openClient(page);
    await phone.cutNetwork();
    const words = steps.marker();
    await steps.writeAndSign(page, words);
    await expect(steps.note(page, words)).toContainText("Saved on this phone");
    const rows = await page.evaluate(countRows);
    expect(await page.evaluate(tamper, how)).toBe(rows);

    // Without a connection nothing false is shown, and what was written is still there.
    await page.goto("/caseload");
    await steps.unlock(page);
    await expect(steps.clients(page)).toHaveCount(0);
    await steps.openOutbox(page);
    await expect(page.getByText(/^Saved on this phone/)).toHaveCount(1);

    await phone.restoreNetwork();
    await steps.expectOneNote(office, words);
    await steps.goTo(page, "Caseload");
    await expect(steps.clients(page)).toHaveCount(clients);
    await expect.poll(() => page.evaluate(countRows)).toBe(rows);
    await page.goto(`/clients/${caseId}`);
    await steps.unlock(page);
    await expect(steps.note(page, words)).toContainText(/Received|Safe/);
  });
}
