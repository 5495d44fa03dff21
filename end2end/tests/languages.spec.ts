// Everybody is spoken to in a language of theirs: as the browser asks, or as it was chosen, also without a signal.
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import type { Page } from "@playwright/test";
import { expectGood } from "../support/good.ts";
import * as steps from "../support/steps.ts";
import { expect, test } from "../support/test.ts";
import { LANGUAGES, type Language, wordsIn } from "../support/words.ts";

const SCREENS = resolve(fileURLToPath(import.meta.url), "../../../target/screens");
const WIDTHS = { 320: 640, 390: 844, 820: 1180, 1280: 900 };

async function expectSpoken(page: Page, language: Language): Promise<void> {
  await expect(page.locator("html")).toHaveAttribute("lang", language);
  await expect(page.locator("html")).toHaveAttribute("dir", language === "ar" ? "rtl" : "ltr");
}

test("a browser is spoken to as it asks, and from then on as one chooses", async ({ turnOn }) => {
  const { page } = await turnOn({ locale: "es-MX" });
  await page.goto("/sign-in");
  await steps.untilAlive(page);
  await expectSpoken(page, "es");
  await expect(page).toHaveTitle("Iniciar sesión – Doorstep");
  await page.getByLabel("Correo electrónico").fill(steps.MARIA);
  await page.getByRole("link", { name: "العربية" }).click();
  await expectSpoken(page, "ar");
  await expect(page.getByRole("heading", { level: 1, name: "تسجيل الدخول" })).toBeVisible();
  await page.reload();
  await steps.untilAlive(page);
  await expectSpoken(page, "ar");
  await page.getByRole("link", { name: "English" }).click();
  await expectSpoken(page, "en");
  await steps.signIn(page);
});

test("a language is chosen without a script, too", async ({ turnOn }) => {
  const { page } = await turnOn({ javaScript: false });
  await page.goto("/sign-in");
  await page.getByRole("link", { name: "Español" }).click();
  await expectSpoken(page, "es");
  await page.goto("/sign-in");
  await expectSpoken(page, "es");
});

test("another language is there without a signal, and nothing typed is lost by it", async ({ phone }) => {
  const page = await steps.enrol(phone);
  await phone.cutNetwork();
  await page.reload();
  await page.getByRole("link", { name: "Español" }).click();
  await expectSpoken(page, "es");
  await page.getByLabel("Frase de contraseña", { exact: true }).fill(steps.PASSPHRASE);
  await page.getByRole("button", { name: "Desbloquear", exact: true }).click();
  await page.getByRole("link", { name: "Casos", exact: true }).click();
  await steps.clients(page).first().click();
  await page.getByRole("link", { name: "Escribir nota", exact: true }).click();
  await page.getByLabel("Relato").fill("Tenía comida para la semana.");
  await expect(page.getByText("Borrador guardado en este teléfono")).toBeVisible();
  const form = page.url();
  await page.getByRole("link", { name: "Más", exact: true }).click();
  await page.getByRole("link", { name: "English" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "More" })).toBeVisible();
  await page.goBack();
  expect(page.url()).toBe(form);
  await expect(page.getByLabel("Narrative")).toHaveValue("Tenía comida para la semana.");
});

for (const language of LANGUAGES) {
  for (const colorScheme of ["light", "dark"] as const) {
    test(`the main job speaks ${language} at every width in ${colorScheme} colours`, async ({ office, turnOn }) => {
      test.setTimeout(240_000);
      const say = wordsIn(language);
      const device = await turnOn({ locale: language, colorScheme });
      const page = device.page;
      const look = async (name: string): Promise<void> => {
        for (const [width, height] of Object.entries(WIDTHS)) {
          await page.setViewportSize({ width: Number(width), height });
          await expectGood(page, `${name} at ${width} px`);
          await page.screenshot({ path: resolve(SCREENS, `${name}-${language}-${colorScheme}-${width}.png`) });
        }
        await page.setViewportSize({ width: 390, height: WIDTHS[390] });
      };

      await page.goto("/sign-in");
      await steps.untilAlive(page);
      await expectSpoken(page, language);
      await look("sign-in");
      await page.getByLabel(say("door.email"), { exact: true }).fill(steps.MARIA);
      await page.getByLabel(say("door.password"), { exact: true }).fill(steps.PASSWORD);
      await page.getByRole("button", { name: say("door.sign-in"), exact: true }).click();
      await expect(page.getByRole("heading", { level: 1, name: say("today.today") })).toBeVisible();
      await look("today");

      const places = page.getByRole("navigation", { name: say("frame.main") });
      await places.getByRole("link", { name: say("frame.on-this-device"), exact: true }).click();
      await page.getByRole("link", { name: say("device.set-up-this-device"), exact: true }).click();
      await page.getByLabel(say("device.passphrase"), { exact: true }).fill(steps.PASSPHRASE);
      await page.getByLabel(say("device.confirm-passphrase"), { exact: true }).fill(steps.PASSPHRASE);
      await page.getByRole("button", { name: say("device.set-up-this-device"), exact: true }).click();
      await expect(page.getByText(say("device.this-device-is-set-up"))).toBeVisible();
      await steps.untilShellIsKept(page);

      await device.cutNetwork();
      await page.reload();
      await expectSpoken(page, language);
      await expect(page.getByLabel(say("door.passphrase"), { exact: true })).toBeVisible();
      await look("unlock");
      await page.getByLabel(say("door.passphrase"), { exact: true }).fill(steps.PASSPHRASE);
      await page.getByRole("button", { name: say("door.unlock"), exact: true }).click();
      await places.getByRole("link", { name: say("frame.caseload"), exact: true }).click();
      await expect(steps.clients(page).first()).toBeVisible();
      await look("caseload");
      await steps.clients(page).first().click();
      await expect(page.getByRole("link", { name: say("client.write-note"), exact: true })).toBeVisible();
      await look("client");
      await page.getByRole("link", { name: say("client.write-note"), exact: true }).click();
      await page.getByRole("button", { name: say("note.sign-note"), exact: true }).click();
      await expect(page.getByRole("alert")).toBeVisible();
      await look("note");
      const words = steps.marker();
      await page.getByLabel(say("note.narrative")).fill(words);
      await page.getByRole("button", { name: say("note.sign-note"), exact: true }).click();
      await expect(steps.note(page, words)).toContainText(say("common.saved-on-this-phone"));
      await look("signed");
      await device.restoreNetwork();
      await steps.expectOneNote(office, words);
      await expect(steps.note(page, words)).toContainText(new RegExp(`${say("common.received")}|${say("common.safe")}`));
    });
  }
}
