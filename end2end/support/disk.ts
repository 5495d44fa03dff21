// The device's database as a script in the page sees it. These functions run in the page, so each stands by itself.

/** How many sealed pages the device holds. */
export async function countRows(): Promise<number> {
  const db = await new Promise<IDBDatabase>((done, fail) => {
    const opening = indexedDB.open("doorstep");
    opening.onsuccess = () => done(opening.result);
    opening.onerror = () => fail(opening.error);
  });
  try {
    return await new Promise<number>((done, fail) => {
      const counting = db.transaction("rows").objectStore("rows").count();
      counting.onsuccess = () => done(counting.result);
      counting.onerror = () => fail(counting.error);
    });
  } finally {
    db.close();
  }
}

/** The keys of a store. */
export async function keysOf(store: string): Promise<IDBValidKey[]> {
  const db = await new Promise<IDBDatabase>((done, fail) => {
    const opening = indexedDB.open("doorstep");
    opening.onsuccess = () => done(opening.result);
    opening.onerror = () => fail(opening.error);
  });
  try {
    return await new Promise<IDBValidKey[]>((done, fail) => {
      const reading = db.transaction(store).objectStore(store).getAllKeys();
      reading.onsuccess = () => done(reading.result);
      reading.onerror = () => fail(reading.error);
    });
  } finally {
    db.close();
  }
}

/** The sealed pages of records as they lie there, by key. */
export async function sealedPages(): Promise<Record<string, string>> {
  const db = await new Promise<IDBDatabase>((done, fail) => {
    const opening = indexedDB.open("doorstep");
    opening.onsuccess = () => done(opening.result);
    opening.onerror = () => fail(opening.error);
  });
  const store = db.transaction("rows").objectStore("rows");
  const settle = <T>(request: IDBRequest<T>) =>
    new Promise<T>((done, fail) => {
      request.onsuccess = () => done(request.result);
      request.onerror = () => fail(request.error);
    });
  const [keys, values] = await Promise.all([settle(store.getAllKeys()), settle(store.getAll() as IDBRequest<{ iv: Uint8Array; ct: Uint8Array }[]>)]);
  db.close();
  // Sealed anew, a page gets another initialisation vector; what was changed by hand keeps its own.
  return Object.fromEntries(keys.map((key, index) => [String(key), values[index].iv.join(" ")]));
}

/** Changes the sealed pages of records as somebody would who has the disk and no key. */
export async function tamper(how: "swap" | "flip"): Promise<number> {
  const db = await new Promise<IDBDatabase>((done, fail) => {
    const opening = indexedDB.open("doorstep");
    opening.onsuccess = () => done(opening.result);
    opening.onerror = () => fail(opening.error);
  });
  const tx = db.transaction("rows", "readwrite");
  const store = tx.objectStore("rows");
  const settle = <T>(request: IDBRequest<T>) =>
    new Promise<T>((done, fail) => {
      request.onsuccess = () => done(request.result);
      request.onerror = () => fail(request.error);
    });
  const [keys, values] = await Promise.all([settle(store.getAllKeys()), settle(store.getAll() as IDBRequest<{ ct: Uint8Array }[]>)]);
  keys.forEach((key, index) => {
    if (how === "swap") return void store.put(values[(index + 1) % values.length], key);
    values[index].ct[Math.floor(values[index].ct.length / 2)] ^= 1;
    store.put(values[index], key);
  });
  await new Promise<void>((done, fail) => {
    tx.oncomplete = () => done();
    tx.onabort = () => fail(tx.error);
  });
  db.close();
  return keys.length;
}
