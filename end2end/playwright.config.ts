// How the browser tests run. Each test has its own server, its own database and its own browser profile, so they may run side by side.
import { defineConfig, type ReporterDescription } from "@playwright/test";

const reporters: ReporterDescription[] = [["list"]];
if (process.env.DOORSTEP_E2E_JSON) reporters.push(["json", { outputFile: process.env.DOORSTEP_E2E_JSON }]);

export default defineConfig({
  testDir: "tests",
  outputDir: "test-results",
  globalSetup: "./support/global-setup.ts",
  fullyParallel: true,
  forbidOnly: true,
  workers: Number(process.env.DOORSTEP_E2E_WORKERS ?? 2),
  retries: 0,
  timeout: 90_000,
  expect: { timeout: 20_000 },
  reporter: reporters,
});
