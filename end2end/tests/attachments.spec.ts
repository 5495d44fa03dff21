// Photos and documents of notes: sealed on the phone, sent beside the notes, never in their way.
import type { BrowserContext, Locator, Page, Route } from "@playwright/test";
import { keysOf } from "../support/disk.ts";
import type { Office } from "../support/office.ts";
import { type Chosen, pdf, photo } from "../support/pictures.ts";
import * as steps from "../support/steps.ts";
import { expect, test } from "../support/test.ts";

const BEGIN = "**/sync/v1/attachments/begin";
const CHUNK = "**/sync/v1/attachments/chunk";

/** In the open form: attaches files, and waits until they are sealed. */
async function attach(page: Page, ...files: Chosen[]): Promise<void> {
  const before = await page.getByLabel("Title", { exact: true }).count();
  await page.getByLabel("Add photo or document").setInputFiles(files);
  await expect(page.getByLabel("Title", { exact: true })).toHaveCount(before + files.length);
}

/** From a client's page: a note of these words with these files. */
async function signWith(page: Page, words: string, ...files: Chosen[]): Promise<void> {
  await steps.openNoteForm(page);
  await page.getByLabel("Narrative").fill(words);
  await attach(page, ...files);
  await steps.sign(page);
}

/** The line of an attachment on a note's card. */
function lineOf(page: Page, words: string, title: string): Locator {
  return steps.note(page, words).getByRole("list", { name: "Photos and documents" }).getByRole("listitem").filter({ hasText: title });
}

async function received(office: Office): Promise<number> {
  return Number(await office.database.value("select count(*) from attachments where received_at is not null"));
}

async function idOf(office: Office, title: string): Promise<string> {
  return await office.database.value<string>("select attachment_id from attachments where title = $1", [title]);
}

/** The content as the server gives it to whoever is signed in here. */
async function fetched(context: BrowserContext, office: Office, title: string): Promise<{ status: number; body: Buffer }> {
  const answer = await context.request.post("/sync/v1/attachments/fetch", { data: { attachment_id: await idOf(office, title) } });
  return { status: answer.status(), body: await answer.body() };
}

function chunkOf(route: Route): number {
  return Number(route.request().headers()["doorstep-chunk"]);
}

test("a note that was written offline is received first and its photo after it, without a word of where it was taken", async ({ office, phone, turnOn }) => {
  const page = await steps.enrol(phone);
  await steps.openClient(page);
  await phone.cutNetwork();
  const [words, title, place] = [steps.marker(), `Stair ${steps.marker()}`, steps.marker()];
  await signWith(page, words, await photo(page, `${title}.jpg`, place));
  const line = lineOf(page, words, title);
  await expect(line).toContainText("Saved on this phone");
  // It can be looked at here before anybody else has it.
  await line.getByRole("button", { name: `Open ${title}` }).click();
  await expect(line.getByRole("img", { name: title })).toBeVisible();
  await expect.poll(() => line.getByRole("img").evaluate((picture: HTMLImageElement) => picture.naturalWidth)).toBe(900);
  await line.getByRole("button", { name: `Close ${title}` }).click();

  let holding = true;
  const held: (() => void)[] = [];
  await phone.context.route(CHUNK, async (route) => {
    if (holding) await new Promise<void>((done) => held.push(done));
    await route.continue();
  });
  await phone.restoreNetwork();
  await steps.nudge(page);
  await steps.expectOneNote(office, words);
  await expect(steps.note(page, words).locator(".note__foot")).toContainText(/Received|Safe/);
  await expect.poll(() => held.length).toBeGreaterThan(0);
  await expect(line).toContainText(/Sending 1 of \d/);
  expect(await received(office)).toBe(0);
  holding = false;
  held.forEach((done) => done());
  await expect(line).toContainText("Received");
  await expect.poll(() => received(office)).toBe(1);
  // Nothing of it is left on the phone.
  for (const store of ["attachments", "parcels", "chunks"]) await expect.poll(() => page.evaluate(keysOf, store)).toEqual([]);

  const { status, body } = await fetched(phone.context, office, title);
  expect(status).toBe(200);
  expect(body.subarray(0, 3)).toEqual(Buffer.from([0xff, 0xd8, 0xff]));
  expect(body.includes("Exif") || body.includes(place)).toBe(false);
  // Now it comes from the server.
  await line.getByRole("button", { name: `Open ${title}` }).click();
  await expect.poll(() => line.getByRole("img").evaluate((picture: HTMLImageElement) => picture.naturalWidth)).toBe(900);

  // Another worker does not get it, whatever they ask.
  const other = await turnOn();
  await steps.signIn(other.page, steps.OMAR);
  expect((await fetched(other.context, office, title)).status).toBe(404);
});

test("fault 08: a photo whose sending breaks off is sent on from there, over a reload and an unlock", async ({ office, phone }) => {
  const page = await steps.enrol(phone);
  const caseId = await steps.openClient(page);
  phone.expectComplaint(/net::ERR_FAILED|Failed to load resource/, "the line breaks in the middle of a photo");
  const [words, title] = [steps.marker(), `Letter ${steps.marker()}`];
  const arrived: number[] = [];
  let whole = false;
  await phone.context.route(CHUNK, async (route) => {
    if (!whole && arrived.length >= 2) return await route.abort();
    arrived.push(chunkOf(route));
    await route.continue();
  });
  await signWith(page, words, pdf(`${title}.pdf`, steps.marker(), 1_000_000));
  await steps.expectOneNote(office, words);
  await expect.poll(() => arrived.length).toBe(2);
  await expect(lineOf(page, words, title)).toContainText("2 of 4 sent");
  await page.goto(`/clients/${caseId}`);
  await expect(page.getByRole("button", { name: "Unlock", exact: true })).toBeVisible();
  whole = true;
  await steps.unlock(page);
  await expect(lineOf(page, words, title)).toContainText("Received");
  expect(arrived).toEqual([0, 1, 2, 3]);
  const { body } = await fetched(phone.context, office, title);
  expect(body.subarray(0, 8).toString()).toBe("%PDF-1.4");
});

test("fault 13: a photo is there after the browser was killed right after its note was saved, and a locked phone hands it in", async ({ office, phone }) => {
  const page = await steps.enrol(phone);
  await steps.openClient(page);
  await phone.cutNetwork();
  const [words, title] = [steps.marker(), `Door ${steps.marker()}`];
  await signWith(page, words, await photo(page, `${title}.jpg`, steps.marker()));
  await expect(lineOf(page, words, title)).toContainText("Saved on this phone");
  await phone.kill();

  phone.expectComplaint(/status of 401/, "a session ends with the browser, and the server says so");
  await phone.start();
  await phone.page.goto("/today");
  await expect(phone.page.getByRole("button", { name: "Unlock", exact: true })).toBeVisible();
  // Nobody unlocks it, and nobody signs in.
  await steps.expectOneNote(office, words);
  await expect.poll(() => received(office), { timeout: 60_000 }).toBe(1);
});

test("a photo that the server does not take holds up neither its note nor another, and a person decides about it", async ({ office, phone }) => {
  const page = await steps.enrol(phone);
  await steps.openClient(page);
  const [words, bad, good] = [steps.marker(), `First ${steps.marker()}`, `Second ${steps.marker()}`];
  let refusing = true;
  const refused = new Set<string>();
  await phone.context.route(BEGIN, async (route) => {
    const { attachment_id } = route.request().postDataJSON() as { attachment_id: string };
    if (refused.size === 0) refused.add(attachment_id);
    if (!refusing || !refused.has(attachment_id)) return await route.continue();
    await route.fulfill({ json: { missing: [], received: false, refused: "hash-differs" } });
  });
  await steps.openNoteForm(page);
  await page.getByLabel("Narrative").fill(words);
  await attach(page, await photo(page, `${bad}.jpg`, steps.marker(), 60, 40));
  await attach(page, pdf(`${good}.pdf`, steps.marker()));
  await steps.sign(page);
  await steps.expectOneNote(office, words);
  await expect(lineOf(page, words, good)).toContainText("Received");
  await expect(lineOf(page, words, bad)).toContainText("Needs you");
  const later = steps.marker();
  await steps.writeAndSign(page, later);
  await expect(steps.note(page, later)).toContainText(/Received|Safe/);

  await steps.openOutbox(page);
  const card = page.getByRole("listitem").filter({ hasText: bad });
  await expect(card).toContainText("part of it is damaged on this phone");
  // Removing asks once more; nothing is removed by one tap.
  await card.getByRole("button", { name: `Remove ${bad}` }).click();
  await expect(card.getByRole("alert")).toContainText("This phone has the only copy");
  expect(await page.evaluate(keysOf, "parcels")).toHaveLength(1);
  refusing = false;
  await card.getByRole("button", { name: `Try again ${bad}` }).click();
  await expect(card).toHaveCount(0);
  await expect.poll(() => received(office)).toBe(2);
});

test("what a person gives up is removed from the phone, and the note stays", async ({ office, phone }) => {
  const page = await steps.enrol(phone);
  await steps.openClient(page);
  const [words, title] = [steps.marker(), `Given up ${steps.marker()}`];
  await phone.context.route(BEGIN, (route) => route.fulfill({ json: { missing: [], received: false, refused: "not-readable" } }));
  await signWith(page, words, pdf(`${title}.pdf`, steps.marker()));
  await steps.expectOneNote(office, words);
  await expect(lineOf(page, words, title)).toContainText("Needs you");
  await steps.openOutbox(page);
  const card = page.getByRole("listitem").filter({ hasText: title });
  await card.getByRole("button", { name: `Remove ${title}` }).click();
  await card.getByRole("button", { name: `Remove the only copy ${title}` }).click();
  await expect(card).toHaveCount(0);
  for (const store of ["attachments", "parcels", "chunks"]) expect(await page.evaluate(keysOf, store)).toEqual([]);
  await steps.expectOneNote(office, words);
});

test("a photo comes back with the draft after a reload, and what is taken off is gone", async ({ phone }) => {
  const page = await steps.enrol(phone);
  const caseId = await steps.openClient(page);
  await steps.openNoteForm(page);
  const [words, title] = [steps.marker(), `Kitchen ${steps.marker()}`];
  await page.getByLabel("Narrative").fill(words);
  await attach(page, await photo(page, `${title}.jpg`, steps.marker(), 300, 200));
  await expect(page.getByText("Draft saved")).toBeVisible();
  await page.goto(`/clients/${caseId}/notes/new`);
  await steps.unlock(page);
  await expect(page.getByLabel("Narrative")).toHaveValue(words);
  await expect(page.getByLabel("Title", { exact: true })).toHaveValue(title);
  await expect(page.locator(".attach__picture")).toBeVisible();
  expect(await page.evaluate(keysOf, "chunks")).toHaveLength(1);
  await page.getByRole("button", { name: `Remove ${title}` }).click();
  await expect(page.getByLabel("Title", { exact: true })).toHaveCount(0);
  for (const store of ["attachments", "parcels", "chunks"]) await expect.poll(() => page.evaluate(keysOf, store)).toEqual([]);
});

test("what is no photo or document is refused in words, and nothing that was typed is lost", async ({ phone }) => {
  const page = await steps.enrol(phone);
  await steps.openClient(page);
  await steps.openNoteForm(page);
  const words = steps.marker();
  await page.getByLabel("Narrative").fill(words);
  await page.getByLabel("Add photo or document").setInputFiles([
    { name: "list.txt", mimeType: "text/plain", buffer: Buffer.from("not a picture") },
    { name: "large.pdf", mimeType: "application/pdf", buffer: Buffer.concat([Buffer.from("%PDF-1.4\n"), Buffer.alloc(26 * 1024 * 1024)]) },
  ]);
  await expect(page.getByText("list.txt: This is no photo or PDF that can be read here. Choose a JPEG, PNG or WebP picture or a PDF.")).toBeVisible();
  await expect(page.getByText("large.pdf: This is larger than 25 MB. Choose a smaller one.")).toBeVisible();
  await expect(page.getByLabel("Title", { exact: true })).toHaveCount(0);
  await steps.sign(page);
  await expect(steps.note(page, words)).toContainText(/Saved|Received|Safe/);
});

test("fault 15: where there is no room for a photo, the page says so and the note is saved without it", async ({ office, phone }) => {
  await steps.enrol(phone);
  const used = await phone.page.evaluate(async () => (await navigator.storage.estimate()).usage ?? 0);
  await phone.turnOff();
  await phone.start();
  const page = phone.page;
  phone.expectComplaint(/status of 401/, "a session ends with the browser, and the server says so");
  // Chromium looks at the limit when the storage is first used after this.
  const control = await phone.control();
  await control.send("Storage.overrideQuotaForOrigin", { origin: office.url, quotaSize: used + 1_000_000 });
  await page.goto("/caseload");
  await steps.unlock(page);
  await steps.openClient(page);
  await steps.openNoteForm(page);
  const words = steps.marker();
  await page.getByLabel("Narrative").fill(words);
  const file = pdf(`${steps.marker()}.pdf`, steps.marker(), 4_000_000);
  await page.getByLabel("Add photo or document").setInputFiles([file]);
  await expect(page.getByText("This phone has no room left for it. The note can be signed without it")).toBeVisible();
  await steps.sign(page);
  await expect(steps.note(page, words)).toContainText("Saved on this phone");
});

test("where nothing can be kept sealed, a sentence says what to do in place of the field", async ({ phone }) => {
  const page = phone.page;
  await steps.signIn(page);
  await steps.openClient(page);
  await steps.openNoteForm(page);
  await expect(page.getByText("Photos and documents are kept sealed until they are sent.")).toBeVisible();
  await expect(page.getByLabel("Add photo or document")).toHaveCount(0);
});

test("a photo that another app shares waits in memory until it is added to a note, and is sealed then like every other", async ({ office, phone }) => {
  const page = await steps.enrol(phone);
  await page.reload();
  await steps.unlock(page);
  const { name, mimeType, buffer } = pdf("from-the-bank.pdf", steps.marker());
  // Chromium's own share sheet cannot be tapped by a test: this is the form that it sends.
  await page.evaluate(
    ([name, type, base64]) => {
      const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
      const input = Object.assign(document.createElement("input"), { type: "file", name: "files" });
      const files = new DataTransfer();
      files.items.add(new File([bytes], name, { type }));
      input.files = files.files;
      const form = Object.assign(document.createElement("form"), { method: "post", action: "/share", enctype: "multipart/form-data" });
      form.append(input);
      document.body.append(form);
      form.submit();
    },
    [name, mimeType, buffer.toString("base64")] as const,
  );
  await steps.unlock(page);
  await expect(page.getByText("A photo or document from another app waits")).toBeVisible();
  await steps.openClient(page);
  await steps.openNoteForm(page);
  const words = steps.marker();
  await page.getByLabel("Narrative").fill(words);
  await page.getByRole("button", { name: "Add what the other app shared" }).click();
  await expect(page.getByLabel("Title", { exact: true })).toHaveCount(1);
  await expect(page.getByText("A photo or document from another app waits")).toBeHidden();
  await steps.sign(page);
  await expect.poll(() => received(office)).toBe(1);
});
