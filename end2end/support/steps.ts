// What people do, in their words: every step finds things by role and visible name.
import { randomBytes } from "node:crypto";
import { expect, type Locator, type Page } from "@playwright/test";
import type { Device } from "./device.ts";
import type { Office } from "./office.ts";
import { MARK } from "./thief.ts";

export const PASSWORD = "doorstep-demo";
export const MARIA = "maria@demo.example";
export const OMAR = "omar@demo.example";
export const RUTH = "ruth@demo.example";
export const ADA = "ada@demo.example";

export const PASSPHRASE = "velvet harbor monsoon ladder";

/** Words that stand nowhere else in the world: what is found with them was put there by this test. */
export function marker(): string {
  return `${MARK}${randomBytes(6).toString("hex")} ember${MARK}${randomBytes(6).toString("hex")}`;
}

/** Fills in the sign-in form and sends it. */
export async function fillSignIn(page: Page, email: string, password = PASSWORD): Promise<void> {
  await page.getByLabel("Email", { exact: true }).fill(email);
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
}

export async function signIn(page: Page, email = MARIA): Promise<void> {
  await page.goto("/sign-in");
  await untilAlive(page);
  await fillSignIn(page, email);
  await expect(page.getByRole("heading", { level: 1, name: "Today" })).toBeVisible();
}

/** Signs in at a device that has a caseload of its own: it stays locked. */
export async function signInAs(page: Page, email: string): Promise<void> {
  await page.goto("/sign-in");
  await untilAlive(page);
  await fillSignIn(page, email);
  await expect(page.getByRole("button", { name: "Unlock", exact: true })).toBeVisible();
}

/** The way to a main page that a thumb takes. */
export async function goTo(page: Page, place: "Today" | "Caseload" | "On this device"): Promise<void> {
  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: place, exact: true }).click();
}

/** The way to a page that is needed seldom. */
export async function openMore(page: Page, name: string): Promise<void> {
  // Its name ends with a count where there are new notices.
  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: /^More/ }).click();
  await expect(page.getByRole("heading", { level: 1, name: "More" })).toBeVisible();
  await page.getByRole("link", { name, exact: true }).click();
  await expect(page.getByRole("heading", { level: 1, name })).toBeVisible();
}

/** Waits until the browser half is alive, so that what is clicked next is not lost on a page that is only drawn. */
export async function untilAlive(page: Page): Promise<void> {
  await page.waitForFunction(() => document.documentElement.hasAttribute("data-ready"));
}

/** Moves three of the visits that Maria has planned to so many days from now: whether some are due depends on the day on which a test runs. */
export async function planVisits(office: Office, daysAhead: number): Promise<void> {
  const moved = await office.database.rows(
    `update visits set planned_at = now() + make_interval(days => $1)
     where visit_id in (
       select visit_id from visits join workers using (agency_id, worker_id)
       where ended_by_note is null and email = $2 order by planned_at, visit_id limit 3)
     returning 1`,
    [daysAhead, MARIA],
  );
  expect(moved.length).toBeGreaterThan(0);
}

/** Sets this device up with `passphrase`, from the page that offers it. */
export async function setUpDevice(page: Page, passphrase = PASSPHRASE): Promise<void> {
  await goTo(page, "On this device");
  await page.getByRole("link", { name: "Set up this device", exact: true }).click();
  await page.getByLabel("Passphrase", { exact: true }).fill(passphrase);
  await page.getByLabel("Confirm passphrase", { exact: true }).fill(passphrase);
  // A moment after the page says that it is set up, the office is told of the device and asked for what is new.
  let isKnown = false;
  const settled = page.waitForResponse((response) => {
    const { pathname } = new URL(response.url());
    isKnown ||= pathname === "/sync/v1/devices";
    return isKnown && pathname === "/sync/v1/pull";
  });
  await page.getByRole("button", { name: "Set up this device", exact: true }).click();
  await expect(page.getByText("This device is set up")).toBeVisible();
  await settled;
}

/** Waits until this browser can start without a network. */
export async function untilShellIsKept(page: Page): Promise<void> {
  // Whether it controls this very page does not matter: a page that was being loaded when it came in is not controlled, the next one is.
  await expect.poll(() => page.evaluate(async () => (await navigator.serviceWorker.ready).active?.state)).toBe("activated");
}

/** Sign in, set up, and wait until the device can do without a network. */
export async function enrol(device: Device, email = MARIA): Promise<Page> {
  const page = device.page;
  await signIn(page, email);
  await setUpDevice(page);
  await untilShellIsKept(page);
  return page;
}

export async function unlock(page: Page, passphrase = PASSPHRASE): Promise<void> {
  await page.getByLabel("Passphrase", { exact: true }).fill(passphrase);
  await page.getByRole("button", { name: "Unlock", exact: true }).click();
  await expect(page.getByRole("navigation", { name: "Main" })).toBeVisible();
}

/** The links to the clients of the caseload. */
export function clients(page: Page): Locator {
  return page.getByRole("link").and(page.locator('a[href^="/clients/"]'));
}

/** Opens a client of the caseload by place in the list and answers with the case's id. */
export async function openClient(page: Page, index = 0): Promise<string> {
  await goTo(page, "Caseload");
  const link = clients(page).nth(index);
  const href = (await link.getAttribute("href")) ?? "";
  await link.click();
  await expect(page.getByRole("link", { name: "Write note", exact: true })).toBeVisible();
  return href.replace("/clients/", "");
}

/** From a client's page: writes a note of these words, and signs it. */
export async function writeAndSign(page: Page, words: string): Promise<void> {
  await openNoteForm(page);
  await page.getByLabel("Narrative").fill(words);
  await sign(page);
}

export async function openNoteForm(page: Page): Promise<void> {
  await page.getByRole("link", { name: "Write note", exact: true }).click();
  await expect(page.getByLabel("Narrative")).toBeVisible();
}

export async function sign(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Sign note", exact: true }).click();
}

/** The note of these words on the client's page. */
export function note(page: Page, words: string): Locator {
  return page.getByRole("list").getByRole("listitem").filter({ hasText: words });
}

/** How often PostgreSQL holds a note of these words. */
export async function countNotes(office: Office, words: string): Promise<number> {
  return Number(await office.database.value("select count(*) from notes where narrative = $1", [words]));
}

/** Waits until PostgreSQL holds the note, and makes sure that it holds it once. */
export async function expectOneNote(office: Office, words: string): Promise<void> {
  await expect.poll(() => countNotes(office, words)).toBe(1);
}

/** Locks the device, from the page that names what is on it. */
export async function lock(page: Page): Promise<void> {
  await openOutbox(page);
  await page.getByRole("button", { name: "Lock", exact: true }).click();
  await expect(page.getByRole("button", { name: "Unlock", exact: true })).toBeVisible();
}

/** The session is over, as the server and the browser see it. */
export async function endSession(device: Device): Promise<void> {
  await device.context.clearCookies({ name: "__Host-doorstep" });
}

/** Signs in without leaving the page, where the app asks for it. */
export async function signInHere(page: Page, email = MARIA): Promise<void> {
  await page.getByRole("button", { name: "Sign in to send your notes" }).click();
  await fillSignIn(page, email);
}

/** Asks the app to sync at once, as a phone that finds its network again does. */
export async function nudge(page: Page): Promise<void> {
  await page.evaluate(() => void window.dispatchEvent(new Event("online")));
}

/** The page that names everything this device has not got rid of yet. */
export async function openOutbox(page: Page): Promise<void> {
  await goTo(page, "On this device");
  await expect(page.getByRole("heading", { level: 1, name: "On this device" })).toBeVisible();
}
