// A signed note never changes. What is added stands below it, and reaches everybody.
import * as steps from "../support/steps.ts";
import { expect, test } from "../support/test.ts";

test("a note is amended without a signal, and original and addition reach PostgreSQL", async ({ office, phone }) => {
  const page = await steps.enrol(phone);
  await steps.openClient(page);
  const words = steps.marker();
  await steps.writeAndSign(page, words);
  await steps.expectOneNote(office, words);

  await phone.cutNetwork();
  await steps.note(page, words).getByRole("link", { name: /^Amend note/ }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Amend note" })).toBeVisible();
  await expect(page.getByRole("region", { name: "The note as it was signed" })).toContainText(words);
  await page.getByRole("button", { name: "Sign addition" }).click();
  await expect(page.getByRole("alert")).toContainText("Enter what you add");
  await page.getByLabel("Correct something").check();
  const right = steps.marker();
  await page.getByLabel("What is right").fill(right);
  await page.getByLabel("Why it has to be corrected").fill("The days were mixed up.");
  await page.getByRole("button", { name: "Sign addition" }).click();

  const card = steps.note(page, words);
  await expect(card.getByRole("region", { name: "Added later" })).toContainText(right);
  await expect(card.getByRole("region", { name: "Added later" })).toContainText("Reason: The days were mixed up.");
  await expect(card.getByRole("region", { name: "Added later" })).toContainText("María");
  await expect(card.getByRole("region", { name: "Added later" })).toContainText("Saved on this phone");
  expect(await office.database.value("select count(*)::int from amendments")).toBe(0);

  await phone.restoreNetwork();
  await expect(card.getByRole("region", { name: "Added later" })).toContainText(/Received|Safe/);
  expect(await office.database.value("select count(*)::int from amendments where strpos(narrative, $1) > 0", [right])).toBe(1);
  await steps.expectOneNote(office, words);
});

test("what is typed on the form to amend is there again after a reload", async ({ phone }) => {
  const page = await steps.enrol(phone);
  await steps.openClient(page);
  const words = steps.marker();
  await steps.writeAndSign(page, words);
  await steps.note(page, words).getByRole("link", { name: /^Amend note/ }).click();
  const half = steps.marker();
  await page.getByLabel("What you add").pressSequentially(half);
  await expect(page.getByText("Draft saved")).toBeVisible();
  await page.reload();
  await steps.unlock(page);
  await expect(page.getByLabel("What you add")).toHaveValue(half);
});

test("a note that was entered in error is marked, folded away and still there", async ({ phone }) => {
  const page = phone.page;
  await steps.signIn(page);
  await steps.untilAlive(page);
  await steps.openClient(page);
  const words = steps.marker();
  await steps.writeAndSign(page, words);
  await steps.note(page, words).getByRole("link", { name: /^Amend note/ }).click();
  await page.getByLabel("Mark the note as entered in error").check();
  await page.getByLabel("Why the note is wrong here").fill("It belongs to her brother.");
  await page.getByRole("button", { name: "Sign addition" }).click();
  const card = steps.note(page, words);
  await expect(card.getByRole("region", { name: "Entered in error" })).toContainText("It belongs to her brother.");
  await expect(card.getByText(words)).toBeHidden();
  await card.getByText("Show what was signed").click();
  await expect(card.getByText(words)).toBeVisible();
});
