// The list: sites to inspect, what waits on this phone, what the desk has.
import * as store from "./store.js";
import { make, said, say } from "../../ui/offline/words.js";

const here = document.body.dataset;

export const begin = async (site, checklist, plan) => {
  const id = crypto.randomUUID();
  await store.addInspection({
    id, owner: await store.recall("owner"), state: "draft", revision: 0,
    site: { id: site.id, number: site.number, name: site.name, open: site.open },
    checklist, planMadeAt: plan.made_at, startedAt: new Date().toISOString(), finishedAt: null,
    answers: {}, signatures: { inspector: {}, owner: { office: "" } },
  });
  return id;
};

const chooser = (site, checklists, plan) => {
  const choice = make("select", { "aria-label": `${say("checklist")}: ${site.name}` },
    checklists.map((one) => make("option", { value: one.id }, `${one.name} · ${one.version}`)));
  const start = make("button", {
    type: "button", class: "primary", "aria-label": `${say("begin")}: ${site.name}`,
    onclick: async () => {
      const checklist = checklists.find((one) => String(one.id) === choice.value) ?? checklists[0];
      window.location.hash = `#/${await begin(site, checklist, plan)}`;
    },
  }, say("begin"));
  return make("p", { class: "cluster" }, checklists.length > 1 ? choice : null, start);
};

const siteCard = (site, plan, rows) => {
  const draft = rows.find((row) => row.site.id === site.id && row.state === "draft");
  const checklists = plan.checklists.filter((one) => site.checklists.includes(one.id));
  const facts = [
    [say("planned"), site.day], [say("due"), site.due],
  ].filter(([, value]) => value).map(([name, value]) => `${name}: ${value}`);
  return make("section", { class: "card" },
    make("h3", {}, `${site.number ?? ""} ${site.name}`.trim()),
    make("p", { class: "muted" }, [site.category, site.place, site.address].filter(Boolean).join(" · ")),
    facts.length ? make("p", {}, facts.join(" · ")) : null,
    site.open.length
      ? make("div", {}, make("p", {}, make("strong", {}, say("open_here"))),
        make("ul", {}, site.open.map((one) => make("li", {}, `${one.text} (${one.state})`))))
      : null,
    draft
      ? make("p", {}, make("a", { class: "button", href: `#/${draft.id}` }, say("go_on")))
      : chooser(site, checklists, plan));
};

const line = (row) => {
  const words = [say(`state_${row.state}`)];
  if (row.result) words.push(`${say("result")}: ${row.result}`);
  if (row.nextDue) words.push(`${say("next_due")}: ${row.nextDue}`);
  const name = `${row.site.number ?? ""} ${row.site.name}`.trim();
  const title = row.state === "sent" ? make("strong", {}, name) : make("a", { href: `#/${row.id}` }, name);
  return make("li", { "data-state": row.state, "data-inspection": row.id }, title, ": ", words.join(". "),
    row.message ? make("p", {}, row.message) : null,
    (row.notes ?? []).map((note) => make("p", { class: "muted" }, note)));
};

const section = (title, ...children) => make("section", {}, make("h2", {}, title), ...children);

export const list = async ({ send, signOut }) => {
  const [plan, owner, all] = [await store.recall("plan"), await store.recall("owner"), await store.inspections()];
  const rows = all.filter((row) => row.owner === owner);
  const others = all.length - rows.length;
  const waiting = rows.filter((row) => store.UNSENT.has(row.state));
  const sent = rows.filter((row) => row.state === "sent");
  const sites = plan?.sites ?? [];
  return make("div", { class: "stack" },
    make("p", { class: "cluster" },
      make("button", { type: "button", class: "button", onclick: send }, say("send_now")),
      make("a", { class: "button button-plain", href: here.takeUrl }, say("take_along"))),
    waiting.length ? section(say("waiting"), make("ul", {}, waiting.map(line))) : null,
    section(say("my_sites"),
      plan ? make("p", { class: "muted" }, say("plan_of", { time: said(plan.made_at) })) : null,
      sites.length
        ? make("div", { class: "stack" }, sites.map((site) => siteCard(site, plan, rows)))
        : make("div", { class: "empty-state" },
          make("p", {}, make("strong", {}, say("none_title"))), make("p", {}, say("none_hint")))),
    sent.length ? section(say("sent_list"), make("ul", {}, sent.map(line))) : null,
    others ? make("p", {}, say("of_another", { count: others })) : null,
    make("p", {}, make("button", { type: "button", class: "button button-plain", onclick: signOut }, say("sign_out")), " ",
      make("a", { href: "/" }, say("to_desk"))));
};
