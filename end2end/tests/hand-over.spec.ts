// A supervisor hands a case over, and decides about what its former worker sent too late.
import * as steps from "../support/steps.ts";
import { expect, test } from "../support/test.ts";

test("a case is handed over on its page, leaves the old device, and a late change is decided by name", async ({ office, phone, turnOn }) => {
  const page = await steps.enrol(phone);
  const caseId = await steps.openClient(page);
  await expect(page.getByRole("link", { name: "Hand over" })).toHaveCount(0);
  await phone.cutNetwork();
  const words = steps.marker();
  await steps.writeAndSign(page, words);
  const alert = steps.marker();
  await page.getByRole("link", { name: "Edit client", exact: true }).click();
  await page.getByRole("button", { name: "Add an alert" }).click();
  await page.getByLabel("What one must know before knocking").last().fill(alert);
  await page.getByRole("button", { name: "Save changes" }).click();
  await expect(page.getByText("Change saved")).toBeVisible();

  const desk = await turnOn();
  await steps.signIn(desk.page, steps.RUTH);
  await desk.page.goto(`/clients/${caseId}`);
  await steps.untilAlive(desk.page);
  await desk.page.getByRole("link", { name: "Hand over", exact: true }).click();
  await desk.page.getByRole("button", { name: "Hand over" }).click();
  await expect(desk.page.getByRole("alert")).toContainText("Choose who takes the case");
  await desk.page.getByLabel("New worker").selectOption({ label: await workerName(steps.OMAR) });
  await desk.page.getByLabel("Reason", { exact: true }).fill("Closer to his other clients.");
  await desk.page.getByRole("button", { name: "Hand over" }).click();
  await expect(desk.page.getByText("Case handed over")).toBeVisible();
  const holder = "select w.email from cases c join workers w on w.agency_id = c.agency_id and w.worker_id = c.primary_worker_id where case_id = $1";
  await expect.poll(() => office.database.value(holder, [caseId])).toBe(steps.OMAR);

  await phone.restoreNetwork();
  await steps.goTo(page, "Caseload");
  await expect(page.locator(`a[href="/clients/${caseId}"]`)).toHaveCount(0);
  await steps.openOutbox(page);
  await expect(page.getByText("Needs attention")).toBeVisible();

  await desk.page.getByRole("link", { name: /^Reviews/ }).click();
  await expect(desk.page.getByRole("heading", { name: "Late notes" })).toBeVisible();
  await desk.page.getByRole("link", { name: "Change of a client's details" }).click();
  await expect(desk.page.getByRole("region", { name: "As it was written" })).toContainText(alert);
  await desk.page.getByLabel("File it as it was written").check();
  await desk.page.getByLabel("Reason", { exact: true }).fill("She saw the dog.");
  await desk.page.getByRole("button", { name: "Decide", exact: true }).click();
  await expect(desk.page.getByText("Nothing waits.")).toBeVisible();
  await desk.page.goto(`/clients/${caseId}`);
  await steps.untilAlive(desk.page);
  await expect(desk.page.getByText(alert)).toBeVisible();
  await expect(steps.note(desk.page, words)).toContainText("Arrived after the case changed hands");
  const decided = "select w.email from reviews r join workers w on w.agency_id = r.agency_id and w.worker_id = r.decided_by where reason = $1";
  expect(await office.database.value(decided, ["She saw the dog."])).toBe(steps.RUTH);

  async function workerName(email: string): Promise<string> {
    return await office.database.value<string>("select name from workers where email = $1", [email]);
  }
});

test("who may not hand over is told who does", async ({ phone }) => {
  const page = phone.page;
  await steps.signIn(page);
  await steps.untilAlive(page);
  const caseId = await steps.openClient(page);
  await page.goto(`/clients/${caseId}/hand-over`);
  await steps.untilAlive(page);
  await expect(page.getByRole("heading", { name: "Not for your role" })).toBeVisible();
});
