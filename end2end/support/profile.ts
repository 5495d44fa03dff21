// What a browser leaves on disk: a profile folder, its processes, and its bytes as a thief would read them.
import { execFileSync } from "node:child_process";
import { cp, mkdtemp, readdir, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

const PREFIX = "doorstep-e2e-";

/** A new, empty profile folder. Its name says which process made it. */
export async function makeProfile(): Promise<string> {
  return await mkdtemp(join(tmpdir(), `${PREFIX}${process.pid}-`));
}

/** Removes the profiles of processes that have ended without doing it themselves. */
export async function sweepProfiles(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    const pid = name.startsWith(PREFIX) ? Number.parseInt(name.slice(PREFIX.length), 10) : Number.NaN;
    if (pid > 0 && !isRunning(pid)) await removeProfile(join(tmpdir(), name));
  }
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

export async function removeProfile(profile: string): Promise<void> {
  await rm(profile, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
}

/** The processes of the browser that runs on this profile, and of no other. */
function processesOf(profile: string): number[] {
  const lines = execFileSync("ps", ["-axww", "-o", "pid=,args="], { encoding: "utf8", maxBuffer: 16 * 1024 * 1024 }).split("\n");
  return lines.filter((line) => line.includes(`--user-data-dir=${profile}`)).map((line) => Number.parseInt(line, 10));
}

/** SIGKILL for every process of the browser on this profile: no page hears of it, nothing is flushed. */
export function killBrowserOn(profile: string): void {
  for (const pid of processesOf(profile)) {
    try {
      process.kill(pid, "SIGKILL");
    } catch {
      // It went with its parent.
    }
  }
}

/** A copy of a profile that no browser runs on, as a back-up of the whole phone would have it. */
export async function copyProfile(profile: string): Promise<string> {
  const copy = await makeProfile();
  await cp(profile, copy, { recursive: true, verbatimSymlinks: true });
  return copy;
}

/** Puts a copy in the place of a profile that no browser runs on. */
export async function restoreProfile(profile: string, copy: string): Promise<void> {
  await removeProfile(profile);
  await cp(copy, profile, { recursive: true, verbatimSymlinks: true });
}

async function filesUnder(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

/** Where on disk one of `markers` can be read, as UTF-8 or UTF-16, one line a find. */
export async function findOnDisk(profile: string, markers: string[]): Promise<string[]> {
  const needles = markers.flatMap((marker) => [
    { marker, encoding: "utf8", bytes: Buffer.from(marker, "utf8") },
    { marker, encoding: "utf16le", bytes: Buffer.from(marker, "utf16le") },
  ]);
  const finds: string[] = [];
  for (const file of await filesUnder(profile)) {
    // A file that a running browser has just removed holds nothing that a thief would find.
    const content = await readFile(file).catch(() => Buffer.alloc(0));
    for (const { marker, encoding, bytes } of needles) {
      if (content.includes(bytes)) finds.push(`${marker} (${encoding}) in ${file.slice(profile.length + 1)}`);
    }
  }
  return finds;
}

/** The size of what lies under those folders of the profile whose path contains `part`, in bytes. */
export async function bytesOnDisk(profile: string, part: string): Promise<number> {
  let total = 0;
  for (const file of await filesUnder(profile)) {
    if (file.includes(part)) total += await stat(file).then((it) => it.size, () => 0);
  }
  return total;
}
