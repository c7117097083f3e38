// The work list by keyboard: j and k go down and up, Enter opens, x marks.
"use strict";
(() => {
  const rows = () => [...document.querySelectorAll("[data-row]")];
  const linkOf = (row) => row.querySelector("a[data-open]");

  const isTyping = (target) =>
    target instanceof HTMLElement &&
    (target.isContentEditable ||
      (/^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName) && target.type !== "checkbox"));

  const current = (all) => all.findIndex((row) => row.contains(document.activeElement));

  const move = (step) => {
    const all = rows();
    if (!all.length) return;
    const here = current(all);
    const next = here < 0 ? (step > 0 ? 0 : all.length - 1) : here + step;
    const row = all[Math.max(0, Math.min(next, all.length - 1))];
    linkOf(row).focus();
    row.scrollIntoView({ block: "nearest" });
  };

  const mark = () => {
    const all = rows();
    const box = all[current(all)]?.querySelector("input[type=checkbox]");
    if (box) box.checked = !box.checked;
  };

  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    if (isTyping(event.target) || document.querySelector("dialog[open]")) return;
    // The physical key counts: on a Kazakh or Russian layout "j" arrives as "о".
    if (event.code === "KeyJ") move(1);
    else if (event.code === "KeyK") move(-1);
    else if (event.code === "KeyX") mark();
    else return;
    event.preventDefault();
  });

  // What only works with this file is shown only once the file runs.
  document.querySelectorAll("[data-keys-hint]").forEach((part) => {
    part.hidden = false;
  });
})();
