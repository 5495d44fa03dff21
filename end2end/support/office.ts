// The real server, on a port of its own, with a database of its own.
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { createServer } from "node:net";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { Database, freshName, TEMPLATE_VARIABLE } from "./postgres.ts";

const ROOT = resolve(fileURLToPath(import.meta.url), "../../..");
const TARGET = process.env.CARGO_TARGET_DIR ? resolve(ROOT, process.env.CARGO_TARGET_DIR) : resolve(ROOT, "target");

/** The built server. */
export const SERVER_BINARY = process.env.DOORSTEP_BIN ? resolve(process.env.DOORSTEP_BIN) : resolve(TARGET, "debug/doorstep");

/** The built browser half. */
export const SITE = process.env.DOORSTEP_SITE ? resolve(process.env.DOORSTEP_SITE) : resolve(TARGET, "site");

/** Stops early, in words, where something was not built. */
export function requireBuild(): void {
  for (const [path, remedy] of [
    [SERVER_BINARY, "cargo build -p server"],
    [resolve(SITE, "manifest.json"), "cargo run -p xtask -- web"],
  ]) {
    if (!existsSync(path)) throw new Error(`${path} is missing. Build it first: ${remedy}`);
  }
}

/** Runs a subcommand of the server's program to its end. */
export async function runCommand(databaseUrl: string, ...args: string[]): Promise<string> {
  const child = spawn(SERVER_BINARY, args, { cwd: ROOT, env: { ...process.env, DATABASE_URL: databaseUrl, DOORSTEP_SITE: SITE } });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (output += chunk));
  const code = await new Promise((done, fail) => child.once("error", fail).once("close", done));
  if (code !== 0) throw new Error(`doorstep ${args.join(" ")} ended with ${code}:\n${output}`);
  return output;
}

async function freePort(): Promise<number> {
  return await new Promise((done, fail) => {
    const probe = createServer();
    probe.once("error", fail);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() => done(typeof address === "object" && address ? address.port : 0));
    });
  });
}

/** A running server; it keeps its port and its database through `kill` and `start`. */
export class Office {
  /** Everything that the server ever wrote to its log. */
  log = "";
  private child: ChildProcess | undefined;

  private constructor(
    readonly database: Database,
    readonly port: number,
    private site: string,
  ) {}

  /** Opens an office on a copy of the seeded template, or on `database`. */
  static async open(database?: Database): Promise<Office> {
    const own = database ?? (await Database.create(freshName("office"), process.env[TEMPLATE_VARIABLE]));
    const office = new Office(own, await freePort(), SITE);
    await office.start();
    return office;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Starts the server and waits until it says that it is ready; `site` serves another build from then on. */
  async start(site?: string): Promise<void> {
    this.site = site ?? this.site;
    const child = spawn(SERVER_BINARY, ["serve"], {
      cwd: ROOT,
      env: {
        ...process.env,
        DATABASE_URL: this.database.url,
        DOORSTEP_ADDR: `127.0.0.1:${this.port}`,
        DOORSTEP_SITE: this.site,
      },
    });
    this.child = child;
    child.stderr.on("data", (chunk) => (this.log += chunk));
    // What is meant for the person who started it: the address, and in demo mode the accounts.
    child.stdout.resume();
    await this.untilReady(child);
  }

  private async untilReady(child: ChildProcess): Promise<void> {
    const deadline = Date.now() + 30_000;
    while (Date.now() < deadline) {
      if (child.exitCode !== null) throw new Error(`the server ended at start (${child.exitCode}):\n${this.log}`);
      const ready = await fetch(`${this.url}/readyz`).then((answer) => answer.ok, () => false);
      if (ready) return;
      await new Promise((next) => setTimeout(next, 50));
    }
    throw new Error(`the server was not ready in time:\n${this.log}`);
  }

  /** Ends the server as an operator does. */
  async stop(): Promise<void> {
    await this.end("SIGTERM");
  }

  /** Ends the server as a power cut does. */
  async kill(): Promise<void> {
    await this.end("SIGKILL");
  }

  private async end(signal: NodeJS.Signals): Promise<void> {
    const child = this.child;
    this.child = undefined;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((done) => child.once("close", done));
    child.kill(signal);
    const force = setTimeout(() => child.kill("SIGKILL"), 10_000);
    await ended;
    clearTimeout(force);
  }

  async close(): Promise<void> {
    await this.end("SIGKILL");
    await this.database.drop();
  }
}
