// A device whose clock is wrong, or whose place changes.
import { setClock } from "../support/clock.ts";
import { keysOf } from "../support/disk.ts";
import * as steps from "../support/steps.ts";
import { expect, test } from "../support/test.ts";

const TEN_YEARS_MS = 10 * 365 * 24 * 60 * 60 * 1_000;

for (const [name, off_ms] of Object.entries({ "ten years fast": TEN_YEARS_MS, "ten years slow": -TEN_YEARS_MS })) {
  test(`fault 22: on a phone whose clock is ${name} a note is saved, sent and kept in its order`, async ({ office, phone }) => {
    const page = await steps.enrol(phone);
    await phone.context.addInitScript(setClock, off_ms);
    await page.reload();
    await steps.unlock(page);
    await steps.openClient(page);
    await phone.cutNetwork();
    const [first, second] = [steps.marker(), steps.marker()];
    await steps.writeAndSign(page, first);
    await expect.poll(() => page.evaluate(keysOf, "outbox")).toEqual([1]);
    // The clock is put right between two notes.
    await page.evaluate(setClock, 0);
    await steps.writeAndSign(page, second);
    await expect.poll(() => page.evaluate(keysOf, "outbox")).toEqual([1, 2]);
    await phone.restoreNetwork();
    for (const words of [first, second]) await steps.expectOneNote(office, words);
    const told = await office.database.rows<{ narrative: string; off_ms: string; received: boolean }>(
      `select narrative, extract(epoch from signed_at - now()) * 1000 as off_ms, abs(extract(epoch from received_at - now())) < 600 as received
       from audit_events join notes on note_id = entity_id where action = 'note.sign' order by event_id`,
    );
    expect(told.map((row) => [row.narrative, Math.round(Number(row.off_ms) / TEN_YEARS_MS) + 0, row.received])).toEqual([
      [first, Math.sign(off_ms), true],
      [second, 0, true],
    ]);
    expect(await office.database.value<string>("select count(*) from reviews")).toBe("0");
  });
}
