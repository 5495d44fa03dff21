// How `make lighthouse` runs: one browser, with nothing beside it.
import { defineConfig } from "@playwright/test";

export default defineConfig({
  testDir: ".",
  testMatch: "lighthouse.ts",
  outputDir: "../test-results/lighthouse",
  workers: 1,
  retries: 0,
  timeout: 10 * 60_000,
  expect: { timeout: 30_000 },
  reporter: [["line"]],
});
