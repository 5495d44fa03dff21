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

test("a device has a name, guessed at first, by which it is found when it is lost; one of old is known by its day", async ({ office, phone }) => {
  const page = phone.page;
  await steps.signIn(page);
  await steps.untilAlive(page);
  await steps.goTo(page, "On this device");
  await page.getByRole("link", { name: "Set up this device", exact: true }).click();
  await expect(page.getByLabel("Name of this device")).toHaveValue("Linux computer");
  await page.getByLabel("Name of this device").fill("Maria's blue tablet");
  await page.getByLabel("Passphrase", { exact: true }).fill(steps.PASSPHRASE);
  await page.getByLabel("Confirm passphrase", { exact: true }).fill(steps.PASSPHRASE);
  await page.getByRole("button", { name: "Set up this device", exact: true }).click();
  await expect(page.getByText("This device is set up")).toBeVisible();
  await steps.openMore(page, "Sessions and devices");
  await expect(page.getByRole("heading", { name: "Maria's blue tablet" })).toBeVisible();
  // One that was set up before names were asked for.
  await office.database.rows("update devices set label = ''");
  await page.reload();
  await steps.unlock(page);
  await steps.openMore(page, "Sessions and devices");
  await expect(page.getByRole("heading", { name: /^Device set up on \d+ [A-Z][a-z]+ \d{4}$/ })).toBeVisible();
});

test("a passphrase that is guessed soon is not taken, and one is made on demand", async ({ phone }) => {
  const page = phone.page;
  await steps.signIn(page);
  await steps.untilAlive(page);
  await steps.goTo(page, "On this device");
  await page.getByRole("link", { name: "Set up this device", exact: true }).click();
  const [passphrase, again] = [page.getByLabel("Passphrase", { exact: true }), page.getByLabel("Confirm passphrase", { exact: true })];
  const weak = {
    aaaaaaaaaaaaaaaa: "Repeating makes a passphrase hardly stronger",
    abcdefghijklmnop: "Rows such as abc or 6543 are guessed first",
    "qwertyuiop[]": "Keys that lie in a row are guessed first",
    password1234: "Many people use this passphrase",
  };
  for (const [typed, words] of Object.entries(weak)) {
    await passphrase.fill(typed);
    await again.fill(typed);
    await page.getByRole("button", { name: "Set up this device", exact: true }).click();
    await expect(page.getByRole("alert")).toContainText(words);
  }
  expect(await page.evaluate(async () => (await indexedDB.databases()).length)).toBe(0);
  await page.getByRole("button", { name: "Make one for me" }).click();
  await expect(page.getByText("Six words drawn by chance")).toBeVisible();
  await expect(page.getByRole("alert")).toHaveCount(0);
  const made = await passphrase.inputValue();
  expect(made.split(" ")).toHaveLength(6);
  await expect(again).toHaveValue(made);
  await expect(page.getByText(made, { exact: true })).toBeVisible();
  await page.getByRole("button", { name: "Make one for me" }).click();
  await expect(passphrase).not.toHaveValue(made);
  const second = await passphrase.inputValue();
  await page.getByRole("button", { name: "Set up this device", exact: true }).click();
  await expect(page.getByText("This device is set up")).toBeVisible();
  await steps.untilShellIsKept(page);
  await page.reload();
  await steps.unlock(page, second);
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
