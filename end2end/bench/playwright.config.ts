// How the bench runs: one browser at a time, with nothing beside it.
import { defineConfig } from "@playwright/test";

export default defineConfig({
  testDir: ".",
  testMatch: "*.bench.ts",
  outputDir: "../test-results/bench",
  workers: 1,
  retries: 0,
  timeout: 30 * 60_000,
  expect: { timeout: 120_000 },
  reporter: [["line"]],
});
