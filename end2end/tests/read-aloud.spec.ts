// What is read aloud to a client stands in two languages side by side, also without a signal.
import { expectGood } from "../support/good.ts";
import * as steps from "../support/steps.ts";
import { expect, test } from "../support/test.ts";

test("what is read aloud stands in the worker's language and in the client's, also without a signal", async ({ phone }) => {
  const page = await steps.enrol(phone);
  await phone.cutNetwork();
  await steps.openClient(page);
  await page.getByRole("link", { name: "Read to the client", exact: true }).click();
  await page.getByLabel("Language of the client").selectOption({ label: "Español" });
  await expect(page.getByText("You do not have to answer.")).toBeVisible();
  const spanish = page.getByText("No tiene que contestar.");
  await expect(spanish).toBeVisible();
  await expect(spanish).toHaveAttribute("lang", "es");
  await expectGood(page, "read aloud in Spanish");
  await page.getByLabel("Language of the client").selectOption({ label: "العربية" });
  await expect(page.getByText("لست مضطرًا إلى الجواب.")).toHaveAttribute("dir", "rtl");
  await expectGood(page, "read aloud in Arabic");
  await expect(page.getByRole("heading", { level: 1, name: "Read to the client" })).toBeVisible();
});
