// Two people change the same client: what does not contradict is merged; where it could hurt somebody, a person decides.
import type { Page } from "@playwright/test";
import * as steps from "../support/steps.ts";
import { expect, test } from "../support/test.ts";

async function openEdit(page: Page): Promise<void> {
  await page.getByRole("link", { name: "Edit client", exact: true }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Edit client" })).toBeVisible();
}

async function save(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Save changes" }).click();
  await expect(page.getByText("Change saved")).toBeVisible();
}

test("a client's name and a new phone are changed without a signal", async ({ office, phone }) => {
  const page = await steps.enrol(phone);
  const caseId = await steps.openClient(page);
  await phone.cutNetwork();
  await openEdit(page);
  const name = steps.marker().split(" ")[0];
  await page.getByLabel("Name to say at the door (optional)").fill(name);
  await page.getByRole("button", { name: "Add a phone" }).click();
  await page.getByRole("button", { name: "Save changes" }).click();
  await expect(page.getByRole("alert")).toContainText("Enter the phone number, or remove this phone");
  await page.getByLabel("Phone number").last().fill("(555) 014-7788");
  await save(page);
  await expect(page.getByRole("heading", { level: 1 })).toContainText(name);
  await expect(page.getByRole("link", { name: "(555) 014-7788" })).toBeVisible();
  await phone.restoreNetwork();
  const stored = "select p.preferred_name from persons p join cases c using (agency_id, person_id) where c.case_id = $1";
  await expect.poll(() => office.database.value(stored, [caseId])).toBe(name);
});

test("what a colleague changed elsewhere is merged, and what is safety-critical waits for the supervisor", async ({ office, phone, turnOn }) => {
  const page = await steps.enrol(phone);
  const caseId = await steps.openClient(page);
  await phone.cutNetwork();
  await openEdit(page);
  const alert = steps.marker();
  const preferred = steps.marker().split(" ")[0];
  await page.getByLabel("Name to say at the door (optional)").fill(preferred);
  await page.getByRole("button", { name: "Add an alert" }).click();
  await page.getByLabel("What one must know before knocking").last().fill(alert);
  await save(page);

  const desk = await turnOn();
  await steps.signIn(desk.page, steps.RUTH);
  await steps.untilAlive(desk.page);
  await desk.page.goto(`/clients/${caseId}`);
  await steps.untilAlive(desk.page);
  await openEdit(desk.page);
  const reason = steps.marker();
  await desk.page.getByLabel("Reason for the risk (optional)").fill(reason);
  await save(desk.page);
  const stored = "select risk_reason from cases where case_id = $1";
  await expect.poll(() => office.database.value(stored, [caseId])).toBe(reason);

  await phone.restoreNetwork();
  await expect(page.getByText("Under review")).toBeVisible();
  await expect(page.getByRole("heading", { level: 1 })).toContainText(preferred);
  await expect(page.getByText(alert)).toHaveCount(0);
  await page.getByRole("link", { name: /Risk and alerts.*yours/ }).click();
  await expect(page.getByRole("region", { name: "What the author wants" })).toContainText(alert);
  await expect(page.getByText("A supervisor decides.")).toBeVisible();

  await expect(desk.page.getByRole("link", { name: /^Reviews 1 waiting/ })).toBeVisible();
  await desk.page.getByRole("link", { name: /^Reviews/ }).click();
  await desk.page.getByRole("link", { name: "Risk and alerts: two changes" }).click();
  await expect(desk.page.getByRole("region", { name: "What the author wants" })).toContainText(alert);
  await expect(desk.page.getByRole("region", { name: "What the author wants" })).toContainText("María");
  await expect(desk.page.getByRole("region", { name: "What stands there now" })).toContainText(reason);
  await desk.page.getByLabel("Take what the author wants").check();
  await desk.page.getByRole("button", { name: "Decide", exact: true }).click();
  await expect(desk.page.getByRole("alert")).toContainText("Enter a reason");

  // The caseload changes around the form: the page says so, the form stays as it is.
  const form = desk.page.locator("form");
  await form.evaluate((element) => void (element.dataset.sameForm = "yes"));
  await steps.openClient(page);
  await openEdit(page);
  const later = steps.marker().split(" ")[0];
  await page.getByLabel("Name to say at the door (optional)").fill(later);
  await save(page);
  await steps.openClient(page);
  await page.getByRole("link", { name: /Risk and alerts.*yours/ }).click();
  await expect(desk.page.getByRole("definition").filter({ hasText: later })).toBeVisible();
  await expect(form).toHaveAttribute("data-same-form", "yes");
  await expect(desk.page.getByRole("alert")).toContainText("Enter a reason");
  await expect(desk.page.getByLabel("Take what the author wants")).toBeChecked();

  await desk.page.getByLabel("Reason", { exact: true }).fill("She was there.");
  await desk.page.getByRole("button", { name: "Decide", exact: true }).click();
  await expect(desk.page.getByText("Decision saved")).toBeVisible();
  await expect(desk.page.getByText("Nothing waits.")).toBeVisible();
  await expect(desk.page.getByRole("link", { name: /^Reviews$/ })).toBeVisible();

  await expect(page.getByText("She was there.")).toBeVisible();
  await steps.openClient(page);
  await expect(page.getByText(alert)).toBeVisible();
});
