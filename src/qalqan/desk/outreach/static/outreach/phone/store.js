// What the phone keeps: choices for the forms, activities and notes, pictures. Nothing else.
const NAME = "qalqan-outreach";
const VERSION = 1;
const STORES = ["meta", "entries"];
// States in which an entry holds something that the desk does not have yet.
export const UNSENT = new Set(["draft", "ready", "received", "conflict", "refused"]);

let opening = null;

const asPromise = (request) =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

const open = () => {
  opening ??= new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, VERSION);
    request.onupgradeneeded = () => {
      request.result.createObjectStore("meta");
      request.result.createObjectStore("entries", { keyPath: "id" });
    };
    request.onsuccess = () => {
      request.result.onversionchange = () => request.result.close();
      resolve(request.result);
    };
    request.onerror = () => reject(request.error);
  });
  return opening;
};

const reading = async (name) => (await open()).transaction(name).objectStore(name);

// One transaction; "strict" waits until the disk has it, so that a killed browser loses nothing.
export const writing = async (work) => {
  const transaction = (await open()).transaction(STORES, "readwrite", { durability: "strict" });
  const done = new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onerror = () => reject(transaction.error);
    transaction.onabort = () => reject(transaction.error ?? new Error("the write was given up"));
  });
  done.catch(() => {}); // Told below; a failing `work` tells it first.
  const [meta, entries] = STORES.map((name) => transaction.objectStore(name));
  const result = await work({ meta, entries, asPromise });
  await done;
  return result;
};

export const recall = async (key) => asPromise((await reading("meta")).get(key));
export const remember = (key, value) => writing(({ meta }) => void meta.put(value, key));
export const entries = async () => asPromise((await reading("entries")).getAll());
export const entry = async (id) => asPromise((await reading("entries")).get(id));
export const keep = (row) => writing(({ entries: rows }) => void rows.put(row));
export const remove = (id) => writing(({ entries: rows }) => void rows.delete(id));

// Change an entry from what is stored now, never from an older copy in memory.
export const change = (id, work) =>
  writing(async ({ entries: rows, asPromise: wait }) => {
    const row = await wait(rows.get(id));
    if (row) rows.put(work(row) ?? row);
  });

// Give an entry and its pictures new numbers, so that the desk takes it as another one.
export const renumber = (id) =>
  writing(async ({ entries: rows, asPromise: wait }) => {
    const row = await wait(rows.get(id));
    if (!row) return;
    rows.delete(id);
    const pictures = row.pictures.map((one) => ({ ...one, id: crypto.randomUUID() }));
    rows.add({ ...row, id: crypto.randomUUID(), pictures, state: "ready", message: "", stored: null });
  });

// Forget the choices, and entries too unless unsent ones are to be kept.
export const forget = ({ keepUnsent }) =>
  writing(async ({ meta, entries: rows, asPromise: wait }) => {
    meta.delete("choices");
    if (!keepUnsent) {
      rows.clear();
      meta.delete("owner");
      return;
    }
    for (const row of await wait(rows.getAll())) if (!UNSENT.has(row.state)) rows.delete(row.id);
  });

// Ask the browser not to throw the store away when space runs short.
export const persist = async () => {
  try {
    return await navigator.storage?.persist?.();
  } catch {
    return false;
  }
};
