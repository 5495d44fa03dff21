// Whether a page is good to everybody: what axe finds on it, and whether it fits its screen.
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import type { Page } from "@playwright/test";
import type axe from "axe-core";
import { expect } from "./test.ts";

const AXE = readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** What axe finds on this page, one line a fault. */
export async function faults(page: Page): Promise<string[]> {
  await page.evaluate(await AXE);
  return await page.evaluate(async () => {
    const { axe } = window as unknown as { axe: typeof import("axe-core") };
    const options: axe.RunOptions = { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] };
    const { violations } = await axe.run(document, options);
    return violations.flatMap((violation) => violation.nodes.map((node) => `${violation.id}: ${node.target.join(" ")} – ${node.failureSummary}`));
  });
}

export async function expectGood(page: Page, what: string): Promise<void> {
  expect.soft(await faults(page), what).toEqual([]);
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  expect.soft(overflow, `${what} is wider than its screen`).toBeLessThanOrEqual(0);
}
