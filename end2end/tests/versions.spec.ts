// Two builds that keep their data in two shapes, in one browser.
import type { Page } from "@playwright/test";
import * as steps from "../support/steps.ts";
import { expect, test } from "../support/test.ts";

/** Opens the device's database as a much newer build would; says what happened. */
async function openAsNewerBuild(page: Page): Promise<string> {
  return await page.evaluate(
    () =>
      new Promise<string>((done) => {
        const opening = indexedDB.open("doorstep", 99);
        opening.onsuccess = () => (opening.result.close(), done("opened"));
        opening.onerror = () => done(`refused: ${opening.error?.name}`);
      }),
  );
}

test("fault 18: an old tab lets go of the database for a newer build, and says why it cannot save", async ({ phone }) => {
  const old = await steps.enrol(phone);
  phone.expectComplaint(/status of 404.*favicon/, "a bare page has no icon");
  await steps.openClient(old);
  await steps.openNoteForm(old);
  const words = steps.marker();
  await old.getByLabel("Narrative").fill(words);
  await expect(old.getByText("Draft saved")).toBeVisible();

  const newer = await phone.newTab();
  await newer.goto("/healthz");
  // It would wait for ever if the old tab held on.
  expect(await openAsNewerBuild(newer)).toBe("opened");
  await newer.close();
  await steps.sign(old);
  await expect(old.getByRole("alert")).toContainText("A newer Doorstep was opened in another tab");
  await expect(old.getByLabel("Narrative"), "what was typed stays where it is").toHaveValue(words);
  await expect(old.getByText(/^Saved on this phone/)).toHaveCount(0);
});

test("fault 18: an old build that finds a newer database says so and touches nothing", async ({ phone }) => {
  const page = await steps.enrol(phone);
  phone.expectComplaint(/status of 404.*favicon/, "a bare page has no icon");
  await page.goto("/healthz");
  // The service worker of an enrolled device answers every page with the shell, so this one starts the app: leave it locked.
  expect(await openAsNewerBuild(page)).toBe("opened");
  await page.goto("/today");
  await expect(page.getByRole("heading", { name: "A newer Doorstep was here" })).toBeVisible();
  await expect(page.getByText("Do not clear this browser's data")).toBeVisible();
  const version = await page.evaluate(async () => (await indexedDB.databases()).map((database) => [database.name, database.version]));
  expect(version).toEqual([["doorstep", 99]]);
});
