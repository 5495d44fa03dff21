// The thief's view: the profile folder, byte by byte, and the browser's stores as a script sees them.
import { findOnDisk } from "../support/profile.ts";
import { readableIn } from "../support/thief.ts";
import * as steps from "../support/steps.ts";
import { expect, test } from "../support/test.ts";

test("the search for markers finds what is not sealed", async ({ phone }) => {
  phone.readableBecause = "what this test puts there must be found";
  const word = steps.marker().split(" ")[0];
  await phone.page.goto("/sign-in");
  await phone.page.evaluate(async (word) => {
    const cache = await caches.open("control");
    await cache.put("/control", new Response(word));
  }, word);
  await phone.turnOff();
  expect(await findOnDisk(phone.profile, [word])).not.toEqual([]);
  expect(await readableIn(phone.profile), "and the look that every test ends with finds it too").not.toEqual([]);
});

test("fault 33: no word of a note, a draft, a client or the passphrase is readable on disk, unlocked or locked", async ({ office, phone }) => {
  const page = await steps.enrol(phone);
  await steps.openClient(page);
  const [signed, unsent, draft] = [steps.marker(), steps.marker(), steps.marker()];
  await steps.writeAndSign(page, signed);
  await steps.expectOneNote(office, signed);
  await phone.cutNetwork();
  await steps.writeAndSign(page, unsent);
  await expect(steps.note(page, unsent)).toContainText("Saved on this phone");
  await steps.openNoteForm(page);
  await page.getByLabel("Narrative").pressSequentially(draft);
  await expect(page.getByText("Draft saved")).toBeVisible();

  const people = await office.database.rows<{ text: string }>(
    `select unnest(array[p.given_name || ' ' || p.family_name, a.line, f.number]) as text
     from cases c join persons p using (agency_id, person_id)
     left join person_addresses a using (agency_id, person_id) left join person_phones f using (agency_id, person_id)
     where c.primary_worker_id = (select worker_id from workers where email = $1)`,
    [steps.MARIA],
  );
  const narratives = await office.database.rows<{ text: string }>(
    `select substr(n.narrative, 1, 60) as text from notes n join cases c using (agency_id, case_id)
     where c.primary_worker_id = (select worker_id from workers where email = $1) and n.narrative <> $2`,
    [steps.MARIA, signed],
  );
  const markers = [signed, unsent, draft].flatMap((words) => words.split(" "));
  const secrets = [...markers, steps.PASSPHRASE, ...[...people, ...narratives].map((row) => row.text).filter((text) => text && text.length > 7)];
  expect(people.length, "there is something to find").toBeGreaterThan(10);
  expect(narratives.length, "there is something to find").toBeGreaterThan(10);

  expect(await findOnDisk(phone.profile, secrets), "while it is unlocked").toEqual([]);
  await steps.lock(page);
  expect(await page.content()).not.toContain(signed);
  expect(await findOnDisk(phone.profile, secrets), "while it is locked").toEqual([]);
  await phone.turnOff();
  expect(await findOnDisk(phone.profile, secrets), "after the browser was closed").toEqual([]);
});

test("fault 33: the browser's stores hold wrapped keys and ciphertext only", async ({ phone }) => {
  const page = await steps.enrol(phone);
  await steps.openClient(page);
  await phone.cutNetwork();
  await steps.writeAndSign(page, steps.marker());
  await expect(page.getByText("Saved on this phone").first()).toBeVisible();
  const odd = await page.evaluate(async () => {
    const db = await new Promise<IDBDatabase>((done, fail) => {
      const opening = indexedDB.open("doorstep");
      opening.onsuccess = () => done(opening.result);
      opening.onerror = () => fail(opening.error);
    });
    const odd: string[] = [];
    for (const name of db.objectStoreNames) {
      const rows = await new Promise<unknown[]>((done) => {
        const reading = db.transaction(name).objectStore(name).getAll();
        reading.onsuccess = () => done(reading.result);
      });
      if (name === "keyring") {
        // One key lies there: it signs for this device while it is locked, opens nothing, and cannot be exported.
        const keys = rows.filter((row) => row instanceof CryptoKey);
        if (keys.length !== 1) odd.push(`${keys.length} keys are stored`);
        for (const key of keys) if (key.type !== "private" || key.extractable || key.usages.join() !== "sign") odd.push(`a key for ${key.usages} is stored`);
        if (rows.some((row) => !(row instanceof CryptoKey) && typeof row !== "string")) odd.push("keyring: neither text nor a key");
        continue;
      }
      if (name === "hand-in") {
        // Sealed to the server: a number of its key, bytes as base64url, and who signed.
        for (const row of rows) {
          const { mutation } = JSON.parse(row as string) as { mutation: Record<string, string> };
          const fields = Object.keys(mutation).sort().join();
          if (fields !== "ct,iv,key_id,mid,proof,sender_key,signature") odd.push(`hand-in: ${fields}`);
          if (!/^[\w-]{40,}$/.test(mutation.ct)) odd.push("hand-in: something that is not sealed");
        }
        continue;
      }
      for (const row of rows as { v: unknown; iv: unknown; ct: unknown }[]) {
        const sealed = Object.keys(row).sort().join() === "ct,iv,v" && row.iv instanceof Uint8Array && row.iv.length === 12 && row.ct instanceof Uint8Array;
        if (!sealed) odd.push(`${name}: ${Object.keys(row)}`);
      }
    }
    db.close();
    const cached: string[] = [];
    for (const name of await caches.keys()) {
      for (const request of await (await caches.open(name)).keys()) cached.push(new URL(request.url).pathname);
    }
    return { odd, cached, local: Object.keys(localStorage), session: Object.keys(sessionStorage) };
  });
  expect(odd.odd).toEqual([]);
  expect(odd.local).toEqual([]);
  expect(odd.session).toEqual([]);
  expect(odd.cached.filter((path) => !["/shell", "/enrolled"].includes(path) && !path.startsWith("/assets/"))).toEqual([]);
});

test("fault 42: the server's log, the addresses, the titles and the history tell nothing about anybody", async ({ office, phone }) => {
  const page = await steps.enrol(phone);
  await steps.openClient(page);
  const words = steps.marker();
  const addresses: string[] = [];
  const titles: string[] = [];
  const look = async () => titles.push(await page.title(), await page.evaluate(() => `${JSON.stringify(history.state)} ${window.name} ${location.href}`));
  phone.context.on("request", (request) => addresses.push(request.url()));
  await steps.writeAndSign(page, words);
  await steps.expectOneNote(office, words);
  await look();
  const caseId = new URL(page.url()).pathname.split("/")[2];
  for (const place of ["Today", "Caseload", "On this device"] as const) {
    await steps.goTo(page, place);
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    await look();
  }
  await steps.goTo(page, "Caseload");
  await page.getByLabel("Search clients and notes").fill(words.split(" ")[0]);
  await look();
  for (const path of [`/clients/${caseId}`, `/clients/${caseId}/notes/new`]) {
    await page.goto(path);
    await look();
    await steps.unlock(page);
    await look();
  }
  // The app asks for no notifications, so the lock screen shows none.
  expect(await page.evaluate(() => Notification.permission)).not.toBe("granted");
  const people = await office.database.rows<{ text: string }>(
    "select given_name || ' ' || family_name as text from persons union select family_name from persons where length(family_name) > 5",
  );
  const secrets = [...words.split(" "), steps.PASSPHRASE, steps.PASSWORD, steps.MARIA, ...people.map((row) => row.text)];
  for (const secret of secrets) {
    expect(office.log).not.toContain(secret);
    expect(titles.filter((title) => decodeURIComponent(title).includes(secret))).toEqual([]);
    expect(addresses.filter((address) => decodeURIComponent(address).includes(secret))).toEqual([]);
  }
});
