// Send what the desk does not have yet, each thing under its own number, until the desk says so.
import * as store from "./store.js";
import { say } from "../../ui/offline/words.js";

const LOCK = "qalqan-outreach-sync";
const DAY_MS = 86_400_000;
const here = document.body.dataset;

class SignedOut extends Error {}
class Unreachable extends Error {}

const device = async () => {
  let id = await store.recall("device");
  if (!id) {
    id = crypto.randomUUID();
    await store.remember("device", id);
  }
  return id;
};

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

const sendEntry = async (row, csrf) => {
  const { status, body } = await ask(here.sendUrl, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-CSRFToken": csrf },
    body: JSON.stringify({ id: row.id, kind: row.kind, language: document.documentElement.lang, ...row.said }),
  });
  await store.change(row.id, (now) => {
    // Changed while it was on its way: it stays, and is told from what the desk has next time.
    if (now.state !== "ready" || now.revision !== row.revision) return now;
    if (status === 200) return { ...now, state: now.pictures.length ? "received" : "sent", sentAt: new Date().toISOString() };
    if (status === 409) return { ...now, state: "conflict", message: body.message, stored: body.stored };
    return { ...now, state: "refused", message: body.message ?? say("refused_by_desk") };
  });
};

const sendPictures = async (row, csrf) => {
  for (const picture of row.pictures.filter((one) => !one.sent && !one.message)) {
    const form = new FormData();
    form.set("note", row.id);
    form.set("id", picture.id);
    form.set("file", new Blob([picture.bytes], { type: "image/jpeg" }), `${picture.id}.jpg`);
    const { status, body } = await ask(here.pictureUrl, {
      method: "POST", headers: { "X-CSRFToken": csrf }, body: form,
    });
    await store.change(row.id, (now) => ({
      ...now,
      pictures: now.pictures.map((one) => {
        if (one.id !== picture.id) return one;
        // The desk has it or will not have it: either way it need not stay on the phone.
        return { id: one.id, bytes: null, sent: status === 200, message: status === 200 ? "" : body.message };
      }),
    }));
  }
  await store.change(row.id, (now) => {
    if (now.pictures.some((one) => !one.sent && !one.message)) return now;
    return { ...now, state: "sent", message: now.pictures.map((one) => one.message).filter(Boolean).join(" ") };
  });
};

const takeChoices = async (owner) => {
  const { status, body } = await ask(here.choicesUrl);
  if (status !== 200) return;
  await store.writing(({ meta }) => {
    meta.put(body, "choices");
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
  if (!hello.signed_in) return { outcome: "signed_out" };
  await store.remember("contact", new Date().toISOString());
  const mine = async (state) =>
    (await store.entries()).filter((row) => row.owner === hello.user && row.state === state);
  for (const row of await mine("ready")) await sendEntry(row, hello.csrf);
  for (const row of await mine("received")) await sendPictures(row, hello.csrf);
  await takeChoices(hello.user);
  return { outcome: "done" };
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

// The choices and what was sent go when the phone has not met the desk for so many days.
export const forgetOld = async (days) => {
  const contact = await store.recall("contact");
  if (!contact) return false;
  const elapsed = Date.now() - Date.parse(contact);
  if (elapsed < days * DAY_MS && elapsed > -DAY_MS) return false;
  await store.forget({ keepUnsent: true });
  return true;
};
