// One tab writes. The others say so, and can take over.
import * as steps from "../support/steps.ts";
import { expect, test } from "../support/test.ts";

const ELSEWHERE = "Doorstep is open in another tab";

test("fault 20: a second tab says that the first one is open, and can take over", async ({ office, phone }) => {
  const first = await steps.enrol(phone);
  const second = await phone.newTab();
  await second.goto("/today");
  await expect(second.getByRole("heading", { name: ELSEWHERE })).toBeVisible();

  await second.getByRole("button", { name: "Use it here" }).click();
  await steps.unlock(second);
  await expect(first.getByRole("heading", { name: ELSEWHERE })).toBeVisible();
  await steps.openClient(second);
  const words = steps.marker();
  await steps.writeAndSign(second, words);
  await expect(steps.note(second, words)).toContainText(/Received|Safe/);
  await steps.expectOneNote(office, words);
});

test("fault 20: notes of two tabs that take turns without a signal all arrive once", async ({ office, phone }) => {
  const tabs = [await steps.enrol(phone), await phone.newTab()];
  await phone.cutNetwork();
  const written: string[] = [];
  for (const turn of [0, 1, 2, 3]) {
    const page = tabs[turn % 2];
    if (turn > 0) {
      await page.bringToFront();
      if (turn === 1) await page.goto("/today");
      await page.getByRole("button", { name: "Use it here" }).click();
      await steps.unlock(page);
    }
    await steps.openClient(page, turn);
    const words = steps.marker();
    await steps.writeAndSign(page, words);
    await expect(steps.note(page, words)).toContainText("Saved on this phone");
    written.push(words);
  }
  await phone.restoreNetwork();
  for (const words of written) await steps.expectOneNote(office, words);
  const seqs = await office.database.rows<{ seq: string }>("select seq from mutations order by received_at, seq");
  expect(seqs.map((row) => Number(row.seq))).toEqual([1, 2, 3, 4]);
});

test("fault 20: a crashed tab does not keep the others out", async ({ office, phone }) => {
  const first = await steps.enrol(phone);
  const second = await phone.newTab();
  const control = await phone.control(first);
  const crashed = first.waitForEvent("crash");
  // The answer never comes: the page that would give it is gone.
  control.send("Page.crash").catch(() => undefined);
  await crashed;
  await second.goto("/today");
  await steps.unlock(second);
  await steps.openClient(second);
  const words = steps.marker();
  await steps.writeAndSign(second, words);
  await steps.expectOneNote(office, words);
});
