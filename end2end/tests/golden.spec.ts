// A device that was last opened by an older build: nothing that was written on it is lost by the update.
// A new version of the device's database gets a file of its own, once, by UPDATE_GOLDEN=1; a file that is there is never written again.
import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { addAgency, CLIENT, dump, EMAIL, fileOf, type Golden, goldenFiles, install, readGolden } from "../support/golden.ts";
import { pdf } from "../support/pictures.ts";
import * as steps from "../support/steps.ts";
import { expect, test } from "../support/test.ts";

const FILES = await goldenFiles();

for (const file of FILES) {
  test(`fault 17: everything unsent on a device of an older build arrives, from ${file}`, async ({ office, phone }) => {
    const golden = await readGolden(file);
    expect(golden.unsent.length).toBeGreaterThan(1);
    await addAgency(office);
    phone.expectComplaint(/status of 404.*(favicon\.ico|sync\/v1\/(push|sealed))/, "a bare page has no icon, and this server does not know the device yet");
    const page = phone.page;
    await install(page, golden);
    await steps.signInAs(page, EMAIL);
    await steps.unlock(page, golden.passphrase);
    for (const words of golden.unsent) await steps.expectOneNote(office, words);
    await steps.goTo(page, "Caseload");
    await expect(steps.clients(page)).toContainText([CLIENT]);
    await steps.openClient(page);
    for (const words of golden.unsent) await expect(steps.note(page, words)).toContainText(/Received|Safe/);
    for (const title of golden.photos ?? []) {
      const has = "select count(*)::int from attachments where title = $1 and received_at is not null";
      await expect.poll(() => office.database.value(has, [title])).toBe(1);
    }
    await steps.openNoteForm(page);
    await expect(page.getByLabel("Narrative")).toHaveValue(golden.draft);
    // In the order in which they were written, each once.
    const seqs = await office.database.rows<{ seq: string }>("select seq from mutations order by received_at, seq");
    expect(seqs.map((row) => Number(row.seq))).toEqual(golden.unsent.map((_, index) => index + 1));
  });
}

test("the version of this build has a golden file", async ({ office, phone }) => {
  await addAgency(office);
  const page = await steps.enrol(phone, EMAIL);
  await steps.openClient(page);
  await phone.cutNetwork();
  const golden: Golden = { version: 0, passphrase: steps.PASSPHRASE, unsent: [], photos: [], draft: steps.marker(), stores: {} };
  for (const number of ["first", "second", "third"]) {
    const words = `The ${number} unsent note. ${steps.marker()}`;
    await steps.openNoteForm(page);
    await page.getByLabel("Narrative").fill(words);
    if (number === "second") {
      const title = steps.marker();
      await page.getByLabel("Add photo or document").setInputFiles([pdf(`${title}.pdf`, steps.marker())]);
      await expect(page.getByLabel("Title", { exact: true })).toHaveValue(title);
      golden.photos?.push(title);
    }
    await steps.sign(page);
    await expect(steps.note(page, words)).toContainText("Saved on this phone");
    golden.unsent.push(words);
  }
  await steps.openNoteForm(page);
  await page.getByLabel("Narrative").pressSequentially(golden.draft);
  await expect(page.getByText("Draft saved")).toBeVisible();
  Object.assign(golden, await dump(page));
  if (process.env.UPDATE_GOLDEN === "1" && !existsSync(fileOf(golden.version))) {
    await writeFile(fileOf(golden.version), `${JSON.stringify(golden, null, 1)}\n`);
  }
  expect(existsSync(fileOf(golden.version)), `version ${golden.version} has no file: run this test with UPDATE_GOLDEN=1, once`).toBe(true);
  const kept = await readGolden(`device-v${golden.version}.json`);
  expect(Object.keys(golden.stores), "another set of stores is another version").toEqual(Object.keys(kept.stores));
});
