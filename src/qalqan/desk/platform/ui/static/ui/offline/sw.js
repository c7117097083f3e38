// Keeps a page itself at hand, so that it opens in a cellar. The desk writes PREFIX, VERSION, PAGE
// and PARTS in front. Data never pass through here: they live in the store and go to the desk alone.
/* global PREFIX, VERSION, PAGE, PARTS */
const PATIENCE_MS = 3000;

const fetched = async (address) => {
  const answer = await fetch(address, { redirect: "manual", cache: "no-store", credentials: "same-origin" });
  if (!answer.ok) throw new Error(`${address}: ${answer.status}`);
  return answer;
};

self.addEventListener("install", (event) => {
  event.waitUntil((async () => {
    const cache = await caches.open(PREFIX + VERSION);
    // All or nothing: a page without one of its programs would be no page.
    const answers = await Promise.all(PARTS.map(fetched));
    await Promise.all(answers.map((answer, place) => cache.put(PARTS[place], answer)));
    try {
      await cache.put(PAGE, await fetched(PAGE));
    } catch {
      // Nobody is signed in just now; the page is kept when it is next opened.
    }
    await self.skipWaiting();
  })());
});

self.addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    const now = await caches.open(PREFIX + VERSION);
    for (const name of await caches.keys()) {
      if (!name.startsWith(PREFIX) || name === PREFIX + VERSION) continue;
      const page = await (await caches.open(name)).match(PAGE);
      if (page && !(await now.match(PAGE))) await now.put(PAGE, page);
      await caches.delete(name);
    }
    await self.clients.claim();
  })());
});

const page = async (request) => {
  const cache = await caches.open(PREFIX + VERSION);
  const kept = await cache.match(PAGE);
  try {
    const answer = await fetch(request, kept ? { signal: AbortSignal.timeout(PATIENCE_MS) } : {});
    // Only the page itself is kept: not the way to sign in, not a refusal.
    if (answer.ok && !answer.redirected && answer.type === "basic") await cache.put(PAGE, answer.clone());
    else if (answer.status >= 500 && kept) return kept;
    return answer;
  } catch (error) {
    if (kept) return kept;
    throw error;
  }
};

self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET" || url.origin !== self.location.origin) return;
  if (event.request.mode === "navigate" && url.pathname === PAGE) {
    event.respondWith(page(event.request));
  } else if (PARTS.includes(url.pathname)) {
    event.respondWith((async () => {
      const cache = await caches.open(PREFIX + VERSION);
      return (await cache.match(url.pathname)) ?? fetch(event.request);
    })());
  }
});
