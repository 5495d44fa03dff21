// What belongs to the worker: sessions and devices, the password, emergencies, and what an administrator sets.
import type { Page } from "@playwright/test";
import { EMPTIED, openLostDevice, sayLost } from "../support/lost.ts";
import * as steps from "../support/steps.ts";
import { expect, test } from "../support/test.ts";

/** Every proof is older than five minutes now. */
const GROW_OLD = "update sessions set proved_at = now() - interval '1 hour'";

async function prove(page: Page): Promise<void> {
  await page.getByLabel("Your password", { exact: true }).fill(steps.PASSWORD);
  await page.getByRole("button", { name: "Go on" }).click();
}

test("a worker sees where she is signed in and ends it", async ({ office, phone, turnOn }) => {
  const page = phone.page;
  await steps.signIn(page);
  await steps.untilAlive(page);
  const other = await turnOn();
  await steps.signIn(other.page);
  await steps.openMore(page, "Sessions and devices");
  await expect(page.getByText("This one")).toHaveCount(1);
  other.expectComplaint(/status of 401/, "the session was ended, and the server says so");
  await page.getByRole("button", { name: /^End the session in/ }).click();
  await expect(page.getByRole("button", { name: /^End the session in/ })).toHaveCount(0);
  expect(await office.database.value("select count(*)::int from sessions where ended_at is not null")).toBe(1);
  await steps.nudge(other.page);
  await expect(other.page.getByText("Your session has ended")).toBeVisible();
});

test("what is asked while another answer is on its way waits for its turn", async ({ office, phone, turnOn }) => {
  const page = phone.page;
  await steps.signIn(page);
  await steps.untilAlive(page);
  for (const other of [await turnOn(), await turnOn()]) {
    await steps.signIn(other.page);
    other.expectComplaint(/status of 401/, "the session was ended, and the server says so");
  }
  let letGo = () => {};
  const held = new Promise<void>((done) => (letGo = done));
  await page.route("**/office/v1/devices", async (route) => {
    await held;
    await route.continue();
  });
  await steps.openMore(page, "Sessions and devices");
  const end = page.getByRole("button", { name: /^End the session in/ });
  await end.nth(0).click();
  await end.nth(1).click();
  await end.nth(0).click();
  const ended = () => office.database.value("select count(*)::int from sessions where ended_at is not null");
  expect(await ended()).toBe(0);
  letGo();
  await expect(end).toHaveCount(0);
  expect(await ended()).toBe(2);
});

test("a supervisor reports a worker's device as lost, after proving who she is", async ({ office, phone, turnOn }) => {
  const page = await steps.enrol(phone);
  const desk = await turnOn();
  await steps.signIn(desk.page, steps.RUTH);
  await steps.untilAlive(desk.page);
  await office.database.rows(GROW_OLD);
  phone.expectComplaint(/status of 40[13]/, "the session of a lost device was ended");
  desk.expectComplaint(/status of 403/, "the server asks for a fresh proof");
  await openLostDevice(desk.page, office);
  await sayLost(desk.page);
  await prove(desk.page);
  await expect(desk.page.getByText("Lost: wipes itself at its next contact")).toBeVisible();
  expect(await office.database.value("select count(*)::int from devices where lost_at is not null")).toBe(1);
  await steps.nudge(page);
  await expect(page.getByRole("heading", { name: EMPTIED })).toBeVisible();
});

test("a case is opened in an emergency and judged by a supervisor", async ({ office, phone, turnOn }) => {
  const page = phone.page;
  await steps.signIn(page);
  await steps.untilAlive(page);
  const [foreign] = await office.database.rows<{ case_id: string; number: string; name: string }>(
    `select c.case_id, p.client_number as number, p.family_name as name from cases c join persons p using (agency_id, person_id)
     where p.client_number is not null and primary_worker_id = (select worker_id from workers where email = $1) limit 1`,
    [steps.OMAR],
  );
  await steps.openMore(page, "Emergency access");
  await page.getByRole("button", { name: "Open the case" }).click();
  await expect(page.getByRole("alert")).toContainText("Enter the client's number");
  await page.getByLabel("Client number").fill(foreign.number);
  const reason = steps.marker();
  await page.getByLabel("What is the emergency?").fill(`Gas was smelled. ${reason}`);
  await page.getByRole("button", { name: "Open the case" }).click();
  await expect(page.getByText("The case is open to you")).toBeVisible();
  await page.getByRole("link", { name: "Open the case" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toContainText(foreign.name);

  const desk = await turnOn();
  await steps.signIn(desk.page, steps.RUTH);
  await steps.untilAlive(desk.page);
  await steps.openMore(desk.page, "Emergency access");
  await expect(desk.page.getByText(reason)).toBeVisible();
  // She was told so, too.
  await expect(desk.page.getByRole("link", { name: "More 1 new notices" })).toBeVisible();
  await steps.openMore(desk.page, "Notices");
  const notice = desk.page.getByRole("listitem").filter({ hasText: "A case was opened in an emergency" });
  await expect(notice).toContainText("New");
  await notice.getByRole("button", { name: /^Mark as seen/ }).click();
  await expect(notice).not.toContainText("New");
  await expect(desk.page.getByRole("link", { name: "More", exact: true })).toBeVisible();
  expect(await office.database.value("select count(*)::int from notices where seen_at is not null")).toBe(1);
  await notice.getByRole("link", { name: "See what was opened" }).click();
  await desk.page.getByRole("button", { name: "It was not: end it now" }).click();
  await expect(desk.page.getByText("Not justified")).toBeVisible();
  await steps.nudge(page);
  await expect(page.getByRole("heading", { name: "There is nothing here for you" })).toBeVisible();
});

test("a password is changed, and only the new one signs in", async ({ phone }) => {
  phone.expectComplaint(/status of 401/, "a wrong password is answered with 401");
  const page = phone.page;
  await steps.signIn(page);
  await steps.untilAlive(page);
  await steps.openMore(page, "Change password");
  const change = async (current: string, fresh: string): Promise<void> => {
    await page.getByLabel("Current password", { exact: true }).fill(current);
    await page.getByLabel("New password", { exact: true }).fill(fresh);
    await page.getByLabel("New password again", { exact: true }).fill(fresh);
    await page.getByRole("button", { name: "Change password" }).click();
  };
  await change("not mine at all", "tea kettle on the stove");
  await expect(page.getByRole("alert")).toContainText("This is not your password");
  await change(steps.PASSWORD, "password1");
  await expect(page.getByRole("alert")).toContainText("Everybody tries this password first");
  await change(steps.PASSWORD, "tea kettle on the stove");
  await expect(page.getByText("Password changed")).toBeVisible();
  await steps.goTo(page, "On this device");
  await page.getByRole("button", { name: "Sign out" }).click();
  await expect(page.getByRole("button", { name: "Sign in", exact: true })).toBeVisible();
  await steps.untilAlive(page);
  await steps.fillSignIn(page, steps.MARIA, "tea kettle on the stove");
  await expect(page.getByRole("heading", { level: 1, name: "Today" })).toBeVisible();
});

test("an administrator switches offline storage off", async ({ office, phone }) => {
  const page = phone.page;
  await steps.signIn(page, steps.ADA);
  await steps.untilAlive(page);
  await steps.openMore(page, "Agency rules");
  await page.getByLabel("Hours without contact until clients are closed").fill("0");
  await page.getByLabel(/^Devices may keep clients' data/).uncheck();
  await page.getByRole("button", { name: "Save rules" }).click();
  await expect(page.getByRole("alert")).toContainText("Hours without contact must be a number from 1 to 720");
  await page.getByLabel("Hours without contact until clients are closed").fill("48");
  await page.getByRole("button", { name: "Save rules" }).click();
  await expect(page.getByText("Rules saved")).toBeVisible();
  const [rules] = await office.database.rows("select p.offline_storage, p.lease_hours from device_policies p join workers w using (agency_id) where w.email = $1", [steps.ADA]);
  expect(rules).toEqual({ offline_storage: false, lease_hours: 48 });
});
