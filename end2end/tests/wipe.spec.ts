// A device that was reported as lost: it hands in what was signed on it, then keeps nothing, and says so.
import { gunzipSync } from "node:zlib";
import type { Route } from "@playwright/test";
import type { Device } from "../support/device.ts";
import { keysOf } from "../support/disk.ts";
import { EMPTIED, expectNothingKept, openLostDevice, reportLost, whatIsKept } from "../support/lost.ts";
import { findOnDisk } from "../support/profile.ts";
import * as steps from "../support/steps.ts";
import { expect, test } from "../support/test.ts";

const WIPED = "**/sync/v1/wiped";
const SEALED = "**/sync/v1/sealed";

function expectRefusals(device: Device): void {
  device.expectComplaint(/status of 40[13]/, "the sessions of a lost device have ended");
}

/** How many mutations a request to hand in carries. */
function mutationsOf(route: Route): { mid: string }[] {
  const body = route.request().postDataBuffer() ?? Buffer.alloc(0);
  const text = route.request().headers()["content-encoding"] === "gzip" ? gunzipSync(body) : body;
  return (JSON.parse(text.toString()) as { mutations: { mid: string }[] }).mutations;
}

test("fault 41: a lost device hands in its unsent note at its next contact, then keeps nothing, and the supervisor sees it", async ({ office, phone, turnOn }) => {
  expectRefusals(phone);
  const page = await steps.enrol(phone);
  await steps.openClient(page);
  await phone.cutNetwork();
  const words = steps.marker();
  await steps.writeAndSign(page, words);
  await expect(steps.note(page, words)).toContainText("Saved on this phone");
  const desk = await turnOn();
  await reportLost(desk.page, office);
  expect(await steps.countNotes(office, words)).toBe(0);

  // The note is there before the device says that it is empty.
  let there = -1;
  await page.route(WIPED, async (route) => {
    there = await steps.countNotes(office, words);
    await route.continue();
  });
  const said = page.waitForResponse(WIPED);
  await phone.restoreNetwork();
  const answer = await said;
  expect(there).toBe(1);
  expect(answer.status()).toBe(200);
  expect(await answer.headerValue("clear-site-data")).toBe('"cache", "cookies", "storage"');
  await expect(page.getByRole("heading", { name: EMPTIED })).toBeVisible();
  await steps.expectOneNote(office, words);
  await expectNothingKept(page);
  expect(await phone.context.cookies()).toEqual([]);

  await steps.goTo(desk.page, "Today");
  await openLostDevice(desk.page, office);
  await expect(desk.page.getByText("Wiped", { exact: true })).toBeVisible();
  await page.goto("/caseload");
  await expect(page.getByRole("button", { name: "Sign in", exact: true })).toBeVisible();
  await phone.turnOff();
  expect(await findOnDisk(phone.profile, [...words.split(" "), steps.PASSPHRASE]), "in what the browser leaves behind").toEqual([]);
});

test("fault 41: a lost device that is locked keeps a note that is not taken until it is, and empties itself then", async ({ office, phone, turnOn }) => {
  expectRefusals(phone);
  const page = await steps.enrol(phone);
  await steps.openClient(page);
  await phone.cutNetwork();
  const words = steps.marker();
  await steps.writeAndSign(page, words);
  await expect(steps.note(page, words)).toContainText("Saved on this phone");
  await steps.lock(page);
  const desk = await turnOn();
  await reportLost(desk.page, office);

  let offered = 0;
  await page.route(SEALED, async (route) => {
    const mutations = mutationsOf(route);
    if (mutations.length === 0) return await route.continue();
    offered += 1;
    const results = mutations.map(({ mid }) => ({ mid, status: "not-attempted" }));
    const answer = { incarnation: crypto.randomUUID(), server_time: new Date().toISOString(), results, wipe: true, offline_storage: true };
    await route.fulfill({ contentType: "application/json", body: JSON.stringify(answer) });
  });
  await phone.restoreNetwork();
  for (const times of [1, 2]) {
    await steps.nudge(page);
    await expect.poll(() => offered).toBeGreaterThanOrEqual(times);
  }
  await expect(page.getByText("1 entry is saved on this phone")).toBeVisible();
  expect(await page.evaluate(keysOf, "outbox")).toEqual([1]);
  expect(await page.evaluate(keysOf, "hand-in")).toHaveLength(1);
  await expect(page.getByRole("button", { name: "Unlock", exact: true })).toBeVisible();

  await page.unroute(SEALED);
  await steps.nudge(page);
  await expect(page.getByRole("heading", { name: EMPTIED })).toBeVisible();
  await steps.expectOneNote(office, words);
  await expectNothingKept(page);
  expect(await office.database.value("select count(*)::int from devices where wiped_at is not null")).toBe(1);
});

test("a lost device on which its worker signs in again sends its notes, and empties itself", async ({ office, phone, turnOn }) => {
  expectRefusals(phone);
  phone.expectComplaint(/ERR_FAILED/, "this test keeps sealed notes from the server");
  const page = await steps.enrol(phone);
  await page.route(SEALED, (route) => route.abort());
  await steps.openClient(page);
  const desk = await turnOn();
  await reportLost(desk.page, office);
  const words = steps.marker();
  await steps.writeAndSign(page, words);
  await expect(page.getByText("Your session has ended")).toBeVisible();
  await expect(steps.note(page, words)).toContainText("Saved on this phone");
  await steps.signInHere(page);
  await expect(page.getByRole("heading", { name: EMPTIED })).toBeVisible();
  await steps.expectOneNote(office, words);
  await expectNothingKept(page);
});

test("a device that was emptied without a signal says so at its next start", async ({ office, phone, turnOn }) => {
  expectRefusals(phone);
  phone.expectComplaint(/ERR_FAILED/, "this test loses what the device says");
  const page = await steps.enrol(phone);
  const desk = await turnOn();
  await reportLost(desk.page, office);
  await phone.context.route(WIPED, (route) => route.abort());
  await steps.nudge(page);
  await expect(page.getByRole("heading", { name: EMPTIED })).toBeVisible();
  expect(await page.evaluate(keysOf, "keyring"), "nothing is left but what it has to say").toEqual(["wiped"]);
  expect(await page.evaluate(keysOf, "rows")).toEqual([]);
  expect(await office.database.value("select count(*)::int from devices where wiped_at is not null")).toBe(0);
  await phone.turnOff();
  await phone.start();
  await phone.page.goto("/sign-in");
  await expect.poll(() => office.database.value("select count(*)::int from devices where wiped_at is not null")).toBe(1);
  await expect.poll(() => phone.page.evaluate(whatIsKept).catch(() => undefined)).toMatchObject({ databases: [] });
});
