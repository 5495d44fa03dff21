// Somebody who has the profile folder of a phone, and reads it byte by byte. Every test of the suite ends with a look by this thief.
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Database } from "./postgres.ts";

/** Part of everything that tests write about anybody. */
export const MARK = "quillfeather";

/** What the demo's clients must not be recognised by; its name reaches the test workers through the environment. */
export const SECRETS_VARIABLE = "DOORSTEP_E2E_SECRETS";

/** Names, addresses and telephone numbers of the demo's clients, and how their notes begin. */
export async function secretsOf(template: Database): Promise<string[]> {
  const rows = await template.rows<{ text: string }>(
    `select given_name || ' ' || family_name as text from persons
     union select '"family_name":"' || family_name || '"' from persons
     union select line from person_addresses
     union select number from person_phones
     union select name from related_persons
     union select statement from case_alerts
     union select substr(narrative, 1, 60) from notes`,
  );
  return rows.map((row) => row.text).filter((text) => text.length > 9);
}

/** Both encodings in which browsers write text, as a pattern over bytes that are read as Latin-1. */
function pattern(secrets: string[]): RegExp {
  const encodings = secrets.flatMap((secret) => [Buffer.from(secret, "utf8"), Buffer.from(secret, "utf16le")]);
  const escaped = encodings.map((bytes) => bytes.toString("latin1").replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(escaped.join("|"));
}

let looking: RegExp | undefined;

/** Where something readable lies in a profile, one line a file. */
export async function readableIn(profile: string): Promise<string[]> {
  looking ??= pattern([MARK, ...(JSON.parse(process.env[SECRETS_VARIABLE] ?? "[]") as string[])]);
  const finds: string[] = [];
  for (const entry of await readdir(profile, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const file = join(entry.parentPath, entry.name);
    const content = await readFile(file, "latin1").catch(() => "");
    const found = looking.exec(content);
    if (found) finds.push(`${JSON.stringify(found[0].replaceAll("\0", ""))} in ${file.slice(profile.length + 1)}`);
  }
  return finds;
}
