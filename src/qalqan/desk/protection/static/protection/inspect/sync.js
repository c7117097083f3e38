// Send what the desk does not have yet, each thing under its own number, until the desk says so.
import * as store from "./store.js";
import { say } from "../../ui/offline/words.js";

const LOCK = "qalqan-inspect-sync";
const DAY_MS = 86_400_000;
const here = document.body.dataset;

export class SignedOut extends Error {}
export class Unreachable extends Error {}

const ask = async (url, options = {}) => {
  const headers = { "Qalqan-Device": await device(), ...options.headers };
  let answer;
  try {
    answer = await fetch(url, {
      ...options, headers, redirect: "manual", cache: "no-store", credentials: "same-origin",
      signal: AbortSignal.timeout(Number(here.patience)),
    });
  } catch {
    throw new Unreachable();
  }
  if (answer.type === "opaqueredirect" || [401, 403].includes(answer.status)) throw new SignedOut();
  if (answer.status >= 500 || answer.status === 429) throw new Unreachable();
  try {
    return { status: answer.status, body: await answer.json() };
  } catch {
    // A connection cut within the answer; the desk may have stored it, so it is asked again.
    throw new Unreachable();
  }
};

export const device = async () => {
  let id = await store.recall("device");
  if (!id) {
    id = crypto.randomUUID();
    await store.remember("device", id);
  }
  return id;
};

const bodyOf = (row, photos) => ({
  id: row.id,
  site: row.site.id,
  version: row.checklist.id,
  started_at: row.startedAt,
  finished_at: row.finishedAt,
  sent_at: new Date().toISOString(),
  plan_made_at: row.planMadeAt,
  answers: Object.entries(row.answers).map(([question, given]) => ({ question, ...given })),
  photos: photos.map((photo) => ({ id: photo.id, question: photo.question })),
  signatures: row.signatures,
});

const sendInspection = async (row, csrf) => {
  const photos = await store.photosOf(row.id);
  const { status, body } = await ask(here.syncUrl, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-CSRFToken": csrf },
    body: JSON.stringify(bodyOf(row, photos)),
  });
  await store.changeInspection(row.id, (now) => {
    // Changed while it was on its way: it stays, and is told from what the desk has next time.
    if (now.state !== "ready" || now.revision !== row.revision) return now;
    if (status === 200) {
      return { ...now, state: "received", result: body.result, nextDue: body.next_due_on, notes: body.notes ?? [] };
    }
    if (status === 409) return { ...now, state: "conflict", message: body.message, stored: body.stored };
    return { ...now, state: "refused", message: body.message ?? say("refused_by_desk") };
  });
};

const sendPhotos = async (row, csrf) => {
  for (const photo of await store.photosOf(row.id)) {
    if (photo.sent || photo.message) continue;
    const form = new FormData();
    form.set("inspection", row.id);
    form.set("id", photo.id);
    form.set("question", photo.question);
    form.set("file", new Blob([photo.bytes], { type: "image/jpeg" }), `${photo.id}.jpg`);
    const { status, body } = await ask(here.photoUrl, {
      method: "POST", headers: { "X-CSRFToken": csrf }, body: form,
    });
    await store.changePhoto(photo.id, (now) =>
      status === 200
        ? { ...now, sent: true, bytes: null }
        : { ...now, message: body.message ?? say("refused_by_desk") },
    );
  }
  const left = (await store.photosOf(row.id)).filter((photo) => !photo.sent);
  if (left.length) return;
  // The desk has everything: only a line that says so stays on the phone.
  await store.writing(async ({ inspections, photos, asPromise }) => {
    for (const key of await asPromise(photos.index("inspection").getAllKeys(row.id))) photos.delete(key);
    const now = await asPromise(inspections.get(row.id));
    if (!now || now.state !== "received") return;
    inspections.put({
      id: now.id, owner: now.owner, site: now.site, state: "sent", sentAt: new Date().toISOString(),
      result: now.result, nextDue: now.nextDue, notes: now.notes, answers: {}, signatures: {},
    });
  });
};

const takePlan = async (owner) => {
  const { status, body } = await ask(here.planUrl);
  if (status !== 200) return;
  await store.writing(({ meta }) => {
    meta.put(body, "plan");
    meta.put(owner, "owner");
  });
};

const obey = async (hello) => {
  if (!hello.wipe) return false;
  await store.forget({ keepUnsent: false });
  await ask(here.wipedUrl, { method: "POST", headers: { "X-CSRFToken": hello.csrf } });
  return true;
};

const exchange = async () => {
  const { body: hello } = await ask(here.helloUrl);
  if (await obey(hello)) return { outcome: "wiped" };
  if (!hello.signed_in) {
    if (hello.forget_plan) await store.forget({ keepUnsent: true });
    return { outcome: "signed_out" };
  }
  await store.remember("contact", new Date().toISOString());
  const mine = (await store.inspections()).filter((row) => row.owner === hello.user);
  for (const row of mine.filter((one) => one.state === "ready")) await sendInspection(row, hello.csrf);
  for (const row of await store.inspections()) {
    if (row.owner === hello.user && row.state === "received") await sendPhotos(row, hello.csrf);
  }
  await takePlan(hello.user);
  return { outcome: "done", user: hello.user };
};

// One at a time on this phone, however many pages are open; the desk tells doubles by number.
export const sync = async () => {
  const run = async () => {
    try {
      return await exchange();
    } catch (error) {
      if (error instanceof SignedOut) return { outcome: "signed_out" };
      if (error instanceof Unreachable) return { outcome: "unreachable" };
      throw error;
    }
  };
  if (!navigator.locks) return run();
  return navigator.locks.request(LOCK, { ifAvailable: true }, (lock) =>
    lock ? run() : { outcome: "busy" },
  );
};

// The plan goes when the phone has not met the desk for so many days; unsent work stays.
export const forgetOld = async (days) => {
  const contact = await store.recall("contact");
  if (!contact) return false;
  const elapsed = Date.now() - Date.parse(contact);
  // A clock that was set back by more than a day is no reason to keep the plan for ever.
  if (elapsed < days * DAY_MS && elapsed > -DAY_MS) return false;
  if (!(await store.recall("plan"))) return false;
  await store.forget({ keepUnsent: true });
  return true;
};
