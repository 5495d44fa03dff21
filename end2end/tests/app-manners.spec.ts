// What makes a page an app: it offers to be installed and says why, and its icon shows how much waits.
import type { Page } from "@playwright/test";
import * as steps from "../support/steps.ts";
import { expect, test } from "../support/test.ts";

const badge = (page: Page) => page.evaluate(() => (window as { badge?: number }).badge);

test("where the browser offers to install the app, the page says why, and asks only when somebody wants it", async ({ phone }) => {
  const page = phone.page;
  await steps.signIn(page);
  await steps.untilAlive(page);
  await steps.openOutbox(page);
  const install = page.getByRole("button", { name: "Install", exact: true });
  // Chromium may have made its offer already; no test can answer its question. So one is made by hand in its place.
  await page.evaluate(() => {
    const offer = Object.assign(new Event("beforeinstallprompt", { cancelable: true }), {
      prompt: () => {
        Object.assign(window, { asked: true });
        return Promise.resolve({ outcome: "accepted" });
      },
    });
    window.dispatchEvent(offer);
    if (!offer.defaultPrevented) throw new Error("the browser would ask at once");
  });
  await expect(page.getByText("opens with one tap")).toBeVisible();
  expect(await page.evaluate(() => "asked" in window)).toBe(false);
  await install.click();
  expect(await page.evaluate(() => "asked" in window)).toBe(true);
  await page.evaluate(() => window.dispatchEvent(new Event("appinstalled")));
  await expect(install).toBeHidden();
});

test("the icon counts what is not sent yet, and nothing any more once the office has it", async ({ office, phone }) => {
  await phone.context.addInitScript(() => {
    Object.assign(navigator, {
      setAppBadge: (count: number) => Promise.resolve(void Object.assign(window, { badge: count })),
      clearAppBadge: () => Promise.resolve(void Object.assign(window, { badge: 0 })),
    });
  });
  const page = await steps.enrol(phone);
  await steps.openClient(page);
  // With this note the client is reached: what the next one changes is only what waits.
  const first = steps.marker();
  await steps.writeAndSign(page, first);
  await steps.expectOneNote(office, first);
  await expect(steps.note(page, first)).toContainText(/Received|Safe/);
  const before = (await badge(page)) ?? 0;
  await phone.cutNetwork();
  const words = steps.marker();
  await steps.writeAndSign(page, words);
  await expect(steps.note(page, words)).toContainText("Saved on this phone");
  expect(await badge(page)).toBe(before + 1);
  await phone.restoreNetwork();
  await steps.nudge(page);
  await steps.expectOneNote(office, words);
  await expect.poll(() => badge(page)).toBe(before);
});
