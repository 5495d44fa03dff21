// The dense table of a supervisor's desk: sorted, narrowed, with the columns that one wants.
import { readFile } from "node:fs/promises";
import { DESK, PHONE } from "../support/device.ts";
import { expectGood } from "../support/good.ts";
import * as steps from "../support/steps.ts";
import { expect, test } from "../support/test.ts";

test("a supervisor sorts and narrows all cases and chooses the columns", async ({ office, turnOn }) => {
  const { page } = await turnOn({ viewport: DESK });
  await steps.signIn(page, steps.RUTH);
  await steps.goTo(page, "Caseload");
  await page.getByRole("link", { name: "As a table", exact: true }).click();
  const table = page.getByRole("table", { name: "All cases" });
  const cases = Number(await office.database.value("select count(*) from cases"));
  await expect(table.getByRole("row")).toHaveCount(cases + 1);
  await expectGood(page, "all cases as a table");

  const risk = table.getByRole("columnheader", { name: "Risk" });
  await risk.getByRole("button").click();
  await expect(risk).toHaveAttribute("aria-sort", "ascending");
  await risk.getByRole("button").click();
  await expect(risk).toHaveAttribute("aria-sort", "descending");
  await expect(table.getByRole("row").nth(1)).toContainText("High risk");

  const name = await table.getByRole("rowheader").first().innerText();
  await page.getByLabel("Narrow by any words").fill(name);
  await expect(table.getByRole("rowheader").first()).toHaveText(name);
  expect(await table.getByRole("rowheader").count()).toBeLessThan(cases);

  await expect(table.getByRole("columnheader", { name: "Programme" })).toHaveCount(0);
  await page.getByText("Columns", { exact: true }).click();
  await page.getByLabel("Programme").check();
  await expect(table.getByRole("columnheader", { name: "Programme" })).toBeVisible();
  await page.getByLabel("Worker").uncheck();
  await expect(table.getByRole("columnheader", { name: "Worker" })).toHaveCount(0);
  await table.getByRole("rowheader").first().getByRole("link").click();
  await expect(page.getByRole("heading", { level: 1, name })).toBeVisible();
});

test("on a phone the table is moved in its frame and the page stays as wide as the screen", async ({ turnOn }) => {
  const { page } = await turnOn({ viewport: PHONE });
  await steps.signIn(page, steps.RUTH);
  await page.goto("/caseload/table");
  await expect(page.getByRole("table", { name: "All cases" })).toBeVisible();
  await expectGood(page, "all cases as a table on a phone");
});

test("a case manager is not led to the table", async ({ phone }) => {
  await steps.signIn(phone.page);
  await steps.goTo(phone.page, "Caseload");
  await expect(steps.clients(phone.page).first()).toBeVisible();
  await expect(phone.page.getByRole("link", { name: "As a table", exact: true })).toHaveCount(0);
});

test("a supervisor takes what the table shows as a file, is told what that means, and it stands in the audit trail", async ({ office, turnOn }) => {
  const desk = await turnOn({ viewport: DESK });
  desk.expectComplaint(/status of 403/, "the office asks for a proof first");
  const page = desk.page;
  await steps.signIn(page, steps.RUTH);
  await page.goto("/caseload/table");
  await steps.untilAlive(page);
  const table = page.getByRole("table", { name: "All cases" });
  const name = await table.getByRole("rowheader").first().innerText();
  await page.getByLabel("Narrow by any words").fill(name);
  await expect(table.getByRole("rowheader").first()).toHaveText(name);
  const rows = await table.getByRole("rowheader").count();
  await page.getByRole("button", { name: /^Save as a file/ }).click();
  await expect(page.getByText("Whoever has the file can read it")).toBeVisible();
  await expectGood(page, "before a table is saved");
  // The session is not fresh any more: the office asks who it is.
  await office.database.rows("update sessions set proved_at = now() - interval '1 hour'");
  await page.getByRole("button", { name: /^Yes, save it/ }).click();
  const download = page.waitForEvent("download");
  await page.getByLabel("Your password").fill(steps.PASSWORD);
  await page.getByLabel("Your password").press("Enter");
  const file = await download;
  expect(file.suggestedFilename()).toBe("doorstep-cases.csv");
  const lines = (await readFile(await file.path(), "utf8")).trimEnd().split("\r\n");
  expect(lines).toHaveLength(rows + 1);
  expect(lines[0]).toContain('"Name","Worker","Risk"');
  expect(lines[1]).toContain(`"${name}"`);
  const written = "select count(*) from audit_events where action = 'cases.export' and result = 'read' and cardinality(entity_ids) = $1";
  expect(await office.database.value(written, [rows])).toBe("1");
});
