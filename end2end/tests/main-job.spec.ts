// The job that Doorstep exists for: a visit note written without a signal reaches PostgreSQL, once.
import { PHONE, TABLET } from "../support/device.ts";
import * as steps from "../support/steps.ts";
import { expect, test } from "../support/test.ts";

for (const [name, viewport] of Object.entries({ phone: PHONE, tablet: TABLET })) {
  test(`a note written on a ${name} without a signal reaches PostgreSQL once`, async ({ office, turnOn }) => {
    const device = await turnOn({ viewport });
    const page = await steps.enrol(device);
    const words = `She has food for the week. ${steps.marker()}`;

    await device.cutNetwork();
    await page.reload();
    await steps.unlock(page);
    await steps.openClient(page);
    await steps.writeAndSign(page, words);
    await expect(steps.note(page, words)).toContainText("Saved on this phone");
    await expect(page.getByText(/^Saved on this phone/).first(), "the worker sees it without scrolling").toBeInViewport();
    expect(await steps.countNotes(office, words)).toBe(0);

    await device.restoreNetwork();
    await expect(steps.note(page, words)).toContainText(/Received|Safe/);
    await steps.expectOneNote(office, words);
    const [row] = await office.database.rows<{ email: string; received: boolean; log: string }>(
      `select w.email, n.received_at is not null as received,
              (select count(*) from mutations m where m.status = 'applied') as log
       from notes n join workers w on w.agency_id = n.agency_id and w.worker_id = n.author_id where n.narrative = $1`,
      [words],
    );
    expect(row).toEqual({ email: steps.MARIA, received: true, log: "1" });

    await page.reload();
    await steps.unlock(page);
    await expect(steps.note(page, words)).toContainText(/Received|Safe/);
    await steps.expectOneNote(office, words);
  });
}

test("a note becomes safe when its part of the log is archived", async ({ office, phone }) => {
  const archives = await office.database.value<string>("select setting from pg_settings where name = 'archive_mode'");
  test.skip(archives === "off", "this cluster archives nothing");
  const page = await steps.enrol(phone);
  const words = steps.marker();
  await steps.openClient(page);
  await steps.writeAndSign(page, words);
  await expect(steps.note(page, words)).toContainText(/Received|Safe/);
  await office.database.rows("select pg_switch_wal()");
  await expect(steps.note(page, words)).toContainText("Safe", { timeout: 60_000 });
});

test("fault 28: what needs a signal says so, and what was written offline goes out by itself", async ({ office, phone }) => {
  const page = await steps.enrol(phone);
  await steps.openClient(page);
  const first = steps.marker();
  const second = steps.marker();
  await phone.cutNetwork();
  await steps.writeAndSign(page, first);
  await expect(steps.note(page, first)).toContainText("Saved on this phone");
  await steps.writeAndSign(page, second);
  await expect(steps.note(page, second)).toContainText("Saved on this phone");
  await expect(page.getByText("No connection", { exact: false }).first()).toBeVisible();
  await expect(page.getByRole("banner")).toContainText("On this phone · 2 to send");
  await steps.openOutbox(page);
  await expect(page.getByText(/^Saved on this phone/)).toHaveCount(2);

  await phone.restoreNetwork();
  await steps.expectOneNote(office, first);
  await steps.expectOneNote(office, second);
  await expect(page.getByText(/^Saved on this phone/)).toHaveCount(0);
});
