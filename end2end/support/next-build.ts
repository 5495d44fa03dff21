// A newer build of the browser half, and the way to it.
import { createHash } from "node:crypto";
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, type Page } from "@playwright/test";
import { type Office, SITE } from "./office.ts";

/** What the browser says while the server restarts. */
export const RESTARTS = /Failed to load resource|net::ERR_|Failed to fetch/;

/** A copy of the browser half that calls itself another build and has another style sheet. */
export async function makeNextBuild(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "doorstep-build-"));
  await cp(SITE, folder, { recursive: true });
  const path = join(folder, "manifest.json");
  const manifest = JSON.parse(await readFile(path, "utf8"));
  const style = manifest.files["style.css"];
  const content = `${await readFile(join(folder, style.url), "utf8")}\n/* next build */\n`;
  const digest = createHash("sha256").update(content).digest();
  const url = `/assets/style.${digest.toString("hex").slice(0, 16)}.css`;
  await writeFile(join(folder, url), content);
  await rm(join(folder, `${style.url}.br`), { force: true });
  manifest.files["style.css"] = { url, sha256: digest.toString("base64"), bytes: content.length, br_bytes: content.length };
  manifest.build = digest.toString("hex").slice(0, 16);
  await writeFile(path, JSON.stringify(manifest));
  return folder;
}

/** Serves another build from now on, and lets this page find it. */
export async function serveNext(office: Office, page: Page, next: string): Promise<void> {
  await office.stop();
  await office.start(next);
  await page.evaluate(async () => void (await (await navigator.serviceWorker.ready).update()));
  await expect(page.getByText("A newer Doorstep is ready")).toBeVisible();
}

/** Asks for the newer build again and again, as a person would, until nothing is on its way any more. */
export async function updateWhenNothingIsOnItsWay(page: Page): Promise<void> {
  await expect(async () => {
    const ask = page.getByRole("button", { name: "Update now" });
    if (await ask.isVisible()) await ask.click();
    await expect(page.getByRole("button", { name: "Unlock", exact: true })).toBeVisible({ timeout: 5_000 });
  }).toPass({ timeout: 60_000 });
}
