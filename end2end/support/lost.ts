// A supervisor and a lost device: reporting it, and looking at what became of it.
import type { Page } from "@playwright/test";
import { expect } from "@playwright/test";
import type { Office } from "./office.ts";
import * as steps from "./steps.ts";

export const EMPTIED = "This device was emptied";

/** From any page of a supervisor's: the devices of a worker. */
export async function openLostDevice(page: Page, office: Office, email = steps.MARIA): Promise<void> {
  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "More", exact: true }).click();
  await page.getByRole("link", { name: "Lost device", exact: true }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Lost device" })).toBeVisible();
  const name = await office.database.value<string>("select name from workers where email = $1", [email]);
  await page.getByLabel("Worker").selectOption({ label: name });
}

/** Says twice that the only device of the worker is lost. */
export async function sayLost(page: Page): Promise<void> {
  await page.getByRole("button", { name: /^Report as lost/ }).click();
  await expect(page.getByText("This cannot be undone.")).toBeVisible();
  await page.getByRole("button", { name: /^Yes, it is lost/ }).click();
}

/** Signs in as a supervisor and reports the worker's device as lost. */
export async function reportLost(page: Page, office: Office, email = steps.MARIA): Promise<void> {
  await steps.signIn(page, steps.RUTH);
  await steps.untilAlive(page);
  await openLostDevice(page, office, email);
  await sayLost(page);
  await expect(page.getByText("Lost: wipes itself at its next contact")).toBeVisible();
}

/** What the browser keeps for this site; runs in the page. */
export async function whatIsKept(): Promise<unknown> {
  const registrations = await navigator.serviceWorker.getRegistrations();
  return {
    databases: (await indexedDB.databases()).map((database) => database.name),
    caches: await caches.keys(),
    workers: registrations.length,
    local: Object.keys(localStorage),
    session: Object.keys(sessionStorage),
    cookies: document.cookie,
  };
}

const NOTHING = { databases: [], caches: [], workers: 0, local: [], session: [], cookies: "" };

/** The browser keeps nothing for this site any more. */
export async function expectNothingKept(page: Page): Promise<void> {
  // What is asked at the very moment at which Chromium clears its storage is never answered: it is asked again.
  const asked = () => Promise.race([page.evaluate(whatIsKept), new Promise((done) => setTimeout(done, 2_000, "the browser does not say"))]);
  await expect.poll(asked).toEqual(NOTHING);
}
