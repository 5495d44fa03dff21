import { writeFileSync } from "node:fs";
import * as steps from "../support/steps.ts";
import { expect, test } from "../support/test.ts";

test("dump", async ({ office, phone }) => {
  const page = await steps.enrol(phone);
  await steps.openClient(page, 0);
  await phone.cutNetwork();
  const words = ["quillgolden01 a note that was written with the first version", "quillgolden02 and another one"];
  for (const text of words) {
    await steps.writeAndSign(page, text);
    await expect(steps.note(page, text)).toContainText("Saved on this phone");
  }
  const caseId = await steps.openClient(page, 1);
  await steps.openNoteForm(page);
  await page.getByLabel("Narrative").pressSequentially("quillgolden03 half a note");
  await expect(page.getByText("Draft saved")).toBeVisible();
  const me = await office.database.value<string>("select worker_id from workers where email = $1", [steps.MARIA]);
  const cases = await office.database.rows("select case_id from cases order by 1 limit 3");
  await page.goto("/today");
  const dump = await page.evaluate(async () => {
    const db = await new Promise<IDBDatabase>((done, fail) => {
      const opening = indexedDB.open("doorstep");
      opening.onsuccess = () => done(opening.result);
      opening.onerror = () => fail(opening.error);
    });
    const b64 = (bytes: Uint8Array) => { let s = ""; for (const b of bytes) s += String.fromCharCode(b); return btoa(s); };
    const stores: Record<string, unknown[]> = {};
    for (const name of db.objectStoreNames) {
      const store = db.transaction(name).objectStore(name);
      const [keys, values] = await Promise.all([store.getAllKeys(), store.getAll()].map((r) => new Promise<any[]>((d) => (r.onsuccess = () => d(r.result as any[])))));
      stores[name] = keys.map((key, i) => {
        const v = values[i];
        if (key === "reserve") return null;
        return typeof v === "string" ? { key, text: v } : { key, v: v.v, iv: b64(v.iv), ct: b64(v.ct) };
      }).filter((row) => row);
    }
    const version = db.version;
    db.close();
    return { version, stores };
  });
  writeFileSync("/tmp/w/vault-golden/dump.json", JSON.stringify({ me, caseId, cases, ...dump }, null, 1));
});
