// Keeps the list of signals up to date and sounds when one stands unanswered.
// The page reads and every button works without this file.
"use strict";
(() => {
  const box = document.getElementById("signals");
  if (!box) return;
  const state = document.getElementById("signals-state");
  const soundButton = document.getElementById("signals-sound");
  const title = document.title;
  const SILENCE_MS = 12000;
  const POLL_MS = 1000;
  const SOUND_MS = 2500;
  let highest = Number(box.querySelector("[data-newest]")?.dataset.newest || 0);
  let heardAt = Date.now();
  let audio = null;
  let polling = 0;
  let sounding = 0;
  let source = null;

  const beep = () => {
    if (!audio || audio.state !== "running") return;
    [880, 660, 880].forEach((pitch, place) => {
      const tone = audio.createOscillator();
      const level = audio.createGain();
      const from = audio.currentTime + place * 0.25;
      tone.frequency.value = pitch;
      level.gain.setValueAtTime(0.4, from);
      level.gain.exponentialRampToValueAtTime(0.001, from + 0.22);
      tone.connect(level).connect(audio.destination);
      tone.start(from);
      tone.stop(from + 0.23);
    });
  };

  // A new signal sounds at once, and again and again until somebody has answered.
  const attend = () => {
    const part = box.querySelector("[data-newest]");
    const newest = Number(part?.dataset.newest || 0);
    const unanswered = Number(part?.dataset.unanswered || 0);
    document.title = unanswered ? `(${unanswered}) ${title}` : title;
    if (newest > highest) {
      highest = newest;
      beep();
      box.dispatchEvent(new CustomEvent("signal", { bubbles: true }));
    }
    clearInterval(sounding);
    if (unanswered) sounding = setInterval(beep, SOUND_MS);
  };

  const show = (html) => {
    heardAt = Date.now();
    // What somebody is writing is not taken from under the fingers.
    const field = document.activeElement;
    const writing = field && box.contains(field) && field.matches("input, textarea, select");
    const kept = writing ? { id: field.id, value: field.value } : null;
    const pressed = field && box.contains(field) ? field.id : "";
    const written = [...box.querySelectorAll("input[type=text]")].map((one) => [one.id, one.value]);
    const opened = [...box.querySelectorAll("details[open]")].map((one) => one.id);
    box.innerHTML = html;
    opened.forEach((id) => document.getElementById(id)?.setAttribute("open", ""));
    written.forEach(([id, value]) => {
      const again = document.getElementById(id);
      if (again) again.value = value;
    });
    document.getElementById(kept ? kept.id : pressed)?.focus();
    attend();
  };

  const say = (name) => {
    if (state) state.textContent = state.dataset[name];
  };

  const poll = async () => {
    try {
      const answer = await fetch(box.dataset.part, { credentials: "same-origin" });
      if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
      show(await answer.text());
      say("polling");
    } catch {
      if (Date.now() - heardAt > SILENCE_MS) say("lost");
    }
  };

  const startPolling = () => {
    if (!polling) polling = setInterval(poll, POLL_MS);
  };

  const listen = () => {
    source = new EventSource(box.dataset.stream);
    source.onmessage = (event) => {
      clearInterval(polling);
      polling = 0;
      say("live");
      show(event.data);
    };
    source.onerror = () => {
      startPolling();
      if (source.readyState === EventSource.CLOSED) setTimeout(listen, 15000);
    };
  };

  soundButton?.addEventListener("click", () => {
    audio = audio || new AudioContext();
    audio.resume().then(() => {
      beep();
      soundButton.setAttribute("aria-pressed", "true");
      soundButton.textContent = soundButton.dataset.on;
    });
  });
  if (soundButton) soundButton.hidden = false;
  attend();
  listen();
})();
