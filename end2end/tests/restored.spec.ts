// One side goes back to what it was yesterday.
import type { Page } from "@playwright/test";
import { copyProfile, removeProfile, restoreProfile } from "../support/profile.ts";
import { Database, freshName } from "../support/postgres.ts";
import * as steps from "../support/steps.ts";
import { expect, test } from "../support/test.ts";

/** So that it is this test that decides what would survive the loss of the server: nothing does. */
const NOTHING_IS_SAFE = "create or replace function surviving_lsn() returns pg_lsn language sql as 'select null::pg_lsn'";

/** Asks for a sync again and again, as a phone does whose signal comes and goes. */
async function nudgeUntil(page: Page, done: () => Promise<void>): Promise<void> {
  await expect(async () => {
    await steps.nudge(page);
    await done();
  }).toPass();
}

test("fault 10: what a restored server lost is sent again by itself, and shown so", async ({ office, phone }) => {
  await office.database.rows(NOTHING_IS_SAFE);
  const page = await steps.enrol(phone);
  phone.expectComplaint(/Failed to load resource|net::ERR_|Failed to fetch/, "the server is away for its back-up");
  await steps.openClient(page);
  const before = steps.marker();
  await steps.writeAndSign(page, before);
  await expect(steps.note(page, before)).toContainText("Received");

  await office.stop();
  await office.database.rest();
  const backUp = await Database.create(freshName("backup"), office.database.name);
  await office.start();
  const after = steps.marker();
  await steps.writeAndSign(page, after);
  await nudgeUntil(page, () => expect(steps.note(page, after)).toContainText("Received", { timeout: 1_000 }));
  await steps.expectOneNote(office, after);

  await office.stop();
  await office.database.drop();
  await backUp.rest();
  await Database.create(office.database.name, backUp.name);
  await backUp.drop();
  let letThrough: () => void = () => undefined;
  const held = new Promise<void>((done) => (letThrough = done));
  await phone.context.route("**/sync/v1/push", async (route) => {
    await held;
    await route.continue();
  });
  await office.start();
  expect(await steps.countNotes(office, after)).toBe(0);
  // What was received is not any more, and the worker sees it.
  await nudgeUntil(page, () => expect(steps.note(page, after)).toContainText("Saved on this phone", { timeout: 1_000 }));
  letThrough();
  await nudgeUntil(page, () => expect(steps.note(page, after)).toContainText("Received", { timeout: 1_000 }));
  for (const words of [before, after]) await steps.expectOneNote(office, words);
  expect(await office.database.value<string>("select count(*) from reviews")).toBe("0");
});

test("fault 11: a phone that was restored from its back-up loses and doubles nothing", async ({ office, phone }) => {
  await office.database.rows(NOTHING_IS_SAFE);
  let page = await steps.enrol(phone);
  phone.expectComplaint(/status of 401|status of 409/, "a session ends with the browser, and the server notices the copy");
  const caseId = await steps.openClient(page);
  const before = steps.marker();
  await steps.writeAndSign(page, before);
  await expect(steps.note(page, before)).toContainText("Received");
  await phone.turnOff();
  const backUp = await copyProfile(phone.profile);

  const goOn = async (words: string) => {
    await phone.start();
    page = phone.page;
    await page.goto(`/clients/${caseId}`);
    await steps.unlock(page);
    await steps.writeAndSign(page, words);
    await expect(steps.note(page, words)).toBeVisible();
    await steps.signInHere(page);
    await expect(steps.note(page, words)).toContainText("Received", { timeout: 60_000 });
  };
  const between = steps.marker();
  await goOn(between);
  await phone.turnOff();
  await restoreProfile(phone.profile, backUp);
  await removeProfile(backUp);
  const after = steps.marker();
  await goOn(after);

  for (const words of [before, between, after]) {
    await steps.expectOneNote(office, words);
    await expect(steps.note(page, words)).toHaveCount(1);
  }
  expect(await office.database.value<string>("select count(*) from reviews")).toBe("0");
  expect(await office.database.value<number>("select count(*)::int from devices where last_seq > 0"), "the copy has an identity of its own").toBe(2);
});
