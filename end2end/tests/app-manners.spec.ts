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

test("while a note is written the screen stays on, and not a moment longer", async ({ phone }) => {
  await phone.context.addInitScript(() => {
    const held = { count: 0 };
    const wakeLock = {
      request: () => {
        held.count += 1;
        return Promise.resolve({ release: () => Promise.resolve(void (held.count -= 1)) });
      },
    };
    Object.defineProperty(navigator, "wakeLock", { value: wakeLock });
    Object.assign(window, { held });
  });
  const page = phone.page;
  const held = () => page.evaluate(() => (window as unknown as { held: { count: number } }).held.count);
  await steps.signIn(page);
  await steps.openClient(page);
  expect(await held()).toBe(0);
  await steps.openNoteForm(page);
  await expect.poll(held).toBe(1);
  await steps.goTo(page, "Today");
  await expect.poll(held).toBe(0);
});

for (const where of ["here", "elsewhere"] as const) {
  test(`what is dictated is written down; a voice that is understood ${where} ${where === "here" ? "is just listened to" : "is told first that it leaves the device"}`, async ({ phone }) => {
    await phone.context.addInitScript((available) => {
      class Recognition {
        static available = () => Promise.resolve(available);
        onresult?: (event: unknown) => void;
        onend?: () => void;
        start(): void {
          Object.assign(window, { recognition: this });
        }
        stop(): void {
          this.onend?.();
        }
      }
      Object.assign(window, { SpeechRecognition: Recognition, webkitSpeechRecognition: Recognition });
    }, where === "here" ? "available" : "unavailable");
    const page = phone.page;
    await steps.signIn(page);
    await steps.openClient(page);
    await steps.openNoteForm(page);
    await page.getByLabel("Narrative").fill("She was well.");
    await page.getByRole("button", { name: "Dictate", exact: true }).click();
    if (where === "elsewhere") {
      await expect(page.getByText("Others would hear this")).toBeVisible();
      expect(await page.evaluate(() => "recognition" in window)).toBe(false);
      await page.getByRole("button", { name: "Dictate all the same" }).click();
    }
    await expect(page.getByText("Listening.")).toBeVisible();
    await page.evaluate(() => {
      const { recognition } = window as unknown as { recognition: { processLocally: boolean; onresult: (event: unknown) => void } };
      const said = Object.assign([{ transcript: "The rail is up." }], { isFinal: true });
      recognition.onresult({ resultIndex: 0, results: [said] });
    });
    await expect(page.getByLabel("Narrative")).toHaveValue("She was well. The rail is up.");
    await page.getByRole("button", { name: "Stop dictating" }).click();
    await expect(page.getByText("Listening.")).toBeHidden();
  });
}

test("a draft that was discarded comes back with Undo", async ({ phone }) => {
  const page = phone.page;
  await steps.signIn(page);
  await steps.openClient(page);
  await steps.openNoteForm(page);
  const words = steps.marker();
  await page.getByLabel("Narrative").fill(words);
  await page.getByRole("button", { name: "Discard draft" }).click();
  await expect(page.getByLabel("Narrative")).toHaveValue("");
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(page.getByLabel("Narrative")).toHaveValue(words);
  await steps.goTo(page, "Today");
  await expect(page.getByRole("button", { name: "Undo" })).toHaveCount(0);
});

test("keyboard shortcuts lead to the places, and a sheet names them all", async ({ phone }) => {
  const page = phone.page;
  await steps.signIn(page);
  await steps.openClient(page);
  await page.keyboard.press("Alt+n");
  await expect(page.getByLabel("Narrative")).toBeVisible();
  await page.getByLabel("Narrative").pressSequentially("nth");
  await expect(page.getByLabel("Narrative"), "a letter alone is a letter").toHaveValue("nth");
  await page.keyboard.press("Alt+s");
  await expect(page.getByLabel("Search clients and notes")).toBeFocused();
  await page.keyboard.press("Alt+h");
  const sheet = page.getByRole("dialog", { name: "Keyboard shortcuts" });
  await expect(sheet).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(sheet).toBeHidden();
  await expect(page.getByLabel("Search clients and notes"), "the focus goes back to where it was").toBeFocused();
  await page.keyboard.press("Alt+t");
  await expect(page.getByRole("heading", { level: 1, name: "Today" })).toBeVisible();
});

test("every icon of the manifest is there in the size that it says, and an iPhone gets a picture for its screen", async ({ office, turnOn }) => {
  const device = await turnOn({ viewport: { width: 390, height: 844 } });
  const page = device.page;
  await device.context.addInitScript(() => {
    Object.defineProperty(Navigator.prototype, "standalone", { value: false });
    Object.defineProperty(window, "devicePixelRatio", { value: 3 });
    Object.defineProperties(Screen.prototype, { width: { value: 390 }, height: { value: 844 } });
  });
  await page.goto("/sign-in");
  await steps.untilAlive(page);
  const sizeOf = (src: string) =>
    page.evaluate(async (src) => {
      const image = Object.assign(new Image(), { src });
      await image.decode();
      return `${image.naturalWidth}x${image.naturalHeight}`;
    }, src);
  const manifest = (await (await page.request.get("/manifest.webmanifest")).json()) as { icons: { src: string; sizes: string; purpose?: string }[] };
  const drawn = manifest.icons.filter(({ sizes }) => sizes !== "any");
  for (const { src, sizes } of drawn) expect(await sizeOf(src), src).toBe(sizes);
  expect(drawn.filter(({ purpose }) => purpose === "maskable").map(({ sizes }) => sizes)).toEqual(["192x192", "512x512"]);
  const splash = await page.locator('link[rel="apple-touch-startup-image"]').getAttribute("href");
  expect(await sizeOf(splash ?? "")).toBe("1170x2532");
  expect(await sizeOf("/icons/apple-touch-icon.png")).toBe("180x180");
  expect(office.log).not.toContain("404");
});
