// How long a device may do without the server: said before it ends, and then its clients are closed until the next contact.
import { setClock } from "../support/clock.ts";
import * as steps from "../support/steps.ts";
import { expect, test } from "../support/test.ts";

const HOUR_MS = 3_600_000;

test("a device says how long it may do without the server, closes its clients, and opens them at the next contact", async ({ office, phone }) => {
  const page = await steps.enrol(phone);
  await steps.openClient(page);
  const words = steps.marker();
  await phone.cutNetwork();
  await steps.writeAndSign(page, words);
  await expect(steps.note(page, words)).toContainText("Saved on this phone");
  await expect(page.getByText("Connect soon")).toHaveCount(0);
  await steps.openOutbox(page);
  await expect(page.getByText("Time left without the server")).toBeVisible();
  await expect(page.getByText("Last full copy")).toBeVisible();

  await letPass(25);
  await expect(page.getByText("Restricted notes are closed until you connect")).toBeVisible();
  await steps.openClient(page);
  await letPass(73);
  await expect(page.getByRole("heading", { name: "Closed until the next contact" })).toBeVisible();
  await steps.goTo(page, "Caseload");
  await expect(steps.clients(page)).toHaveCount(0);
  await steps.openOutbox(page);
  await expect(page.getByText("Saved on this phone").first()).toBeVisible();
  // To set the clock back gains no time.
  await letPass(1);
  await steps.goTo(page, "Caseload");
  await expect(page.getByRole("heading", { name: "Closed until the next contact" })).toBeVisible();

  await phone.restoreNetwork();
  await page.getByRole("button", { name: "Try now" }).click();
  await expect(steps.clients(page).first()).toBeVisible();
  await steps.expectOneNote(office, words);

  /** The phone lies in a drawer until so many hours after it was set up. */
  async function letPass(hours: number): Promise<void> {
    await phone.context.addInitScript(setClock, hours * HOUR_MS);
    await page.reload();
    await steps.unlock(page);
  }
});

test("where the agency lets no device keep anything, setting up says so and the app works online", async ({ office, phone }) => {
  await office.database.rows("update device_policies set offline_storage = false");
  const page = phone.page;
  await steps.signIn(page);
  await steps.untilAlive(page);
  await expect(page.getByRole("banner")).toContainText("Up to date");
  await steps.goTo(page, "On this device");
  await expect(page.getByRole("link", { name: "Set up this device" })).toHaveCount(0);
  await page.goto("/device/set-up");
  await expect(page.getByText("Your agency does not let devices keep clients' data")).toBeVisible();
  await steps.openClient(page);
  const words = steps.marker();
  await steps.writeAndSign(page, words);
  await steps.expectOneNote(office, words);
});
