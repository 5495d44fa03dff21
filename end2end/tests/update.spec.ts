// A newer build waits until nothing is being written.
import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { makeNextBuild, RESTARTS, serveNext, updateWhenNothingIsOnItsWay } from "../support/next-build.ts";
import * as steps from "../support/steps.ts";
import { expect, test } from "../support/test.ts";

test("fault 19: a newer build is offered, does not disturb what is being written, and takes over when asked", async ({ office, phone }) => {
  const page = await steps.enrol(phone);
  await steps.openClient(page);
  await steps.openNoteForm(page);
  const words = steps.marker();
  await page.getByLabel("Narrative").pressSequentially(words);
  await expect(page.getByText("Draft saved")).toBeVisible();
  const before = await page.getAttribute("html", "data-build");

  phone.expectComplaint(RESTARTS, "the server restarts");
  const next = await makeNextBuild();
  try {
    await office.stop();
    await office.start(next);
    await page.evaluate(() => Object.assign(window, { sameDocument: true }));
    await page.evaluate(async () => void (await (await navigator.serviceWorker.ready).update()));
    await expect(page.getByText("A newer Doorstep is ready")).toBeVisible();
    expect(await page.evaluate(() => "sameDocument" in window)).toBe(true);
    await expect(page.getByLabel("Narrative")).toHaveValue(words);

    await page.getByRole("button", { name: "Update now" }).click();
    await steps.unlock(page);
    await expect(page.getByLabel("Narrative")).toHaveValue(words);
    expect(await page.getAttribute("html", "data-build")).not.toBe(before);
    await steps.sign(page);
    await steps.expectOneNote(office, words);
  } finally {
    await rm(next, { recursive: true, force: true });
  }
});

test("fault 19: a build whose files are not what its manifest says is never installed", async ({ office, phone }) => {
  const page = await steps.enrol(phone);
  phone.expectComplaint(/integrity|Failed to load resource|net::ERR_|Failed to fetch|Failed to find a valid digest/, "the spoiled file is refused");
  const next = await makeNextBuild();
  try {
    const manifest = JSON.parse(await readFile(join(next, "manifest.json"), "utf8"));
    await writeFile(join(next, manifest.files["style.css"].url), "/* not what was promised */");
    await office.stop();
    await office.start(next);
    const outcome = await page.evaluate(async () => {
      const registration = await navigator.serviceWorker.ready;
      const worker = new Promise<string>((done) => {
        registration.addEventListener("updatefound", () => {
          const installing = registration.installing;
          installing?.addEventListener("statechange", () => done(installing.state));
        });
      });
      await registration.update().catch(() => undefined);
      return await worker;
    });
    expect(outcome).toBe("redundant");
    await page.reload();
    await steps.unlock(page);
    await expect(page.getByText("A newer Doorstep is ready")).toBeHidden();
  } finally {
    await rm(next, { recursive: true, force: true });
  }
});

test("fault 19: a newer build waits for what is half written in another tab, and then all tabs go over together", async ({ office, phone }) => {
  phone.expectComplaint(RESTARTS, "the server restarts");
  const writing = phone.page;
  await steps.signIn(writing);
  await steps.untilShellIsKept(writing);
  const reading = await phone.newTab();
  await reading.goto("/caseload");
  await steps.untilAlive(reading);
  const before = await reading.getAttribute("html", "data-build");
  await steps.openClient(writing);
  await steps.openNoteForm(writing);
  const words = steps.marker();
  // This browser is not set up: what is typed is in this tab's memory only.
  await writing.getByLabel("Narrative").pressSequentially(words);
  await expect(writing.getByText("Draft kept in this page only")).toBeVisible();

  const next = await makeNextBuild();
  try {
    await serveNext(office, reading, next);
    await writing.evaluate(() => Object.assign(window, { sameDocument: true }));
    await reading.getByRole("button", { name: "Update now" }).click();
    await expect(reading.getByText("Something is still being written or sent")).toBeVisible();
    expect(await writing.evaluate(() => "sameDocument" in window)).toBe(true);
    await expect(writing.getByLabel("Narrative")).toHaveValue(words);
    expect(await reading.evaluate(async () => (await navigator.serviceWorker.ready).waiting?.state)).toBe("installed");

    await writing.bringToFront();
    await steps.sign(writing);
    await expect(steps.note(writing, words)).toContainText(/Received|Safe/, { timeout: 60_000 });
    await reading.bringToFront();
    // A tab in the background of a busy machine may answer too late, which counts as no: ask again, as a person would.
    await expect(async () => {
      for (const page of [reading, writing]) {
        const ask = page.getByRole("button", { name: "Update now" });
        if (await ask.isVisible()) await ask.click();
      }
      const builds = await Promise.all([reading, writing].map((page) => page.getAttribute("html", "data-build").catch(() => before)));
      expect(builds).not.toContain(before);
    }).toPass({ intervals: [5_000], timeout: 60_000 });
    await steps.expectOneNote(office, words);
  } finally {
    await rm(next, { recursive: true, force: true });
  }
});

test("fault 19: a newer build waits for a push that is under way", async ({ office, phone }) => {
  phone.expectComplaint(RESTARTS, "the server restarts");
  const page = await steps.enrol(phone);
  await steps.openClient(page);
  const next = await makeNextBuild();
  try {
    await serveNext(office, page, next);
    let letThrough: () => void = () => undefined;
    const held = new Promise<void>((done) => (letThrough = done));
    await phone.context.route("**/sync/v1/push", async (route) => {
      await held;
      await route.continue();
    });
    await page.evaluate(() => Object.assign(window, { sameDocument: true }));
    const words = steps.marker();
    const asked = phone.context.waitForEvent("request", (request) => request.url().endsWith("/sync/v1/push"));
    await steps.writeAndSign(page, words);
    await asked;
    await page.getByRole("button", { name: "Update now" }).click();
    await expect(page.getByText("Something is still being written or sent")).toBeVisible();
    expect(await page.evaluate(() => "sameDocument" in window)).toBe(true);
    letThrough();
    await expect(steps.note(page, words)).toContainText(/Received|Safe/);
    await updateWhenNothingIsOnItsWay(page);
    expect(await page.evaluate(() => "sameDocument" in window)).toBe(false);
    await steps.expectOneNote(office, words);
  } finally {
    await rm(next, { recursive: true, force: true });
  }
});

test("fault 19: an enrolled device starts and unlocks with its own build though the server has lost its files", async ({ office, phone }) => {
  phone.expectComplaint(RESTARTS, "the server restarts");
  const page = await steps.enrol(phone);
  const build = await page.getAttribute("html", "data-build");
  const asked: string[] = [];
  await phone.context.route("**/assets/**", async (route) => {
    asked.push(new URL(route.request().url()).pathname);
    await route.fulfill({ status: 404 });
  });
  await page.reload();
  await steps.unlock(page);
  await steps.openClient(page);
  const words = steps.marker();
  await steps.writeAndSign(page, words);
  await expect(steps.note(page, words)).toContainText(/Received|Safe/);
  await steps.expectOneNote(office, words);
  expect(await page.getAttribute("html", "data-build")).toBe(build);
  expect(asked, "everything came from the kept build").toEqual([]);
});

test("fault 19: a page of an old build whose missing part is gone loads the new build, once", async ({ office, phone }) => {
  phone.expectComplaint(RESTARTS, "the server restarts, and a part is gone");
  phone.expectComplaint(/WebAssembly|bad HTTP response code/, "the part that is gone does not start, nor does a service worker");
  const page = phone.page;
  await steps.signIn(page);
  await page.evaluate(async () => {
    for (const registration of await navigator.serviceWorker.getRegistrations()) await registration.unregister();
    for (const name of await caches.keys()) await caches.delete(name);
  });
  let isGone = true;
  await phone.context.route("**/assets/inside.*", (route) => (isGone ? route.fulfill({ status: 404 }) : route.continue()));
  await phone.context.route("**/sw.js", (route) => route.fulfill({ status: 503 }));
  const loads: string[] = [];
  page.on("domcontentloaded", () => loads.push(page.url()));
  const next = await makeNextBuild();
  try {
    await page.goto("/caseload");
    const before = await page.getAttribute("html", "data-build");
    await expect(steps.clients(page).first()).toBeVisible();
    await office.stop();
    await phone.context.route("**/shell", async (route) => {
      const response = await route.fetch();
      // The parts of the build that the server has now are there.
      if (!(await response.text()).includes(`data-build="${before}"`)) isGone = false;
      await route.fulfill({ response });
    });
    await office.start(next);
    await steps.untilAlive(page);
    expect(await page.getAttribute("html", "data-build")).not.toBe(before);
    expect(loads.length, "one page, and one reload").toBe(2);
    await steps.openClient(page);
  } finally {
    await rm(next, { recursive: true, force: true });
  }
});

test("fault 19: a shell of another build than its service worker is loaded anew once, and no more", async ({ phone }) => {
  phone.expectComplaint(RESTARTS, "loading anew breaks off what was being loaded");
  phone.expectComplaint(/WebAssembly/, "and so a part that was just starting");
  const page = await steps.enrol(phone);
  await page.evaluate(async () => {
    const name = (await caches.keys()).find((name) => /^doorstep-[0-9a-f]+$/.test(name)) ?? "";
    const cache = await caches.open(name);
    const shell = await cache.match("/shell");
    const text = ((await shell?.text()) ?? "").replace(/data-build="[^"]*"/, 'data-build="0123456789abcdef"');
    await cache.put("/shell", new Response(text, { headers: shell?.headers }));
  });
  let loads = 0;
  page.on("domcontentloaded", () => (loads += 1));
  await page.goto("/today");
  await expect.poll(() => loads).toBe(2);
  // It stays as it is, and can be used.
  await steps.unlock(page);
  await steps.openClient(page);
  expect(loads).toBe(2);
});
