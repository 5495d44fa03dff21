// Without JavaScript Doorstep is read: the server draws every page with its records.
import { Office, runCommand } from "../support/office.ts";
import { Database, freshName } from "../support/postgres.ts";
import { fillSignIn, goTo, MARIA, RUTH } from "../support/steps.ts";
import { expect, test } from "../support/test.ts";

const UNUSED = /preloaded using link preload but not used/;

test("a worker without JavaScript signs in and reads her caseload", async ({ turnOn }) => {
  const device = await turnOn({ javaScript: false });
  device.expectComplaint(UNUSED, "without JavaScript the program is fetched and not started");
  const page = device.page;
  await page.goto("/caseload");
  await fillSignIn(page, MARIA);
  await expect(page.getByRole("heading", { level: 1, name: "Today" })).toBeVisible();
  await goTo(page, "Caseload");
  const client = page.locator('a[href^="/clients/"]').first();
  const name = (await client.locator("strong").textContent()) ?? "";
  await client.click();
  await expect(page.getByRole("heading", { level: 1 })).toContainText(name.trim());
  await expect(page.getByRole("heading", { name: "Notes" })).toBeVisible();
  await expect(page.getByRole("listitem").filter({ hasText: "Reached: " }).first()).toBeVisible();
});

test("a wrong password without JavaScript keeps the e-mail and says what to do", async ({ turnOn }) => {
  const device = await turnOn({ javaScript: false });
  device.expectComplaint(/status of 401/, "the server answers a wrong password with 401");
  device.expectComplaint(UNUSED, "without JavaScript the program is fetched and not started");
  const page = device.page;
  await page.goto("/sign-in");
  await fillSignIn(page, MARIA, "not-the-password");
  await expect(page.getByRole("alert")).toContainText("Email and password do not belong together");
  await expect(page.getByLabel("Email", { exact: true })).toHaveValue(MARIA);
  await expect(page.getByLabel("Password", { exact: true })).toHaveValue("");
});

test("a long caseload is drawn to its end for whoever has no script", async ({ turnOn }) => {
  const database = await Database.create(freshName("long"));
  await runCommand(database.url, "demo", "--clients", "20", "--notes", "1", "--seed", "7");
  const office = await Office.open(database);
  try {
    const device = await turnOn({ javaScript: false, baseURL: office.url });
    device.expectComplaint(UNUSED, "without JavaScript the program is fetched and not started");
    const page = device.page;
    await page.goto("/caseload");
    // A supervisor sees them all.
    await fillSignIn(page, RUTH);
    await goTo(page, "Caseload");
    const lines = page.locator(".client-list > li");
    await expect(lines).toHaveCount(15);
    await page.getByRole("link", { name: "Show all clients" }).click();
    await expect(lines).toHaveCount(20);
  } finally {
    await office.close();
  }
});
