// One inspection: every change is on the disk before the page says so.
import { asked, parse } from "./logic.js";
import { shrink, thumbnail } from "../../ui/offline/photo.js";
import { pad } from "./signature.js";
import * as store from "./store.js";
import { make, said, say } from "../../ui/offline/words.js";

const PAUSE_MS = 200;
const INTEGER = /^-?[0-9]{1,12}$/;
const DECIMAL = /^-?[0-9]{1,12}(\.[0-9]{1,6})?$/;

const valueIn = (row) => (code) => row.answers[code]?.value ?? "";

// What is missing before an inspection can be finished: pairs of code and complaint.
export const problems = (row, photos) => {
  const { found, answers } = asked(row.checklist.questions, valueIn(row));
  const missing = [];
  for (const question of found) {
    const own = answers[question.code];
    const count = photos.filter((photo) => photo.question === question.code).length;
    if (!own && question.required) missing.push([question.code, say("needs_answer")]);
    if (!own) continue;
    if (question.kind === "integer" && !INTEGER.test(own)) missing.push([question.code, say("needs_number")]);
    else if (question.kind === "decimal" && !DECIMAL.test(own)) missing.push([question.code, say("needs_number")]);
    else if (question.constraint && !parse(question.constraint).holds(answers, own)) {
      missing.push([question.code, say("not_allowed")]);
    }
    if (count < question.pictures) missing.push([question.code, say("needs_pictures")]);
  }
  const { inspector, owner } = row.signatures;
  const signed = (side) => side.strokes?.length || side.confirmed;
  if (!signed(inspector)) missing.push(["inspector", say("needs_signature")]);
  if (!signed(owner) && !owner.refused?.trim()) missing.push(["owner", say("needs_signature")]);
  if (signed(owner) && !owner.office?.trim()) missing.push(["office", say("needs_office")]);
  return missing;
};

// Only what was asked is sent; an answer to a question that went out of sight is left behind.
const trimmed = (row) => {
  const { found } = asked(row.checklist.questions, valueIn(row));
  const kept = found.map((question) => question.code).filter((code) => row.answers[code]);
  return Object.fromEntries(kept.map((code) => [code, row.answers[code]]));
};

export class Form {
  constructor(row, { tell, done }) {
    Object.assign(this, { row, tell, done, waiting: Promise.resolve(), timer: null, pending: null });
    this.boxes = new Map();
    this.lastSection = "";
  }

  // Change the row in memory and on the disk, in the order in which things were entered.
  save(change) {
    change(this.row);
    this.waiting = this.waiting
      .then(() => store.changeInspection(this.row.id, (stored) => {
        if (stored.state !== "draft") return stored;
        change(stored);
        stored.revision += 1;
        return stored;
      }))
      .then(() => this.tell(say("saved", { time: said(new Date()) })))
      .catch(() => this.tell(say("not_saved"), true));
    return this.waiting;
  }

  // Typing is saved at the next pause, and at once when the field is left.
  soon(change) {
    this.pending = change;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.flush(), PAUSE_MS);
  }
  flush() {
    clearTimeout(this.timer);
    const { pending } = this;
    this.pending = null;
    return pending ? this.save(pending) : this.waiting;
  }

  answer(code, part, value) {
    return (row) => {
      row.answers[code] = { value: "", note: "", ...row.answers[code], [part]: value };
    };
  }

  typed(input, change) {
    input.addEventListener("input", () => this.soon(change(input.value)));
    input.addEventListener("change", () => {
      this.pending = null;
      clearTimeout(this.timer);
      this.save(change(input.value));
      this.refresh();
    });
    return input;
  }

  radio(question, value, text) {
    const checked = valueIn(this.row)(question.code) === value;
    return make("label", { class: "choice" },
      make("input", {
        type: "radio", name: `q-${question.code}`, value, checked,
        onchange: () => {
          this.save(this.answer(question.code, "value", value));
          this.refresh();
        },
      }), text);
  }

  control(question) {
    const own = valueIn(this.row)(question.code);
    if (question.kind === "yes_no") {
      return make("div", {}, this.radio(question, "yes", say("yes")), this.radio(question, "no", say("no")));
    }
    if (question.kind === "choice") {
      return make("div", {}, question.choices.map((one) => this.radio(question, one.code, one.text)));
    }
    const input = make("input", {
      type: question.kind === "date" ? "date" : "text", value: own, "aria-label": question.text,
      inputmode: { integer: "numeric", decimal: "decimal" }[question.kind] ?? false, maxlength: 500,
      name: `q-${question.code}`,
    });
    return this.typed(input, (value) => this.answer(question.code, "value", value.trim()));
  }

  async pictures(question, place) {
    const photos = (await store.photosOf(this.row.id))
      .filter((one) => one.question === question.code)
      .sort((one, other) => one.takenAt.localeCompare(other.takenAt));
    place.replaceChildren(...photos.map((photo, index) => {
      const label = say("picture", { number: index + 1 });
      const canvas = make("canvas", { width: 96, height: 96, role: "img", "aria-label": label });
      if (photo.bytes) thumbnail(photo.bytes, canvas).catch(() => {});
      return make("li", { "data-photo": photo.id }, canvas,
        photo.message ? make("p", { class: "error" }, photo.message) : null,
        make("button", {
          type: "button", class: "button button-plain button-small",
          onclick: async () => {
            await store.removePhoto(photo);
            this.row.revision += 1;
            await this.pictures(question, place);
          },
        }, say("remove_picture", { number: index + 1 })));
    }));
  }

  pictureField(question) {
    const place = make("ul", { class: "thumbs" });
    const input = make("input", {
      type: "file", accept: "image/*", multiple: true, name: `p-${question.code}`, class: "visually-hidden",
      "aria-label": `${say("add_picture")}: ${question.text}`,
      onchange: async () => {
        for (const file of [...input.files]) {
          try {
            const bytes = await shrink(file);
            await store.addPhoto({
              id: crypto.randomUUID(), inspection: this.row.id, question: question.code, bytes,
              takenAt: new Date().toISOString(), sent: false,
            });
            this.tell(say("saved", { time: said(new Date()) }));
          } catch (error) {
            this.tell(say(error?.name === "QuotaExceededError" ? "not_saved" : "no_picture"), true);
          }
        }
        input.value = "";
        await this.pictures(question, place);
      },
    });
    this.pictures(question, place);
    const wanted = question.pictures ? say("pictures_wanted", { count: question.pictures }) : "";
    return make("div", {}, make("p", { class: "muted" }, say("pictures"), wanted ? ` · ${wanted}` : ""), place,
      make("label", { class: "button button-plain button-small file-button" }, say("add_picture"), input));
  }

  question(question) {
    const note = this.typed(
      make("textarea", { rows: 1, maxlength: 1000, "aria-label": `${say("note")}: ${question.text}` }, this.row.answers[question.code]?.note ?? ""),
      (value) => this.answer(question.code, "note", value),
    );
    const box = make("fieldset", { id: `box-${question.code}`, tabindex: -1 },
      make("legend", {}, question.text, question.required ? null : ` (${say("optional")})`),
      question.hint ? make("p", { class: "muted" }, question.hint) : null,
      this.control(question), make("details", { open: Boolean(this.row.answers[question.code]?.note) }, make("summary", {}, say("note")), note),
      this.pictureField(question));
    this.boxes.set(question.code, box);
    return box;
  }

  signature(side, label) {
    const given = this.row.signatures[side];
    const set = (part, value) => (row) => { row.signatures[side] = { ...row.signatures[side], [part]: value }; };
    const office = side === "owner"
      ? make("div", { class: "form-row" },
        make("label", { for: "office" }, say("office")), make("p", { class: "help" }, say("office_hint")),
        this.typed(make("input", { id: "office", type: "text", maxlength: 120, value: given.office ?? "" }), (value) => set("office", value)))
      : null;
    const refused = side === "owner"
      ? make("div", { class: "form-row" },
        make("label", { for: "refused" }, say("owner_refused")),
        this.typed(make("input", { id: "refused", type: "text", maxlength: 200, value: given.refused ?? "" }), (value) => set("refused", value)))
      : null;
    return make("fieldset", { id: `box-${side}`, tabindex: -1 }, make("legend", {}, label), office,
      pad(say("sign_here", { side: label }), given.strokes ?? [], (strokes) => this.save(set("strokes", strokes.map((one) => [...one])))),
      make("label", { class: "choice" }, make("input", {
        type: "checkbox", name: `confirm-${side}`, checked: Boolean(given.confirmed),
        onchange: (event) => this.save(set("confirmed", event.target.checked)),
      }), say("confirm_instead")), refused);
  }

  refresh() {
    const { found } = asked(this.row.checklist.questions, valueIn(this.row));
    const shown = new Set(found.map((question) => question.code));
    for (const [code, box] of this.boxes) box.hidden = !shown.has(code);
    for (const head of this.root.querySelectorAll("h3[data-codes]")) {
      head.hidden = !head.dataset.codes.split(" ").some((code) => shown.has(code));
    }
  }

  headed(question) {
    const box = this.question(question);
    if (!question.section || question.section === this.lastSection) return [box];
    this.lastSection = question.section;
    const codes = this.row.checklist.questions.filter((one) => one.section === question.section).map((one) => one.code);
    return [make("h3", { "data-codes": codes.join(" ") }, question.section), box];
  }

  async finish() {
    await this.flush();
    const missing = problems(this.row, await store.photosOf(this.row.id));
    for (const box of this.root.querySelectorAll(".missing")) box.classList.remove("missing");
    const named = (code) => this.row.checklist.questions.find((one) => one.code === code)?.text;
    this.errors.replaceChildren(...(missing.length ? [make("h2", {}, say("problems")),
      make("ul", {}, missing.map(([code, complaint]) => {
        const box = this.root.querySelector(`#box-${CSS.escape(code === "office" ? "owner" : code)}`);
        box?.classList.add("missing");
        return make("li", {}, make("button", {
          type: "button", class: "button button-plain",
          onclick: () => { box?.scrollIntoView(); box?.focus(); },
        }, [named(code), complaint].filter(Boolean).join(": ")));
      }))] : []));
    this.errors.hidden = !missing.length;
    if (missing.length) {
      this.errors.focus();
      return;
    }
    const finishedAt = new Date().toISOString();
    await this.save((row) => Object.assign(row, { answers: trimmed(row), finishedAt }));
    await store.changeInspection(this.row.id, (row) => ({ ...row, state: "ready" }));
    this.done();
  }

  discard() {
    const ask = make("div", { class: "notice tone-warning", role: "alertdialog", "aria-label": say("discard") },
      make("p", {}, say("discard_sure")),
      make("p", { class: "cluster" },
        make("button", {
          type: "button", class: "button button-danger",
          onclick: async () => { await store.removeInspection(this.row.id); this.done(); },
        }, say("discard_yes")),
        make("button", { type: "button", class: "button", onclick: () => ask.remove() }, say("cancel"))));
    this.root.append(ask);
    ask.querySelectorAll("button")[1].focus();
  }

  show() {
    this.errors = make("div", { class: "error-summary", tabindex: -1, role: "alert", hidden: true });
    this.root = make("div", { class: "stack" },
      make("p", {}, make("a", { href: "#/" }, say("back"))),
      make("h2", {}, `${this.row.site.number ?? ""} ${this.row.site.name}`.trim()),
      make("p", { class: "muted" }, `${this.row.checklist.name} · ${this.row.checklist.version}`),
      this.errors,
      this.row.checklist.questions.flatMap((question) => this.headed(question)),
      make("h3", {}, say("signatures")),
      this.signature("inspector", say("inspector")),
      this.signature("owner", say("owner_side")),
      make("p", { class: "cluster" },
        make("button", { type: "button", class: "primary", onclick: () => this.finish() }, say("finish")),
        make("button", { type: "button", class: "button button-plain", onclick: () => this.discard() }, say("discard"))));
    this.refresh();
    return this.root;
  }
}
