// The page for events and notes: opens without a network, keeps everything, sends it when it can.
import { blank, form } from "./forms.js";
import * as store from "./store.js";
import { forgetOld, sync } from "./sync.js";
import { make, said, say } from "../../ui/offline/words.js";

const AGAIN_MS = 20_000;
const KEEP_DAYS = 14;
const here = document.body.dataset;
const view = document.getElementById("view");
const state = document.getElementById("state");
let editing = null;
let drawing = 0;

const tell = (text, isBad = false) => {
  state.textContent = text;
  state.classList.toggle("error", isBad);
};

const home = async () => {
  editing = null;
  if (window.location.hash && window.location.hash !== "#/") window.location.hash = "#/";
  else await draw();
};

const nameOf = (row) => row.said.title || row.said.text?.slice(0, 60) || say(row.kind === "note" ? "new_note" : "new_activity");
const begin = async (kind) => {
  const row = blank(kind, await store.recall("owner"));
  await store.keep(row);
  window.location.hash = `#/${row.id}`;
};

const button = (label, run, plain = true) => make("button", {
  type: "button", class: plain ? "button button-plain" : "button",
  onclick: async () => { await run(); await home(); await send(); },
}, label);

const facts = (rows) => make("ul", {}, Object.entries(rows ?? {}).filter(([, value]) => value !== "" && value !== null)
  .map(([name, value]) => make("li", {}, `${say(name)}: ${value}`)));

// What cannot be edited as it is: it waits, or the desk has something to say about it.
const shown = (row) => {
  const edit = () => store.change(row.id, (now) => ({ ...now, state: "draft", revision: now.revision + 1 }));
  const parts = [make("p", {}, make("a", { href: "#/" }, say("back"))),
    make("h2", {}, nameOf(row)), make("p", {}, say(`state_${row.state}`))];
  if (row.message) parts.push(make("p", { class: "error" }, row.message));
  if (row.state === "conflict") {
    parts.push(make("p", {}, say("conflict_text")), make("h3", {}, say("yours")), facts(row.said),
      make("h3", {}, say("theirs")), facts(row.stored),
      make("p", { class: "cluster" }, button(say("keep_theirs"), () => store.remove(row.id)),
        button(say("send_as_new"), () => store.renumber(row.id), false)));
  } else {
    parts.push(facts(row.said));
    if (["ready", "refused"].includes(row.state)) {
      parts.push(make("p", {}, make("button", { type: "button", class: "button", onclick: async () => { await edit(); await draw(); } }, say("edit_again"))));
    }
  }
  return make("div", { class: "stack" }, ...parts);
};

const line = (row) => make("li", { "data-state": row.state, "data-entry": row.id },
  row.state === "sent" ? make("strong", {}, nameOf(row)) : make("a", { href: `#/${row.id}` }, nameOf(row)),
  `: ${say(`state_${row.state}`)}${row.state === "sent" && row.sentAt ? `, ${said(row.sentAt)}` : ""}`,
  row.message ? make("p", {}, row.message) : "");

const list = async () => {
  const [choices, owner, all] = [await store.recall("choices"), await store.recall("owner"), await store.entries()];
  const rows = all.filter((row) => row.owner === owner);
  const waiting = rows.filter((row) => store.UNSENT.has(row.state));
  const sent = rows.filter((row) => row.state === "sent");
  const others = all.length - rows.length;
  const may = choices && choices.bodies.length;
  return make("div", { class: "stack" },
    choices
      ? make("p", { class: "cluster" },
        may ? make("button", { type: "button", class: "button", onclick: () => begin("activity") }, say("new_activity")) : "",
        choices.may_note ? make("button", { type: "button", class: "button", onclick: () => begin("note") }, say("new_note")) : "",
        make("button", { type: "button", class: "button button-plain", onclick: () => send() }, say("send_now")))
      : make("p", {}, say("no_choices")),
    choices && !may ? make("p", {}, say("no_body")) : "",
    waiting.length ? make("section", {}, make("h2", {}, say("waiting")), make("ul", {}, waiting.map(line))) : "",
    sent.length ? make("section", {}, make("h2", {}, say("sent_list")), make("ul", {}, sent.map(line))) : "",
    others ? make("p", {}, say("of_another", { count: others })) : "",
    make("p", {}, make("button", { type: "button", class: "button button-plain", onclick: signOut }, say("sign_out")), " ",
      make("a", { href: "/" }, say("to_desk"))));
};

const draw = async () => {
  const turn = ++drawing;
  const id = window.location.hash.match(/^#\/([0-9a-f-]{36})$/)?.[1];
  const row = id ? await store.entry(id) : null;
  const choices = await store.recall("choices");
  if (row && row.state === "draft" && choices && row.owner === (await store.recall("owner"))) {
    if (editing === id) return;
    editing = id;
    view.replaceChildren(form(row, choices, {
      kept: (entry) => store.keep(entry),
      done: async (entry) => { await store.keep({ ...entry, state: "ready", message: "" }); await home(); await send(); },
      discard: async (entry) => { await store.remove(entry.id); await home(); },
    }));
    return;
  }
  editing = null;
  const next = row ? shown(row) : await list();
  // A later drawing has begun meanwhile; it shows what is newer.
  if (turn === drawing) view.replaceChildren(next);
};

const after = async ({ outcome }) => {
  const rows = await store.entries();
  const unsent = rows.filter((row) => ["ready", "received"].includes(row.state)).length;
  const count = unsent ? ` ${say("unsent", { count: unsent })}` : "";
  if (outcome === "done") tell(unsent ? count : say("all_sent", { time: said(new Date()) }), Boolean(unsent));
  else tell(say(outcome) + count, outcome !== "busy");
  if (outcome === "signed_out") state.append(" ", make("a", { href: here.signInUrl }, say("sign_in")));
};

const send = async () => {
  tell(say("sending"));
  const result = await sync();
  await after(result);
  if (!editing || result.outcome === "wiped") await draw();
};

const signOut = async () => {
  const result = await sync();
  await store.forget({ keepUnsent: true });
  const left = (await store.entries()).filter((row) => store.UNSENT.has(row.state));
  await draw();
  if (left.length) tell(say("sign_out_unsent"), true);
  if (result.outcome === "done" && !left.length) window.location.assign(here.signOutUrl);
  else state.append(" ", make("a", { href: here.signOutUrl }, say("sign_out")));
};

const start = async () => {
  if ("serviceWorker" in navigator) {
    navigator.serviceWorker.register(here.workerUrl, { updateViaCache: "none" }).catch(() => {});
  }
  await store.persist();
  await forgetOld(KEEP_DAYS);
  await draw();
  await send();
};

window.addEventListener("hashchange", async () => {
  editing = null;
  await draw();
  document.getElementById("main").focus();
});
window.addEventListener("online", () => send());
document.addEventListener("visibilitychange", () => { if (!document.hidden && !editing) send(); });
setInterval(async () => {
  const rows = await store.entries();
  if (!document.hidden && rows.some((row) => ["ready", "received"].includes(row.state))) await send();
}, AGAIN_MS);
start();
