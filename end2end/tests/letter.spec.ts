// A letter to the client: in their language, without a reason, and on paper nothing but the letter.
import { expectGood } from "../support/good.ts";
import * as steps from "../support/steps.ts";
import { expect, test } from "../support/test.ts";

test("a letter announces the next visit in the client's language, also without a signal, and prints alone", async ({ office, phone }) => {
  await steps.planVisits(office, 1);
  const page = await steps.enrol(phone);
  // Whom she visits next is on the page of the day.
  await steps.goTo(page, "Today");
  await phone.cutNetwork();
  await page.getByRole("region", { name: "Visits tomorrow" }).getByRole("link").first().click();
  await expect(page.getByRole("heading", { name: "Who lives there" })).toBeVisible();
  const address = new URL(page.url()).pathname.replace("/before-visit", "");
  await page.locator(`a[href="${address}"]`).first().click();
  const name = await page.getByRole("heading", { level: 1 }).first().innerText();
  await page.getByRole("link", { name: "Letter", exact: true }).click();
  await page.getByLabel("Language of the client").selectOption({ label: "English" });
  const letter = page.getByRole("article");
  await expect(letter).toContainText(`Dear ${name.trim()},`);
  await expect(letter).toContainText(/I plan to visit you on \w+ \d+ \w+ at \d/);
  const programme = await office.database.value<string>("select programme from cases where case_id = $1", [address.split("/").at(-1)]);
  await expect(letter, "whoever opens it learns nothing of why").not.toContainText(programme);
  await expectGood(page, "a letter");
  await page.getByLabel("Language of the client").selectOption({ label: "العربية" });
  await expect(letter).toHaveAttribute("dir", "rtl");
  await expect(letter).toContainText("أنوي زيارتك");
  await expectGood(page, "a letter in Arabic");
  await page.emulateMedia({ media: "print" });
  await expect(letter).toBeVisible();
  for (const hidden of [page.getByRole("button", { name: "Print" }), page.getByLabel("Language of the client"), page.getByRole("banner")]) {
    await expect(hidden).toBeHidden();
  }
});
