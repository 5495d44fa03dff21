// Passkeys in the browser: to sign in, as the second factor that an agency asks for, and to prove who one is.
import type { Page } from "@playwright/test";
import { Authenticator, byName } from "../support/authenticator.ts";
import type { Device } from "../support/device.ts";
import type { Office } from "../support/office.ts";
import * as steps from "../support/steps.ts";
import { expect, test } from "../support/test.ts";

/** Every proof is older than five minutes now. */
const GROW_OLD = "update sessions set proved_at = now() - interval '1 hour'";

/** The agency asks supervisors for more than a password, and nobody's account is new any more. */
async function askSupervisorsForMore(office: Office): Promise<void> {
  await office.database.rows("update security_policies set second_factor_roles = '{supervisor}'");
  await office.database.rows("update workers set created_at = created_at - interval '15 days'");
}

async function openPasskeys(page: Page): Promise<void> {
  await steps.openMore(page, "Passkeys");
}

async function addPasskey(page: Page, name: string): Promise<void> {
  await page.getByLabel("Name of the passkey").fill(name);
  await page.getByRole("button", { name: "Add a passkey" }).click();
}

async function signOut(page: Page): Promise<void> {
  await steps.goTo(page, "On this device");
  await page.getByRole("button", { name: "Sign out" }).click();
  await expect(page.getByRole("button", { name: "Sign in with a passkey" })).toBeVisible();
  await steps.untilAlive(page);
}

function expectRefusals(device: Device): void {
  device.expectComplaint(/status of 40[13]/, "the server asks for a proof, or does not know a passkey");
}

test("a passkey is added and signs in; where it is not given or not known, the page says so and the password works", async ({ office, turnOn }) => {
  const phone = await turnOn({ baseURL: byName(office) });
  expectRefusals(phone);
  const page = phone.page;
  const authenticator = await Authenticator.putInto(phone);
  await steps.signIn(page);
  await steps.untilAlive(page);
  await openPasskeys(page);
  await expect(page.getByText("You have none yet.")).toBeVisible();
  await page.getByLabel("Name of the passkey").fill("");
  await page.getByRole("button", { name: "Add a passkey" }).click();
  await expect(page.getByRole("alert")).toContainText("Enter a name for the passkey");
  await addPasskey(page, "My phone");
  await expect(page.getByText("Passkey added")).toBeVisible();
  await expect(page.getByRole("listitem").filter({ hasText: "My phone" })).toContainText("not used yet");
  expect(await authenticator.countPasskeys()).toBe(1);
  // The same authenticator has one already.
  await addPasskey(page, "My phone again");
  await expect(page.getByRole("alert")).toContainText("This device has a passkey of yours already");

  await signOut(page);
  await page.getByRole("button", { name: "Sign in with a passkey" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Today" })).toBeVisible();
  await openPasskeys(page);
  await expect(page.getByRole("listitem").filter({ hasText: "My phone" })).toContainText("last used Today");

  await signOut(page);
  await office.database.rows("update passkeys set revoked_at = now(), revoked_by = worker_id");
  await page.getByRole("button", { name: "Sign in with a passkey" }).click();
  await expect(page.getByRole("alert")).toContainText("Doorstep does not know this passkey");
  await authenticator.recognise(false);
  await page.getByRole("button", { name: "Sign in with a passkey" }).click();
  await expect(page.getByRole("alert")).toContainText("No passkey was used: it was cancelled");
  await steps.fillSignIn(page, steps.MARIA);
  await expect(page.getByRole("heading", { level: 1, name: "Today" })).toBeVisible();
});

test("a browser without passkeys says so, and one without an answer in time too", async ({ office, turnOn }) => {
  const phone = await turnOn({ baseURL: byName(office) });
  const page = phone.page;
  const authenticator = await Authenticator.putInto(phone);
  await authenticator.touch(false);
  await page.goto("/sign-in");
  await steps.untilAlive(page);
  await page.evaluate(() => {
    const parse = PublicKeyCredential.parseRequestOptionsFromJSON.bind(PublicKeyCredential);
    // Nobody has to wait five minutes for this test.
    PublicKeyCredential.parseRequestOptionsFromJSON = (options) => ({ ...parse(options), timeout: 500 });
  });
  await page.getByRole("button", { name: "Sign in with a passkey" }).click();
  await expect(page.getByRole("alert")).toContainText("No passkey was used in time");
  await page.evaluate(() => Reflect.deleteProperty(window, "PublicKeyCredential"));
  await page.getByRole("button", { name: "Sign in with a passkey" }).click();
  await expect(page.getByRole("alert")).toContainText("This browser cannot use passkeys here");
});

test("where the agency asks for more, a supervisor adds a first passkey at sign-in and shows it from then on", async ({ office, turnOn }) => {
  await askSupervisorsForMore(office);
  const desk = await turnOn({ baseURL: byName(office) });
  expectRefusals(desk);
  const page = desk.page;
  const authenticator = await Authenticator.putInto(desk);
  await page.goto("/sign-in");
  await steps.untilAlive(page);
  await steps.fillSignIn(page, steps.RUTH);
  await expect(page.getByRole("heading", { level: 1, name: "A passkey is needed" })).toBeVisible();
  // The page that the server draws says the same, and comes alive.
  await page.goto("/caseload");
  await steps.untilAlive(page);
  await expect(page.getByRole("heading", { level: 1, name: "A passkey is needed" })).toBeVisible();
  await addPasskey(page, "The desk in the office");
  await expect(page.getByRole("navigation", { name: "Main" })).toBeVisible();
  await expect(steps.clients(page).first()).toBeVisible();
  expect(await authenticator.countPasskeys()).toBe(1);

  // The last one stays.
  await openPasskeys(page);
  await expect(page.getByText("so the last one stays")).toBeVisible();
  await expect(page.getByRole("button", { name: /^Remove/ })).toHaveCount(0);

  // From now on the password alone leads to the passkey, and no further.
  await signOut(page);
  await steps.fillSignIn(page, steps.RUTH);
  await page.getByRole("button", { name: "Use your passkey" }).click();
  await expect(page.getByRole("navigation", { name: "Main" })).toBeVisible();
  await signOut(page);
  await page.getByRole("button", { name: "Sign in with a passkey" }).click();
  await expect(page.getByRole("navigation", { name: "Main" })).toBeVisible();
  expect(await office.database.value("select count(*)::int from sessions where ended_at is null and not second_factor")).toBe(0);
});

test("a rule that begins while somebody works asks for the passkey on the page, and what was written goes out after it", async ({ office, turnOn }) => {
  const desk = await turnOn({ baseURL: byName(office) });
  expectRefusals(desk);
  const page = await steps.enrol(desk, steps.RUTH);
  await Authenticator.putInto(desk);
  await askSupervisorsForMore(office);
  await steps.openClient(page);
  const words = steps.marker();
  await steps.writeAndSign(page, words);
  await expect(page.getByText("Your agency asks for your passkey.")).toBeVisible();
  await expect(steps.note(page, words)).toContainText("Saved on this phone");
  await addPasskey(page, "My tablet");
  await expect(steps.note(page, words)).toContainText(/Received|Safe/);
  await expect(page.getByText("Your agency asks for your passkey.")).toHaveCount(0);
  await steps.expectOneNote(office, words);
});

test("a fresh proof is given with a passkey; a password alone does not take a passkey away", async ({ office, turnOn }) => {
  const phone = await turnOn({ baseURL: byName(office) });
  expectRefusals(phone);
  const page = phone.page;
  await Authenticator.putInto(phone);
  await steps.signIn(page);
  await steps.untilAlive(page);
  await openPasskeys(page);
  await addPasskey(page, "My phone");
  await expect(page.getByText("Passkey added")).toBeVisible();

  // Somebody who saw the password signs in with it, and tries.
  await signOut(page);
  await steps.signIn(page);
  await openPasskeys(page);
  await office.database.rows(GROW_OLD);
  const remove = async (): Promise<void> => {
    await page.getByRole("button", { name: /^Remove/ }).click();
    await expect(page.getByText("This cannot be undone.")).toBeVisible();
    await page.getByRole("button", { name: /^Yes, remove it/ }).click();
  };
  await remove();
  await page.getByLabel("Your password", { exact: true }).fill(steps.PASSWORD);
  await page.getByRole("button", { name: "Go on" }).click();
  await expect(page.getByText("Your password was right. For this, your passkey is needed too")).toBeVisible();
  await expect(page.getByLabel("Your password", { exact: true })).toHaveCount(0);
  expect(await office.database.value("select count(*)::int from passkeys where revoked_at is not null")).toBe(0);
  await page.getByRole("button", { name: "Use your passkey" }).click();
  await expect(page.getByText("Passkey removed")).toBeVisible();
  await expect(page.getByText("You have none yet.")).toBeVisible();
  expect(await office.database.value("select count(*)::int from passkeys where revoked_at is not null")).toBe(1);
});
