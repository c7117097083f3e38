// Keys and small comforts. Every page reads and every form works without this file.
"use strict";
(() => {
  const GO_WINDOW_MS = 1200;
  let goPressedAt = 0;

  const isTyping = (target) =>
    target instanceof HTMLElement &&
    (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));

  const openHelp = () => {
    const help = document.getElementById("help");
    if (help && !help.open) help.showModal();
  };

  const go = (letter) => {
    const link = document.querySelector(`a[data-go="${CSS.escape(letter)}"]`);
    if (link) window.location.assign(link.href);
  };

  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape") {
      document.querySelectorAll("details.user-menu[open], details.phone-menu[open]").forEach((menu) => {
        menu.open = false;
        menu.querySelector("summary").focus();
      });
    }
    if (isTyping(event.target) || document.querySelector("dialog[open]")) return;
    if (Date.now() - goPressedAt < GO_WINDOW_MS && event.key.length === 1) {
      goPressedAt = 0;
      // The physical key counts: on a Kazakh or Russian layout "r" arrives as "к".
      go(event.code.startsWith("Key") ? event.code.slice(3).toLowerCase() : event.key);
    } else if (event.code === "KeyG" && !event.shiftKey) {
      goPressedAt = Date.now();
    } else if (event.key === "?") {
      event.preventDefault();
      openHelp();
    } else if (event.key === "/" || (event.code === "Slash" && !event.shiftKey)) {
      const box = document.getElementById("search-box");
      if (box) {
        event.preventDefault();
        box.focus();
        box.select();
      }
    }
  });

  document.addEventListener("click", (event) => {
    const target = event.target instanceof Element ? event.target : null;
    if (!target) return;
    const dismiss = target.closest("[data-dismiss]");
    if (dismiss) dismiss.closest(".toast").remove();
    const opener = target.closest("[data-dialog]");
    if (opener) document.getElementById(opener.dataset.dialog)?.showModal();
    if (target.closest("[data-help]") && document.getElementById("help")) {
      event.preventDefault();
      openHelp();
    }
    document.querySelectorAll("details.user-menu[open]").forEach((menu) => {
      if (!menu.contains(target)) menu.open = false;
    });
  });

  // What only works with this file is shown only once the file runs.
  document.querySelectorAll("[data-dismiss], [data-dialog]").forEach((part) => {
    part.hidden = false;
  });
})();
