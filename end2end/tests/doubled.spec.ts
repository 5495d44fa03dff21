// A line that sends things twice, late, or in another order.
import { gunzipSync } from "node:zlib";
import * as steps from "../support/steps.ts";
import { expect, test } from "../support/test.ts";

const PUSH = "**/sync/v1/push";

test("fault 02: a push that arrives twice at the same time has one effect", async ({ office, phone }) => {
  const page = await steps.enrol(phone);
  await steps.openClient(page);
  let pairs = 0;
  await phone.context.route(PUSH, async (route) => {
    const [, second] = await Promise.all([route.fetch(), route.fetch()]);
    pairs += 1;
    await route.fulfill({ response: second });
  });
  const written: string[] = [];
  for (let number = 0; number < 5; number += 1) {
    const words = steps.marker();
    await steps.writeAndSign(page, words);
    await expect(steps.note(page, words)).toContainText(/Received|Safe/);
    written.push(words);
  }
  expect(pairs).toBeGreaterThanOrEqual(5);
  for (const words of written) await steps.expectOneNote(office, words);
  expect(await office.database.value<string>("select count(*) from mutations")).toBe("5");
});

test("fault 03: a push that arrives after later ones changes nothing any more", async ({ office, phone }) => {
  const page = await steps.enrol(phone);
  phone.expectComplaint(/net::ERR_FAILED|Failed to load resource/, "the line breaks under the first push");
  await steps.openClient(page);
  const held: { body: string; headers: Record<string, string> }[] = [];
  await phone.context.route(PUSH, async (route) => {
    if (held.length > 0) return await route.continue();
    // It is on its way somewhere; the phone hears nothing of it any more.
    held.push({ body: route.request().postData() ?? "", headers: { "content-type": "application/json" } });
    await route.abort();
  });
  const [first, second] = [steps.marker(), steps.marker()];
  await steps.writeAndSign(page, first);
  await expect.poll(() => held.length).toBe(1);
  await steps.writeAndSign(page, second);
  await steps.nudge(page);
  for (const words of [first, second]) await expect(steps.note(page, words)).toContainText(/Received|Safe/);

  const late = await page.request.post("/sync/v1/push", { data: held[0].body, headers: held[0].headers });
  expect(late.status()).toBe(200);
  const { results } = (await late.json()) as { results: { status: string; seq: number }[] };
  expect(results.map((result) => [result.seq, result.status])).toEqual([[1, "applied"]]);
  for (const words of [first, second]) await steps.expectOneNote(office, words);
});

test("fault 03: a push that comes before its time is told what is missing, and healed by the phone", async ({ office, phone }) => {
  const page = await steps.enrol(phone);
  phone.expectComplaint(/net::ERR_FAILED|Failed to load resource/, "the server answers a gap with 409");
  await steps.openClient(page);
  await phone.cutNetwork();
  const written = [steps.marker(), steps.marker(), steps.marker()];
  for (const words of written) {
    await steps.writeAndSign(page, words);
    await expect(steps.note(page, words)).toContainText("Saved on this phone");
  }
  // The first push loses its first mutation on the way: the server sees the second one before the first.
  let cut = 0;
  await phone.context.route(PUSH, async (route) => {
    if (cut > 0) return await route.continue();
    cut += 1;
    const { "content-encoding": packed, ...headers } = route.request().headers();
    const sent = route.request().postDataBuffer() ?? Buffer.alloc(0);
    const body = JSON.parse((packed ? gunzipSync(sent) : sent).toString("utf8"));
    const response = await route.fetch({ headers, postData: JSON.stringify({ ...body, mutations: body.mutations.slice(1) }) });
    expect(response.status()).toBe(409);
    await route.fulfill({ response });
  });
  await phone.restoreNetwork();
  for (const words of written) await expect(steps.note(page, words)).toContainText(/Received|Safe/, { timeout: 60_000 });
  for (const words of written) await steps.expectOneNote(office, words);
  const seqs = await office.database.rows<{ seq: string }>("select seq from mutations order by received_at, seq");
  expect(seqs.map((row) => Number(row.seq))).toEqual([1, 2, 3]);
});
