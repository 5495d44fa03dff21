// A browser that is not set up works online and keeps nothing.
import { findOnDisk } from "../support/profile.ts";
import * as steps from "../support/steps.ts";
import { expect, test } from "../support/test.ts";

test("a note written in a browser that is not set up is received", async ({ office, phone }) => {
  const page = phone.page;
  await steps.signIn(page);
  await steps.untilAlive(page);
  await steps.openClient(page);
  const words = steps.marker();
  await steps.writeAndSign(page, words);
  await expect(steps.note(page, words)).toContainText(/Received|Safe/);
  await steps.expectOneNote(office, words);
});

test("a browser that is not set up keeps nothing of anybody", async ({ office, phone }) => {
  const page = phone.page;
  await steps.signIn(page);
  await steps.untilAlive(page);
  await steps.openClient(page);
  const words = steps.marker();
  await steps.writeAndSign(page, words);
  await steps.expectOneNote(office, words);
  await steps.untilShellIsKept(page);

  const kept = await page.evaluate(async () => {
    const databases = (await indexedDB.databases()).map((database) => database.name);
    const addresses: string[] = [];
    for (const name of await caches.keys()) {
      for (const request of await (await caches.open(name)).keys()) addresses.push(new URL(request.url).pathname);
    }
    return { databases, addresses, local: Object.keys(localStorage), session: Object.keys(sessionStorage) };
  });
  expect(kept.databases).toEqual([]);
  expect(kept.local).toEqual([]);
  expect(kept.session).toEqual([]);
  expect(kept.addresses.filter((path) => path !== "/shell" && !path.startsWith("/assets/"))).toEqual([]);

  await phone.turnOff();
  expect(await findOnDisk(phone.profile, words.split(" "))).toEqual([]);
});

test("a browser that is not set up keeps a note in its page until there is a connection", async ({ office, phone }) => {
  const page = phone.page;
  await steps.signIn(page);
  await steps.untilAlive(page);
  await steps.openClient(page);
  await steps.openNoteForm(page);
  const words = steps.marker();
  await phone.cutNetwork();
  await page.getByLabel("Narrative").fill(words);
  await steps.sign(page);
  await expect(steps.note(page, words)).toContainText("keep this page open");
  await expect(steps.note(page, words)).not.toContainText("Saved on this phone");
  await phone.restoreNetwork();
  await expect(steps.note(page, words)).toContainText(/Received|Safe/);
  await steps.expectOneNote(office, words);
});
