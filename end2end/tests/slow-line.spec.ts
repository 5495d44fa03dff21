// A large caseload over a line of the year 2000.
import { gunzipSync } from "node:zlib";
import type { Request } from "@playwright/test";
import * as steps from "../support/steps.ts";
import { expect, test } from "../support/test.ts";

interface Held {
  [scope: string]: { epoch: number; head: number };
}

/** What a pull said that the device holds. */
function heldIn(request: Request): Held {
  const sent = request.postDataBuffer() ?? Buffer.alloc(0);
  const text = request.headers()["content-encoding"] === "gzip" ? gunzipSync(sent) : sent;
  return (JSON.parse(text.toString("utf8")) as { scopes: Held }).scopes;
}

const sum = (held: Held) => Object.values(held).reduce((total, { head }) => total + head, 0);

test("fault 29: a long pull over a slow line goes on after a kill where it stopped", async ({ office, phone }) => {
  test.slow();
  let page = await steps.enrol(phone);
  await page.reload();
  await office.database.rows(
    `insert into notes (agency_id, note_id, case_id, scope_id, author_id, occurred_at, occurred_offset_min, duration_min, mode, reached, purpose,
         narrative, signed_at, signed_offset_min, received_at)
     select c.agency_id, gen_random_uuid(), c.case_id, c.scope_id, c.primary_worker_id, now() - n * interval '1 hour', 0, 30, 'home', 'client',
         'monitoring', (select string_agg(md5(n::text || k::text || c.case_id::text), ' ') from generate_series(1, 60) k), now(), 0, now()
     from cases c, generate_series(1, 150) n where c.primary_worker_id = (select worker_id from workers where email = $1)`,
    [steps.MARIA],
  );
  const total = Number(
    await office.database.value<string>(
      `select sum(s.head) from scopes s join visible_scopes v using (agency_id, scope_id)
       where v.worker_id = (select worker_id from workers where email = $1) and v.expires_at is null`,
      [steps.MARIA],
    ),
  );
  const pulls: Held[] = [];
  const watch = () =>
    phone.context.on("request", (request) => {
      if (request.url().endsWith("/sync/v1/pull")) pulls.push(heldIn(request));
    });
  const slowDown = async () => {
    const control = await phone.control();
    await control.send("Network.enable");
    // Fast 2G: 450 kbit/s, 150 ms there and back.
    await control.send("Network.emulateNetworkConditions", { offline: false, latency: 150, downloadThroughput: 56_000, uploadThroughput: 18_000 });
  };
  watch();
  await slowDown();
  await steps.unlock(page);
  await expect.poll(() => pulls.length, { timeout: 90_000, intervals: [20] }).toBeGreaterThan(3);
  await phone.kill();
  const first = sum(pulls[0]);
  const reached = sum(pulls[pulls.length - 1]);
  expect(reached, "the pull was under way").toBeGreaterThan(first);
  expect(reached, "and not at its end").toBeLessThan(total);

  pulls.length = 0;
  phone.expectComplaint(/status of 401/, "a session ends with the browser, and the server says so");
  await phone.start();
  page = phone.page;
  watch();
  await page.goto("/caseload");
  await slowDown();
  await steps.unlock(page);
  await steps.signInHere(page);
  await expect.poll(() => (pulls.length > 0 ? sum(pulls[pulls.length - 1]) : 0), { timeout: 150_000 }).toBe(total);
  // What the last answer before the kill brought may not have reached the disk; everything before it has.
  expect(sum(pulls[0])).toBeGreaterThan(first);
  expect(sum(pulls[0])).toBeGreaterThanOrEqual(reached * 0.5);
});
