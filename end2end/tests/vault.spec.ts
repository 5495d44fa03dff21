// The locked device: who may try how often, what opens it beside the passphrase, what it hands in, and what a lock leaves behind.
import { Authenticator, byName } from "../support/authenticator.ts";
import { keysOf } from "../support/disk.ts";
import * as steps from "../support/steps.ts";
import { expect, test } from "../support/test.ts";

/** Sets the page's clock ahead; runs in the page, also before it starts. */
function setClockAhead(ms: number): void {
  const scope = window as unknown as { RealDate?: DateConstructor };
  const Real = (scope.RealDate ??= Date);
  window.Date = class extends Real {
    constructor(...given: []) {
      super(...(given.length > 0 ? given : ([Real.now() + ms] as unknown as [])));
    }
    static now(): number {
      return Real.now() + ms;
    }
  } as DateConstructor;
}

test("fault 34: each further wrong passphrase waits longer, also in a new page; ten destroy the keys of the caseload and no unsent note", async ({ office, phone }) => {
  test.slow();
  const page = await steps.enrol(phone);
  await steps.openClient(page);
  await phone.cutNetwork();
  const words = steps.marker();
  await steps.writeAndSign(page, words);
  await expect(steps.note(page, words)).toContainText("Saved on this phone");
  await steps.lock(page);
  expect((await page.evaluate(keysOf, "rows")).length).toBeGreaterThan(0);
  const unlock = page.getByRole("button", { name: "Unlock", exact: true });
  let ahead_ms = 0;
  for (let wrong = 1; wrong <= 10; wrong += 1) {
    await page.getByLabel("Passphrase", { exact: true }).fill(`not the passphrase ${wrong}`);
    await unlock.click();
    if (wrong === 10) break;
    await expect(page.getByText(`${wrong} wrong ${wrong === 1 ? "try" : "tries"} so far.`)).toBeVisible();
    if (wrong < 5) continue;
    await expect(page.getByText(/Wait \d+ (second|minute)s? before the next one/)).toBeVisible();
    // The right one has to wait as well, and a new page does not begin anew.
    await page.reload();
    await expect(page.getByText(/Wait \d+ (second|minute)s? before the next one/)).toBeVisible();
    await page.getByLabel("Passphrase", { exact: true }).fill(steps.PASSPHRASE);
    await unlock.click({ force: true });
    await expect(page.getByRole("alert")).toContainText("has to wait");
    ahead_ms += 30_000 * 2 ** (wrong - 5) + 5_000;
    await phone.context.addInitScript(setClockAhead, ahead_ms);
    await page.reload();
    await expect(page.getByText(`${wrong} wrong tries so far.`)).toBeVisible();
  }
  await expect(page.getByText("Ten wrong passphrases")).toBeVisible();
  expect(await page.evaluate(keysOf, "rows")).toEqual([]);
  expect(await page.evaluate(keysOf, "keys")).toEqual([]);
  expect(await page.evaluate(keysOf, "outbox")).toEqual([1]);
  // Its worker signs in, unlocks, and finds everything again.
  await phone.restoreNetwork();
  await steps.fillSignIn(page, steps.MARIA);
  await expect(page.getByText("your clients were removed from this device")).toBeVisible();
  await steps.expectOneNote(office, words);
  await steps.unlock(page);
  await steps.goTo(page, "Caseload");
  await expect(steps.clients(page).first()).toBeVisible();
  await steps.expectOneNote(office, words);
});

test("fault 36: the screen lock opens the device; where it is gone or another one answers, the passphrase does, and the page says so", async ({ office, turnOn }) => {
  const phone = await turnOn({ baseURL: byName(office) });
  const authenticator = await Authenticator.putInto(phone);
  const page = await steps.enrol(phone);
  await steps.openOutbox(page);
  await page.getByRole("button", { name: "Use this device's screen lock" }).click();
  await expect(page.getByText("This device's screen lock opens Doorstep too.")).toBeVisible();

  await steps.lock(page);
  const byScreenLock = page.getByRole("button", { name: "Unlock with this device's screen lock" });
  await byScreenLock.click();
  await expect(page.getByRole("navigation", { name: "Main" })).toBeVisible();
  await steps.goTo(page, "Caseload");
  await expect(steps.clients(page).first()).toBeVisible();

  // Another one answers for it, without the secret that the key was wrapped with.
  await authenticator.exchange();
  await steps.lock(page);
  await byScreenLock.click();
  await expect(page.getByRole("alert")).toContainText("cannot open Doorstep. Your passphrase does");
  await steps.unlock(page);

  // The device was reset: its passkeys are gone.
  await authenticator.reset();
  await steps.lock(page);
  await byScreenLock.click();
  await expect(page.getByRole("alert")).toContainText("The screen lock did not answer");
  await steps.unlock(page);

  // There is no authenticator at all any more.
  await authenticator.remove();
  await steps.lock(page);
  await steps.unlock(page);
  await steps.openOutbox(page);
  await page.getByRole("button", { name: "Use the passphrase only" }).click();
  await steps.lock(page);
  await expect(byScreenLock).toHaveCount(0);
  await steps.unlock(page);
});

test("fault 36: a screen lock that only tells who is there opens nothing, and the page says what does", async ({ office, turnOn }) => {
  const phone = await turnOn({ baseURL: byName(office) });
  await Authenticator.putInto(phone, phone.page, false);
  const page = await steps.enrol(phone);
  await steps.openOutbox(page);
  await page.getByRole("button", { name: "Use this device's screen lock" }).click();
  await expect(page.getByRole("alert")).toContainText("cannot open Doorstep. Your passphrase does");
  await steps.lock(page);
  await expect(page.getByRole("button", { name: "Unlock with this device's screen lock" })).toHaveCount(0);
  await steps.unlock(page);
});

test("a locked phone hands in what it holds without a session, once, and shows it as received when it is opened", async ({ office, phone }) => {
  const page = await steps.enrol(phone);
  await steps.openClient(page);
  await phone.cutNetwork();
  const words = steps.marker();
  await steps.writeAndSign(page, words);
  await expect(steps.note(page, words)).toContainText("Saved on this phone");
  await steps.lock(page);
  await expect(page.getByText("1 entry is saved on this phone")).toBeVisible();
  await steps.endSession(phone);
  await phone.restoreNetwork();
  await steps.nudge(page);
  await steps.expectOneNote(office, words);
  expect(await office.database.value<string>("select count(*) from mutations where seq is null")).toBe("1");
  await expect(page.getByText("1 entry is saved on this phone")).toHaveCount(0);
  phone.expectComplaint(/status of 401/, "the session has ended");
  await steps.unlock(page);
  await steps.signInHere(page);
  await steps.openClient(page);
  await expect(steps.note(page, words)).toContainText(/Received|Safe/);
  await expect.poll(() => office.database.value<string>("select count(*) from mutations where seq is null")).toBe("0");
  await steps.expectOneNote(office, words);
});

test("a note written while locked is sealed at once, handed in while locked, and there once", async ({ office, phone }) => {
  const page = await steps.enrol(phone);
  await phone.cutNetwork();
  await steps.lock(page);
  const words = steps.marker();
  await page.getByText("Write a note without unlocking").click();
  await page.getByRole("button", { name: "Save and seal" }).click();
  await expect(page.getByRole("alert")).toContainText("Enter whom it is about");
  await page.getByLabel("Whom is it about?").fill("Mrs. G, blue door");
  await page.getByLabel("What happened?").fill(words);
  await page.getByRole("button", { name: "Save and seal" }).click();
  await expect(page.getByText("Saved on this phone, sealed.")).toBeVisible();
  await page.reload();
  await expect(page.getByText("1 entry is saved on this phone")).toBeVisible();
  await expect(page.getByText(words)).toHaveCount(0);
  await phone.restoreNetwork();
  await steps.nudge(page);
  const count = () => office.database.value<string>("select count(*) from blind_notes where narrative = $1", [words]);
  await expect.poll(count).toBe("1");
  await steps.unlock(page);
  // Unlocked, it goes the way of everything else, to the same one effect.
  await expect.poll(() => office.database.value<string>("select count(*) from mutations where seq is null")).toBe("0");
  expect(await count()).toBe("1");
});

test("what is typed for a note of a locked device is not loaded away by an update", async ({ phone }) => {
  const page = await steps.enrol(phone);
  await steps.lock(page);
  /** What this page answers the service worker that waits with a newer build. */
  const mayUpdate = (): Promise<boolean> =>
    page.evaluate(async () => {
      // A page that was loaded a moment ago may not listen yet.
      let asking: ReturnType<typeof setInterval>;
      const answer = new Promise<boolean>((done) => {
        asking = setInterval(() => {
          const { port1, port2 } = new MessageChannel();
          port1.onmessage = (event) => done(event.data);
          navigator.serviceWorker.dispatchEvent(new MessageEvent("message", { data: { type: "may-update" }, ports: [port2] }));
        }, 200);
      });
      return await answer.finally(() => clearInterval(asking));
    });
  expect(await mayUpdate()).toBe(true);
  await page.getByText("Write a note without unlocking").click();
  await page.getByLabel("Whom is it about?").fill("Mrs. G");
  expect(await mayUpdate()).toBe(false);
  await page.getByLabel("What happened?").fill(steps.marker());
  await page.getByRole("button", { name: "Save and seal" }).click();
  await expect(page.getByText("Saved on this phone, sealed.")).toBeVisible();
  expect(await mayUpdate()).toBe(true);
});

test("a device out of service hands in what it holds, for a person to decide", async ({ office, phone }) => {
  phone.expectComplaint(/status of 403/, "the server tells a revoked device so");
  const page = await steps.enrol(phone);
  await steps.openClient(page);
  await phone.cutNetwork();
  const words = steps.marker();
  await steps.writeAndSign(page, words);
  await expect(steps.note(page, words)).toContainText("Saved on this phone");
  await office.database.rows("update devices set status = 'revoked'");
  await phone.restoreNetwork();
  await steps.nudge(page);
  await expect(page.getByText("This device was taken out of service.")).toBeVisible();
  const held = "select count(*) from reviews where code = 'device-revoked' and mutation like '%' || $1 || '%'";
  await expect.poll(() => office.database.value<string>(held, [words])).toBe("1");
  expect(await steps.countNotes(office, words)).toBe(0);
});

test("a device that nobody touches locks by itself, and leaves nothing in the page", async ({ phone }) => {
  const page = await steps.enrol(phone);
  await steps.openClient(page);
  const name = (await page.getByRole("heading", { level: 1 }).innerText()).split("\n")[0];
  await page.evaluate(setClockAhead, 6 * 60_000);
  await expect(page.getByRole("button", { name: "Unlock", exact: true })).toBeVisible();
  await expect(page.getByText(name)).toHaveCount(0);
  expect(await page.title()).not.toContain(name);
  await page.goBack();
  await expect(page.getByText(name)).toHaveCount(0);
});

test("a lock in one tab leaves nothing in another that was put aside", async ({ phone }) => {
  const first = await steps.enrol(phone);
  await steps.openClient(first);
  const name = (await first.getByRole("heading", { level: 1 }).innerText()).split("\n")[0];
  const second = await phone.newTab();
  await second.goto("/today");
  await second.getByRole("button", { name: "Use it here" }).click();
  await steps.unlock(second);
  await steps.openClient(second);
  await expect(first.getByText(name)).toHaveCount(0);
  await steps.lock(second);
  for (const page of [first, second]) {
    await expect(page.getByText(name)).toHaveCount(0);
    expect(await page.title()).not.toContain(name);
  }
});

test("a page that the browser had put aside comes back locked", async ({ phone }) => {
  const page = await steps.enrol(phone);
  await steps.openClient(page);
  const name = (await page.getByRole("heading", { level: 1 }).innerText()).split("\n")[0];
  await page.evaluate(() => dispatchEvent(new PageTransitionEvent("pageshow", { persisted: true })));
  await expect(page.getByRole("button", { name: "Unlock", exact: true })).toBeVisible();
  await expect(page.getByText(name)).toHaveCount(0);
});
