// Lighthouse on the pages that a worker waits for: where one signs in, the shell of a device, the caseload. It measures a phone of some
// years ago on a slow 4G line.
import { mkdir, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { type BrowserContext, chromium, expect, test } from "@playwright/test";
import lighthouse from "lighthouse";
import { CHROMIUM, CHROMIUM_FLAGS, PHONE } from "../support/device.ts";
import { Office, requireBuild, runCommand } from "../support/office.ts";
import { Database, freshName } from "../support/postgres.ts";
import { makeProfile, removeProfile } from "../support/profile.ts";
import * as steps from "../support/steps.ts";

const OUT = resolve(fileURLToPath(import.meta.url), "../../../target/lighthouse");
/** Performance depends on what else the machine does: the middle one of so many counts. */
const RUNS = 3;
const TARGETS = { performance: 95, accessibility: 100, "best-practices": 100 } as const;

/** What the performance is made of. */
const METRICS = ["first-contentful-paint", "largest-contentful-paint", "total-blocking-time", "cumulative-layout-shift", "speed-index"];

type Cookies = Awaited<ReturnType<BrowserContext["cookies"]>>;
type Scores = Record<keyof typeof TARGETS, number>;

async function freePort(): Promise<number> {
  return await new Promise((done) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => done(typeof address === "object" && address ? address.port : 0));
    });
  });
}

test("Lighthouse", async () => {
  requireBuild();
  await mkdir(OUT, { recursive: true });
  const database = await Database.create(freshName("lighthouse"));
  await runCommand(database.url, "demo", "--clients", "100", "--notes", "50", "--seed", "7");
  await database.rows("update cases set primary_worker_id = (select worker_id from workers where email = $1)", [steps.MARIA]);
  const office = await Office.open(database);
  const profile = await makeProfile();
  try {
    const rows = [await measure("sign-in", `${office.url}/sign-in`, []), await measure("shell", `${office.url}/shell`, [])];
    const cookies = await withBrowser([], async (context) => {
      const page = context.pages()[0];
      await steps.signIn(page);
      await steps.untilShellIsKept(page);
      return await context.cookies();
    });
    rows.push(await measure("caseload", `${office.url}/caseload`, cookies));
    console.log(`\n${rows.map(({ name, scores }) => `${name.padEnd(10)} ${Object.entries(scores).map(([category, score]) => `${category} ${score}`).join(", ")}`).join("\n")}\n`);
    await writeFile(resolve(OUT, "scores.json"), `${JSON.stringify(Object.fromEntries(rows.map(({ name, scores }) => [name, scores])), null, 2)}\n`);
    for (const { name, scores } of rows) {
      for (const category of ["accessibility", "best-practices"] as const) expect(scores[category], `${name}: ${category}`).toBe(TARGETS[category]);
    }
  } finally {
    await removeProfile(profile);
    await office.close();
  }

  // A browser of its own each time, with the same profile: one in which the app has run before takes long to be taken hold of.
  async function withBrowser<T>(cookies: Cookies, use: (context: BrowserContext, port: number) => Promise<T>): Promise<T> {
    const port = await freePort();
    const context = await chromium.launchPersistentContext(profile, {
      executablePath: CHROMIUM,
      args: [...CHROMIUM_FLAGS, `--remote-debugging-port=${port}`],
      baseURL: office.url,
      viewport: PHONE,
    });
    try {
      await context.addCookies(cookies);
      return await use(context, port);
    } finally {
      await context.close();
    }
  }

  async function measure(name: string, url: string, cookies: Cookies): Promise<{ name: string; scores: Scores }> {
    const runs: Scores[] = [];
    for (let run = 0; run < RUNS; run += 1) {
      const result = await withBrowser(cookies, (_, port) =>
        lighthouse(url, {
          port,
          output: "html",
          logLevel: "error",
          onlyCategories: Object.keys(TARGETS),
          // Whoever is signed in stays so.
          disableStorageReset: true,
        }),
      );
      if (!result) throw new Error(`Lighthouse did not answer about ${name}`);
      await writeFile(resolve(OUT, `${name}.html`), String(result.report));
      const failed = Object.values(result.lhr.audits).filter((audit) => audit.score !== null && audit.score < 0.9);
      const metrics = METRICS.map((id) => result.lhr.audits[id]);
      const lines = [...metrics, ...failed].map((audit) => `${audit.id}: ${audit.displayValue ?? audit.score}`);
      const tasks = (result.lhr.audits["long-tasks"].details as { items: { startTime: number; duration: number; url: string }[] } | undefined)?.items ?? [];
      // A machine of today has 1,500 or more; on one with less, four times slower is slower than the phone that is meant.
      lines.push(`this machine: benchmark index ${Math.round(result.lhr.environment.benchmarkIndex)}`);
      lines.push(...tasks.map(({ startTime, duration, url }) => `task at ${Math.round(startTime)} ms: ${Math.round(duration)} ms, ${url}`));
      await writeFile(resolve(OUT, `${name}.txt`), `${lines.join("\n")}\n`);
      const score = (category: string) => Math.round((result.lhr.categories[category]?.score ?? 0) * 100);
      runs.push({ performance: score("performance"), accessibility: score("accessibility"), "best-practices": score("best-practices") });
    }
    const middle = [...runs].sort((a, b) => a.performance - b.performance)[Math.floor(RUNS / 2)];
    console.log(`${name}: ${JSON.stringify(runs)}`);
    return { name, scores: middle };
  }
});
