// The page for inspections: opens without a connection, keeps everything, sends it when it can.
import { Form } from "./form.js";
import { list } from "./list.js";
import * as store from "./store.js";
import { forgetOld, sync } from "./sync.js";
import { make, said, say } from "../../ui/offline/words.js";

const AGAIN_MS = 20_000;
const here = document.body.dataset;
const view = document.getElementById("view");
const state = document.getElementById("state");
let form = null;
let drawing = 0;

const tell = (text, isBad = false) => {
  state.textContent = text;
  state.classList.toggle("error", isBad);
};

const home = () => {
  form = null;
  if (window.location.hash === "#/" || !window.location.hash) draw();
  else window.location.hash = "#/";
};

// What cannot be edited any more: it waits, or the desk has something to say about it.
const shown = (row) => {
  const act = (label, run, plain = true) => make("button", {
    type: "button", class: plain ? "button button-plain" : "primary",
    onclick: async () => { await run(); await send(); home(); },
  }, label);
  const answers = (rows) => make("ul", {}, rows.map(([code, given]) => make("li", {},
    `${row.checklist.questions.find((one) => one.code === code)?.text ?? code}: ${given.value} ${given.note ?? ""}`.trim())));
  const edit = () => store.changeInspection(row.id, (now) =>
    ["ready", "refused"].includes(now.state) ? { ...now, state: "draft", message: "", revision: now.revision + 1 } : now);
  const again = make("button", { type: "button", class: "button", onclick: async () => { await edit(); await draw(); } }, say("edit_again"));
  const parts = [make("p", {}, make("a", { href: "#/" }, say("back"))),
    make("h2", {}, `${row.site.number ?? ""} ${row.site.name}`.trim()), make("p", {}, say(`state_${row.state}`))];
  if (row.message) parts.push(make("p", { class: "error" }, row.message));
  if (row.state === "conflict") {
    parts.push(make("p", {}, say("conflict_text")),
      make("h3", {}, say("yours")), answers(Object.entries(row.answers)),
      make("h3", {}, say("theirs")), make("p", { class: "muted" }, said(row.stored?.received_at)),
      answers((row.stored?.answers ?? []).map((one) => [one.question, one])),
      make("p", { class: "cluster" },
        act(say("keep_theirs"), () => store.removeInspection(row.id)),
        act(say("send_as_new"), () => store.renumber(row.id), false)));
  } else {
    parts.push(answers(Object.entries(row.answers ?? {})));
    if (["ready", "refused"].includes(row.state)) parts.push(make("p", {}, again));
  }
  return make("div", { class: "stack" }, ...parts);
};

const draw = async () => {
  const turn = ++drawing;
  const id = window.location.hash.match(/^#\/([0-9a-f-]{36})$/)?.[1];
  const row = id ? await store.inspection(id) : null;
  if (row && row.state === "draft" && row.owner === (await store.recall("owner"))) {
    if (form?.row.id === id) return;
    form = new Form(row, { tell, done: async () => { home(); await send(); } });
    view.replaceChildren(form.show());
    return;
  }
  form = null;
  const next = row ? shown(row) : await list({ send, signOut });
  // A later drawing has begun meanwhile; it shows what is newer.
  if (turn === drawing) view.replaceChildren(next);
};

const said_after = async ({ outcome }) => {
  const owner = await store.recall("owner");
  const rows = (await store.inspections()).filter((row) => row.owner === owner);
  const unsent = rows.filter((row) => ["ready", "received"].includes(row.state)).length;
  const count = unsent ? ` ${say("unsent", { count: unsent })}` : "";
  if (outcome === "done") tell(unsent ? count : say("all_sent", { time: said(new Date()) }), Boolean(unsent));
  else tell(say(outcome) + count, outcome !== "busy");
  state.querySelector("a")?.remove();
  if (outcome === "signed_out") state.append(" ", make("a", { href: here.signInUrl }, say("sign_in")));
};

const send = async () => {
  tell(say("sending"));
  const result = await sync();
  await said_after(result);
  if (!form || result.outcome === "wiped") await draw();
};

const signOut = async () => {
  const result = await sync();
  await store.forget({ keepUnsent: true });
  const left = (await store.inspections()).filter((row) => store.UNSENT.has(row.state));
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
  const plan = await store.recall("plan");
  const isOld = await forgetOld(plan?.keep_days ?? 7);
  await draw();
  await send();
  if (isOld) tell(say("old_plan"), true);
};

window.addEventListener("hashchange", async () => {
  await form?.flush();
  form = null;
  await draw();
  document.getElementById("main").focus();
});
window.addEventListener("online", () => send());
window.addEventListener("pagehide", () => form?.flush());
document.addEventListener("visibilitychange", () => (document.hidden ? form?.flush() : form || send()));
setInterval(async () => {
  const rows = await store.inspections();
  if (!document.hidden && rows.some((row) => ["ready", "received"].includes(row.state))) await send();
}, AGAIN_MS);
start();
