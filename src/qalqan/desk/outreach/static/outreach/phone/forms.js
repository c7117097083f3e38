// The two forms: an activity in a minute, a field note in less.
import { shrink } from "../../ui/offline/photo.js";
import { make, say } from "../../ui/offline/words.js";

const MOST_PICTURES = 3;
const two = (number) => String(number).padStart(2, "0");
const localDay = (at) => `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
const localTime = (at) => `${localDay(at)}T${two(at.getHours())}:${two(at.getMinutes())}`;

const options = (pairs, chosen) => [
  make("option", { value: "" }, say("choose")),
  ...pairs.map(([value, label]) =>
    make("option", { value, selected: String(value) === String(chosen ?? "") }, label)),
];

const placeOptions = (places, chosen) => [
  make("option", { value: "" }, say("choose")),
  ...places.map(([district, name, towns]) =>
    make("optgroup", { label: name }, [[district, name], ...towns].map(([id, label]) =>
      make("option", { value: id, selected: String(id) === String(chosen ?? "") }, label)))),
];

// Each field: its name, what kind it is, its choices, whether it must be filled in.
const fieldsOf = (kind, choices) => {
  if (kind === "note") {
    return {
      short: [
        ["theme", "select", choices.note_themes, true],
        ["spot", "select", choices.spots, true],
        ["place", "place", choices.places, true],
        ["seen_at", "datetime-local", null, true],
        ["text", "textarea", 1000, true],
      ],
      long: [],
    };
  }
  return {
    short: [
      ["title", "text", 200, true],
      ["activity_kind", "select", choices.kinds, true],
      ["activity_theme", "select", choices.themes, true],
      ["place", "place", choices.places, true],
      ["held_on", "date", null, true],
      ["spoken", "select", choices.languages, true],
      ...(choices.bodies.length === 1 ? [] : [["body", "select", choices.bodies, true]]),
      ["reach", "number", null, false],
      ["reach_is", "select", choices.reach_is, false],
    ],
    long: [
      ...choices.bands.map(([code, label]) => [`band_${code}`, "number", null, false, label]),
      ["cost", "number", null, false],
      ["outcome", "textarea", 2000, false],
      ["asked", "text", 500, false],
      ["answered", "text", 1000, false],
    ],
  };
};

export const blank = (kind, owner) => {
  const now = new Date();
  const said = kind === "note" ? { seen_at: localTime(now) } : { held_on: localDay(now), spoken: "kk" };
  return { id: crypto.randomUUID(), kind, owner, state: "draft", said, pictures: [], revision: 0, message: "" };
};

const control = ([name, type, extra, required], value) => {
  const common = { id: `f-${name}`, name, required };
  if (type === "select") return make("select", common, options(extra, value));
  if (type === "place") return make("select", common, placeOptions(extra, value));
  if (type === "textarea") return make("textarea", { ...common, rows: 3, maxlength: extra }, value ?? "");
  const number = type === "number" ? { inputmode: "numeric", min: 0, step: 1 } : {};
  const length = type === "text" ? { maxlength: extra } : {};
  return make("input", { ...common, type, value: value ?? "", ...number, ...length });
};

const row = (field, said) =>
  make("div", { class: "form-row", id: `box-${field[0]}` },
    make("label", { for: `f-${field[0]}` }, field[4] ?? say(field[0])), control(field, said[field[0]]));

export const problems = (kind, said, choices) => {
  const fields = fieldsOf(kind, choices);
  const missing = fields.short.filter(([name, , , required]) => required && !String(said[name] ?? "").trim());
  const found = missing.map(([name]) => [name, say("needs", { field: say(name) })]);
  if (String(said.reach ?? "") !== "" && !said.reach_is) found.push(["reach_is", say("needs_which")]);
  return found;
};

// The form of one entry; `kept` stores it at each change, `done` when it is whole.
export const form = (entry, choices, { kept, done, discard }) => {
  const fields = fieldsOf(entry.kind, choices);
  const shown = make("p", { class: "muted", role: "status" });
  const summary = make("div", { class: "error-summary", role: "alert", tabindex: "-1", hidden: true });
  const node = make("form", { class: "form", novalidate: true });
  const read = () => Object.fromEntries([...new FormData(node)].filter(([name, value]) => typeof value === "string" && name));
  const pictures = make("ul", {});
  const drawPictures = () => pictures.replaceChildren(...entry.pictures.map((one, place) =>
    make("li", {}, say("picture", { number: place + 1 }), " ", make("button", {
      type: "button", class: "button button-plain",
      onclick: async () => { entry.pictures.splice(place, 1); drawPictures(); await save(); },
    }, say("remove")))));
  const save = async () => {
    entry.said = read();
    entry.revision += 1;
    await kept(entry);
    shown.textContent = say("kept");
  };
  const addPictures = async (event) => {
    for (const file of [...event.target.files].slice(0, MOST_PICTURES - entry.pictures.length)) {
      try {
        entry.pictures.push({ id: crypto.randomUUID(), bytes: await shrink(file), sent: false, message: "" });
      } catch {
        shown.textContent = say("no_picture");
      }
    }
    event.target.value = "";
    drawPictures();
    await save();
  };
  const finish = async (event) => {
    event.preventDefault();
    await save();
    const wrong = problems(entry.kind, entry.said, choices);
    for (const box of node.querySelectorAll(".missing")) box.classList.remove("missing");
    summary.hidden = !wrong.length;
    if (wrong.length) {
      for (const [name] of wrong) node.querySelector(`#box-${name}`)?.classList.add("missing");
      summary.replaceChildren(make("ul", {}, wrong.map(([name, words]) =>
        make("li", {}, make("a", { href: `#f-${name}`, onclick: (click) => { click.preventDefault(); node.querySelector(`#f-${name}`)?.focus(); } }, words)))));
      summary.focus();
      return;
    }
    await done(entry);
  };
  node.addEventListener("submit", finish);
  node.addEventListener("change", (event) => { if (event.target.name) save(); });
  node.append(
    summary,
    ...fields.short.map((field) => row(field, entry.said)),
    ...(fields.long.length ? [make("details", {}, make("summary", {}, say("more")), ...fields.long.map((field) => row(field, entry.said)))] : []),
    ...(entry.kind === "note" ? [make("div", { class: "form-row" },
      make("label", { for: "pictures" }, say("pictures")), make("p", { class: "muted", id: "pictures-hint" }, say("pictures_hint")),
      make("input", { id: "pictures", type: "file", accept: "image/*", multiple: true, "aria-describedby": "pictures-hint", onchange: addPictures }), pictures)] : []),
    shown,
    make("p", { class: "cluster" },
      make("button", { type: "submit", class: "button" }, say("finish")),
      make("button", { type: "button", class: "button button-plain", onclick: () => discard(entry) }, say("discard"))),
  );
  drawPictures();
  return make("div", { class: "stack" }, make("p", {}, make("a", { href: "#/" }, say("back"))),
    make("h2", {}, say(entry.kind === "note" ? "new_note" : "new_activity")),
    make("p", { class: "muted" }, say(entry.kind === "note" ? "note_rule" : "activity_rule")),
    entry.message ? make("p", { class: "error" }, entry.message) : "", node);
};
