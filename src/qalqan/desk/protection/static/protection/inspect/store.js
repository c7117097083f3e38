// What the phone keeps: the plan it took along, inspections, photos. Nothing else is stored.
const NAME = "qalqan-inspect";
const VERSION = 1;
const STORES = ["meta", "inspections", "photos"];
// States in which an inspection holds something that the desk does not have yet.
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
      const db = request.result;
      db.createObjectStore("meta");
      db.createObjectStore("inspections", { keyPath: "id" });
      db.createObjectStore("photos", { keyPath: "id" }).createIndex("inspection", "inspection");
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
  const [meta, inspections, photos] = STORES.map((name) => transaction.objectStore(name));
  const result = await work({ meta, inspections, photos, asPromise });
  await done;
  return result;
};

export const recall = async (key) => asPromise((await reading("meta")).get(key));
export const remember = (key, value) => writing(({ meta }) => void meta.put(value, key));

export const inspections = async () => asPromise((await reading("inspections")).getAll());
export const inspection = async (id) => asPromise((await reading("inspections")).get(id));

// Change a stored inspection from what is stored now, never from an older copy in memory.
export const changeInspection = (id, change) =>
  writing(async ({ inspections: rows, asPromise: wait }) => {
    const row = await wait(rows.get(id));
    if (!row) return null;
    const changed = change(row) ?? row;
    rows.put(changed);
    return changed;
  });

export const addInspection = (row) => writing(({ inspections: rows }) => void rows.add(row));

export const removeInspection = (id) =>
  writing(async ({ inspections: rows, photos: pictures, asPromise: wait }) => {
    for (const key of await wait(pictures.index("inspection").getAllKeys(id))) pictures.delete(key);
    rows.delete(id);
  });

export const photosOf = async (id) =>
  asPromise((await reading("photos")).index("inspection").getAll(id));

const changePhotos = (id, change) =>
  writing(async ({ inspections: rows, photos, asPromise: wait }) => {
    const row = await wait(rows.get(id));
    if (!row) return;
    rows.put({ ...row, revision: row.revision + 1 });
    change(photos);
  });
export const addPhoto = (photo) => changePhotos(photo.inspection, (rows) => rows.add(photo));
export const removePhoto = (photo) => changePhotos(photo.inspection, (rows) => rows.delete(photo.id));
export const changePhoto = (id, change) =>
  writing(async ({ photos: rows, asPromise: wait }) => {
    const row = await wait(rows.get(id));
    if (row) rows.put(change(row) ?? row);
  });

// Give an inspection and its photos new numbers, so that the desk takes it as another one.
export const renumber = (id) =>
  writing(async ({ inspections: rows, photos: pictures, asPromise: wait }) => {
    const row = await wait(rows.get(id));
    if (!row) return null;
    const fresh = { ...row, id: crypto.randomUUID(), state: "ready", message: "", stored: null };
    for (const photo of await wait(pictures.index("inspection").getAll(id))) {
      pictures.delete(photo.id);
      pictures.add({ ...photo, id: crypto.randomUUID(), inspection: fresh.id });
    }
    rows.delete(id);
    rows.add(fresh);
    return fresh.id;
  });

// Forget the plan, and inspections too unless they are to be kept.
export const forget = ({ keepUnsent }) =>
  writing(async ({ meta, inspections: rows, photos: pictures, asPromise: wait }) => {
    meta.delete("plan");
    if (!keepUnsent) {
      rows.clear();
      pictures.clear();
      meta.delete("owner");
      return;
    }
    for (const row of await wait(rows.getAll())) {
      if (!UNSENT.has(row.state)) rows.delete(row.id);
    }
  });

// Ask the browser not to throw the store away when space runs short.
export const persist = async () => {
  try {
    return await navigator.storage?.persist?.();
  } catch {
    return false;
  }
};
