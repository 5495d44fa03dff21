// All that the main job looks like, on one picture: `make screens` writes docs/screenshots/contact-sheet.jpg, the first one of the README.
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium, test } from "@playwright/test";
import { CHROMIUM, CHROMIUM_FLAGS } from "../support/device.ts";

const ROOT = resolve(fileURLToPath(import.meta.url), "../../..");
const SHEET = resolve(ROOT, "docs/screenshots/contact-sheet.jpg");

const PHONES = ["sign-in", "today", "client", "note", "signed"];
/** What is on the sheet, row by row: a language, its colours, and how wide each page is shown in CSS pixels. */
const ROWS = [
  { language: "en", scheme: "light", screen: 390, pages: PHONES, shown: 300 },
  { language: "es", scheme: "dark", screen: 390, pages: PHONES, shown: 300 },
  { language: "ar", scheme: "light", screen: 390, pages: PHONES, shown: 300 },
  { language: "es", scheme: "light", screen: 820, pages: ["today", "client", "note"], shown: 508 },
  { language: "ar", scheme: "dark", screen: 1280, pages: ["today", "client"], shown: 770 },
];

test("the contact sheet", async () => {
  const rows = ROWS.map(async ({ language, scheme, screen, pages, shown }) => {
    const pictures = pages.map(async (page) => {
      const picture = await readFile(resolve(ROOT, `target/screens/${page}-${language}-${scheme}-${screen}.png`), "base64");
      return `<img width="${shown}" src="data:image/png;base64,${picture}">`;
    });
    return `<div>${(await Promise.all(pictures)).join("")}</div>`;
  });
  const style = "body{margin:0;padding:24px;background:#c9c5ba}div{display:flex;gap:12px;margin-bottom:12px}img{border-radius:10px;display:block}";
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: CHROMIUM_FLAGS });
  const page = await browser.newPage({ viewport: { width: 1596, height: 900 } });
  await page.setContent(`<style>${style}</style>${(await Promise.all(rows)).join("")}`);
  await page.screenshot({ path: SHEET, type: "jpeg", quality: 70, fullPage: true });
  await browser.close();
});
