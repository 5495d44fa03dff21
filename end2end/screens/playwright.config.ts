// How the contact sheet is made, after the tests of languages have left their pictures in target/screens.
import { defineConfig } from "@playwright/test";

export default defineConfig({
  testDir: ".",
  testMatch: "contact-sheet.ts",
  outputDir: "../test-results/screens",
  workers: 1,
  retries: 0,
  timeout: 120_000,
  reporter: [["line"]],
});
