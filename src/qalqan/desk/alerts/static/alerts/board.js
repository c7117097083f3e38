// Keeps the delivery board up to date; without it the page shows the numbers of its loading.
"use strict";
(() => {
  const box = document.getElementById("board");
  if (!box) return;
  const POLL_MS = 5000;
  let source = null;
  let timer = 0;

  const show = (html) => { box.innerHTML = html; };

  const poll = async () => {
    try {
      const answer = await fetch(box.dataset.part, { headers: { "HX-Request": "true" } });
      if (answer.ok) show(await answer.text());
    } catch { /* the next look comes by itself */ }
    timer = setTimeout(document.visibilityState === "visible" ? listen : poll, POLL_MS);
  };

  const listen = () => {
    clearTimeout(timer);
    source?.close();
    source = new EventSource(box.dataset.stream);
    source.onmessage = (event) => show(event.data);
    // The server carries few streams at a time: whoever gets none asks every five seconds.
    source.onerror = () => {
      if (source.readyState === EventSource.CLOSED) { source = null; poll(); }
    };
  };
  listen();
})();
