// Databases of devices as older builds left them: dumped once by the build that wrote them, and opened by every build since.
import { readdir, readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import type { Page } from "@playwright/test";
import type { Office } from "./office.ts";
import { MARIA } from "./steps.ts";

const FOLDER = resolve(fileURLToPath(import.meta.url), "../../golden");

/** The agency that golden devices belong to. Its ids stand sealed in the files, so they are the same for ever. */
const AGENCY = "01993c5e-0000-7000-8000-0000000f0001";
const WORKER = "01993c5e-0000-7000-8000-0000000f0002";
const SCOPE = "01993c5e-0000-7000-8000-0000000f0003";
const RESTRICTED_SCOPE = "01993c5e-0000-7000-8000-0000000f0006";
const PERSON = "01993c5e-0000-7000-8000-0000000f0004";
export const CASE = "01993c5e-0000-7000-8000-0000000f0005";
export const EMAIL = "golden@harbor.example";
export const CLIENT = "Golden Fairweather";

/** A binary value as it stands in a file. */
interface Bytes {
  base64: string;
}

/** One row of a store: its key, and a value in which every array of bytes is written as `Bytes`. */
type Row = [IDBValidKey, unknown];

export interface Golden {
  /** Version of the device's database (`VERSION` in frontend/src/store.rs). */
  version: number;
  passphrase: string;
  /** Narratives of signed notes that were never sent. */
  unsent: string[];
  /** Titles of photos and documents on these notes; from the third version on. */
  photos?: string[];
  /** The narrative of a note that was being written. */
  draft: string;
  stores: Record<string, Row[]>;
}

export function fileOf(version: number): string {
  return resolve(FOLDER, `device-v${version}.json`);
}

/** Every golden file by its name. */
export async function goldenFiles(): Promise<string[]> {
  return (await readdir(FOLDER)).filter((name) => name.endsWith(".json")).sort();
}

export async function readGolden(name: string): Promise<Golden> {
  return JSON.parse(await readFile(resolve(FOLDER, name), "utf8")) as Golden;
}

/** Makes the golden agency with one worker, who has the demo's password, and one client. */
export async function addAgency(office: Office): Promise<void> {
  const run = (text: string, ...values: unknown[]) => office.database.rows(text, values);
  await run("insert into agencies (agency_id, name) values ($1, 'Golden Harbor')", AGENCY);
  await run(
    `insert into workers (agency_id, worker_id, email, password_hash, name, role)
     select $1, $2, $3, password_hash, 'Gwen Golden', 'case-manager' from workers where email = $4`,
    AGENCY,
    WORKER,
    EMAIL,
    MARIA,
  );
  const [given, family] = CLIENT.split(" ");
  await run(
    `insert into persons (agency_id, person_id, given_name, family_name, language, interpreter_needed) values ($1, $2, $3, $4, 'en', false)`,
    AGENCY,
    PERSON,
    given,
    family,
  );
  await run(
    `insert into scopes (agency_id, scope_id, kind, case_id) values ($1, $2, 'case-general', $4), ($1, $3, 'case-restricted', $4)`,
    AGENCY,
    SCOPE,
    RESTRICTED_SCOPE,
    CASE,
  );
  await run(
    `insert into cases
       (agency_id, case_id, scope_id, restricted_scope_id, person_id, programme, primary_worker_id, state, risk_level, opened_on, contact_every_days)
     values ($1, $2, $3, $4, $5, 'Housing', $6, 'active', 'medium', '2026-01-05', 14)`,
    AGENCY,
    CASE,
    SCOPE,
    RESTRICTED_SCOPE,
    PERSON,
    WORKER,
  );
}

/** Reads the device's whole database out of a page. */
export async function dump(page: Page): Promise<Pick<Golden, "version" | "stores">> {
  return await page.evaluate(async () => {
    const settle = <T>(request: IDBRequest<T>) =>
      new Promise<T>((done, fail) => {
        request.onsuccess = () => done(request.result);
        request.onerror = () => fail(request.error);
      });
    const plain = (value: unknown): unknown => {
      if (value instanceof Uint8Array) return { base64: btoa(String.fromCharCode(...value)) };
      if (value !== null && typeof value === "object") return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, plain(part)]));
      return value;
    };
    const db = await settle(indexedDB.open("doorstep"));
    const stores: Record<string, Row[]> = {};
    for (const name of [...db.objectStoreNames].sort()) {
      const store = db.transaction(name).objectStore(name);
      const [keys, values] = await Promise.all([settle(store.getAllKeys()), settle(store.getAll())]);
      // Room that is set aside holds nothing but noise, two million bytes of it.
      const rows = keys.map((key, index): Row => [key, values[index]]).filter(([key]) => key !== "reserve");
      stores[name] = rows.map(([key, value]): Row => [key, plain(value)]);
    }
    const { version } = db;
    db.close();
    return { version, stores };

    type Row = [IDBValidKey, unknown];
  });
}

/**
 * Puts a golden database into the browser, from a page of the same site in which no app runs. The device's own key cannot be exported, so no
 * file has it: the device gets another one, and its keyring says so.
 */
export async function install(page: Page, golden: Golden): Promise<void> {
  await page.goto("/healthz");
  await page.evaluate(async (text) => {
    const { version, stores } = JSON.parse(text) as { version: number; stores: Record<string, [IDBValidKey, unknown][]> };
    const whole = (value: unknown): unknown => {
      if (value === null || typeof value !== "object") return value;
      if ("base64" in value) return Uint8Array.from(atob((value as Bytes).base64), (letter) => letter.charCodeAt(0));
      return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, whole(part)]));
    };
    const { privateKey, publicKey } = await crypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, false, ["sign", "verify"]);
    const spki = new Uint8Array(await crypto.subtle.exportKey("spki", publicKey));
    const base64url = btoa(String.fromCharCode(...spki)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
    const open = new Map<IDBValidKey, unknown>(stores.keyring);
    if (open.has("device-key")) {
      const keyring = JSON.parse(String(open.get("device"))) as { public: { device: string } };
      keyring.public.device = base64url;
      open.set("device", JSON.stringify(keyring));
      stores.keyring = [...open];
    }
    const stored = (key: IDBValidKey, value: unknown) => (key === "device-key" ? privateKey : whole(value));
    const db = await new Promise<IDBDatabase>((done, fail) => {
      const opening = indexedDB.open("doorstep", version);
      opening.onupgradeneeded = () => Object.keys(stores).forEach((name) => opening.result.createObjectStore(name));
      opening.onsuccess = () => done(opening.result);
      opening.onerror = () => fail(opening.error);
    });
    await new Promise<void>((done, fail) => {
      const tx = db.transaction(Object.keys(stores), "readwrite");
      for (const [name, rows] of Object.entries(stores)) {
        for (const [key, value] of rows) tx.objectStore(name).put(stored(key, value), key);
      }
      tx.oncomplete = () => done();
      tx.onabort = () => fail(tx.error);
    });
    db.close();
  }, JSON.stringify(golden));
}
