// Making a browser a device that works without a signal, and saying plainly what the browser promised.
import * as steps from "../support/steps.ts";
import { expect, test } from "../support/test.ts";

const IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1";

test("where the browser promises to keep the storage, the page says so", async ({ phone }) => {
  await phone.grantPersistentStorage();
  const page = await steps.enrol(phone);
  await expect(page.getByText("The browser promised to keep this storage")).toBeVisible();
  expect(await page.evaluate(() => navigator.storage.persisted())).toBe(true);
});

test("where the browser does not promise it, the page says what that means for unsent notes", async ({ phone }) => {
  const page = await steps.enrol(phone);
  await expect(page.getByText("The browser did not promise to keep this storage")).toBeVisible();
  await expect(page.getByText("with notes that are not sent yet")).toBeVisible();
});

test("on an iPhone a tab is not set up: the page tells how to install the app", async ({ turnOn }) => {
  const { page } = await turnOn({ userAgent: IPHONE });
  await steps.signIn(page);
  await steps.goTo(page, "On this device");
  await page.getByRole("link", { name: "Set up this device", exact: true }).click();
  await expect(page.getByText("Add to Home Screen")).toBeVisible();
  await expect(page.getByLabel("Passphrase", { exact: true })).toHaveCount(0);
});

test("a weak or unequal passphrase is not taken", async ({ phone }) => {
  const page = phone.page;
  await steps.signIn(page);
  await steps.untilAlive(page);
  await steps.goTo(page, "On this device");
  await page.getByRole("link", { name: "Set up this device", exact: true }).click();
  const tryWith = async (passphrase: string, confirmed: string, words: string) => {
    await page.getByLabel("Passphrase", { exact: true }).fill(passphrase);
    await page.getByLabel("Confirm passphrase", { exact: true }).fill(confirmed);
    await page.getByRole("button", { name: "Set up this device", exact: true }).click();
    await expect(page.getByRole("alert")).toContainText(words);
  };
  await tryWith("", "", "Enter a passphrase");
  await tryWith("123456", "123456", "12 characters or more");
  await tryWith(steps.PASSPHRASE, `${steps.PASSPHRASE}s`, "must be the same");
  expect(await page.evaluate(async () => (await indexedDB.databases()).length)).toBe(0);
});
