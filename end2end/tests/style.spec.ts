// The living style page: every component with its states is good to everybody, in every language, scheme and contrast, also with text twice as big.
import { PHONE } from "../support/device.ts";
import { expectGood } from "../support/good.ts";
import { expect, test } from "../support/test.ts";

for (const locale of ["en-US", "es-US", "ar"]) {
  for (const colorScheme of ["light", "dark"] as const) {
    test(`the style page in ${locale} and ${colorScheme} colours is good to everybody`, async ({ turnOn }, testInfo) => {
      const { page } = await turnOn({ locale, colorScheme });
      await page.goto("/style");
      await expect(page.getByRole("heading", { level: 1, name: "Style" })).toBeVisible();
      await expectGood(page, "style");
      await page.screenshot({ path: testInfo.outputPath("style.png"), fullPage: true });
      await page.emulateMedia({ contrast: "more" });
      await expectGood(page, "style with more contrast");
      await page.emulateMedia({ contrast: null, forcedColors: "active" });
      await expectGood(page, "style in forced colours");
      await page.screenshot({ path: testInfo.outputPath("style-forced.png"), fullPage: true });
    });
  }
}

test("what is printed is light and without what only a screen needs", async ({ turnOn }) => {
  const { page } = await turnOn({ colorScheme: "dark" });
  await page.goto("/style");
  await page.emulateMedia({ media: "print", colorScheme: "dark" });
  expect(await page.evaluate(() => getComputedStyle(document.documentElement).getPropertyValue("--ink").trim())).toBe("#1c2426");
  await expect(page.getByRole("button", { name: "Sign note" })).toBeHidden();
});

test("with text twice as big nothing is cut off on a small phone", async ({ turnOn }) => {
  const { page } = await turnOn({ viewport: { width: 320, height: PHONE.height }, fontPx: 32 });
  await page.goto("/style");
  expect(await page.evaluate(() => getComputedStyle(document.body).fontSize)).toBe("32px");
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320);
});
