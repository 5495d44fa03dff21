// The server dies at the worst moment, or its answer does. The note arrives, once.
import * as steps from "../support/steps.ts";
import { expect, test } from "../support/test.ts";

const PUSH = "**/sync/v1/push";

test("fault 28: a phone works while the server is gone, and sends by itself when it is back", async ({ office, phone }) => {
  const page = await steps.enrol(phone);
  phone.expectComplaint(/Failed to load resource|net::ERR_|Failed to fetch/, "the server is really gone");
  await office.stop();
  await page.reload();
  await steps.unlock(page);
  await steps.openClient(page);
  const words = steps.marker();
  await steps.writeAndSign(page, words);
  await expect(steps.note(page, words)).toContainText("Saved on this phone");
  await office.start();
  await expect(steps.note(page, words)).toContainText(/Received|Safe/, { timeout: 60_000 });
  await steps.expectOneNote(office, words);
});

// Each lock holds the push's transaction at another of its steps, so that the kill meets it there.
for (const table of ["devices", "notes", "scopes", "mutations", "audit_events"]) {
  test(`fault 06: a server killed while a push waits for ${table} gets the note once`, async ({ office, phone }) => {
    const page = await steps.enrol(phone);
    phone.expectComplaint(/Failed to load resource|net::ERR_|Failed to fetch/, "the server is killed under the request");
    await steps.openClient(page);
    const words = steps.marker();
    await office.database.rows("begin");
    await office.database.rows(`lock table ${table} in access exclusive mode`);
    const asked = phone.context.waitForEvent("request", (request) => request.url().endsWith("/sync/v1/push"));
    await steps.writeAndSign(page, words);
    await asked;
    const waiting = "select count(*)::int from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()";
    await expect.poll(() => office.database.value<number>(waiting)).toBeGreaterThan(0);
    await office.kill();
    await office.database.rows("rollback");
    expect(await steps.countNotes(office, words)).toBe(0);
    await expect(steps.note(page, words)).toContainText("Saved on this phone");
    await office.start();
    await expect(steps.note(page, words)).toContainText(/Received|Safe/, { timeout: 60_000 });
    await steps.expectOneNote(office, words);
  });
}

test("fault 01: a receipt lost on its way back changes nothing", async ({ office, phone }) => {
  const page = await steps.enrol(phone);
  phone.expectComplaint(/Failed to load resource|net::ERR_|Failed to fetch/, "the answers are thrown away");
  await steps.openClient(page);
  const words = steps.marker();
  let lost = 0;
  await phone.context.route(PUSH, async (route) => {
    if (lost >= 2) return await route.continue();
    lost += 1;
    await route.fetch();
    await route.abort("connectionreset");
  });
  await steps.writeAndSign(page, words);
  await steps.expectOneNote(office, words);
  await expect(steps.note(page, words)).toContainText(/Received|Safe/, { timeout: 60_000 });
  expect(lost).toBe(2);
  await steps.expectOneNote(office, words);
  expect(await office.database.value<string>("select count(*) from reviews")).toBe("0");
});
