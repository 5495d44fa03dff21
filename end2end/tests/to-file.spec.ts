// Words written while locked belong to no client until their author says to which.
import * as steps from "../support/steps.ts";
import { expect, test } from "../support/test.ts";

test("what was written while locked is filed to a client, checked and signed", async ({ office, phone }) => {
  const words = steps.marker();
  await office.database.rows(
    `insert into blind_notes (agency_id, blind_note_id, scope_id, author_id, about, narrative, written_at, written_offset_min, received_at)
     select agency_id, gen_random_uuid(), worker_id, worker_id, 'Mrs. A. by the harbor', $1, now() - interval '2 hours', 0, now()
     from workers where email = $2`,
    [words, steps.MARIA],
  );
  const page = await steps.enrol(phone);
  await steps.goTo(page, "Today");
  await page.getByRole("link", { name: "Say which client it is about" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Notes to file" })).toBeVisible();
  await expect(page.getByText(words)).toBeVisible();
  await page.getByRole("button", { name: /^Check and sign/ }).click();
  await expect(page.getByText("Choose the client", { exact: true }).first()).toBeVisible();
  await phone.cutNetwork();
  await page.getByLabel("Client", { exact: true }).selectOption({ index: 1 });
  await page.getByRole("button", { name: /^Check and sign/ }).click();
  await expect(page.getByText("Mrs. A. by the harbor")).toBeVisible();
  await expect(page.getByLabel("Narrative")).toHaveValue(words);
  await steps.sign(page);
  await expect(steps.note(page, words)).toContainText("Saved on this phone");
  await steps.goTo(page, "Today");
  await expect(page.getByRole("link", { name: "Say which client it is about" })).toHaveCount(0);
  await phone.restoreNetwork();
  await steps.expectOneNote(office, words);
  expect(await office.database.value("select count(*)::int from blind_notes where filed_in is not null")).toBe(1);
});

test("what was written while locked can be read and filed without a signal, as soon as the device is unlocked", async ({ office, phone }) => {
  const page = await steps.enrol(phone);
  await phone.cutNetwork();
  await steps.lock(page);
  const words = steps.marker();
  const about = steps.marker().split(" ")[0];
  await page.getByText("Write a note without unlocking").click();
  await page.getByLabel("Whom is it about?").fill(about);
  await page.getByLabel("What happened?").fill(words);
  await page.getByRole("button", { name: "Save and seal" }).click();
  await expect(page.getByText("Saved on this phone, sealed.")).toBeVisible();
  await page.reload();
  await expect(page.getByText("1 entry is saved on this phone")).toBeVisible();
  await expect(page.getByText(words)).toHaveCount(0);

  await steps.unlock(page);
  await steps.openOutbox(page);
  const entry = page.getByRole("listitem").filter({ hasText: "Note written while locked" });
  await expect(entry).toContainText("Saved on this phone");
  await entry.getByRole("link", { name: about }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Notes to file" })).toBeVisible();
  await expect(page.getByText(words)).toBeVisible();
  await page.getByLabel("Client", { exact: true }).selectOption({ index: 1 });
  await page.getByRole("button", { name: /^Check and sign/ }).click();
  await expect(page.getByLabel("Narrative")).toHaveValue(words);
  await steps.sign(page);
  await expect(steps.note(page, words)).toContainText("Saved on this phone");

  await phone.restoreNetwork();
  await expect(steps.note(page, words)).toContainText(/Received|Safe/);
  await steps.expectOneNote(office, words);
  expect(await office.database.value("select count(*)::int from blind_notes where filed_in is not null")).toBe(1);
});
