// The browser's half of `make bench`: `node bench/run.mjs`. It takes the same settings from the environment as the tests do.
import { spawnSync } from "node:child_process";
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const playwright = resolve(here, "../node_modules/@playwright/test/cli.js");
const { status } = spawnSync(process.execPath, [playwright, "test", "--config", resolve(here, "playwright.config.ts")], { cwd: resolve(here, ".."), stdio: "inherit" });
process.exit(status ?? 1);
