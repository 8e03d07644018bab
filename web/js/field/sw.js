// The app without network. A new version is fetched whole beside the old one; the old one serves until then,
// and until the person (or the last open page) lets the new one take over.
const { version, files } = self.BUILT;
const NAME = `fengqiao-field-${version}`;
const SHELL = files[0];

self.addEventListener("install", (event) => {
  const fresh = files.map((file) => new Request(file, { cache: "no-cache" }));
  event.waitUntil(caches.open(NAME).then((cache) => cache.addAll(fresh)));
});

self.addEventListener("activate", (event) => {
  const old = (names) => names.filter((name) => name.startsWith("fengqiao-field-") && name !== NAME);
  event.waitUntil(
    caches.keys().then((names) => Promise.all(old(names).map((name) => caches.delete(name)))).then(() => self.clients.claim()),
  );
});

self.addEventListener("message", (event) => event.data === "take-over" && self.skipWaiting());

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const path = new URL(request.url).pathname;
  if (request.method !== "GET") return;
  const wanted = request.mode === "navigate" && path === SHELL ? SHELL : path;
  if (!files.includes(wanted)) return;
  event.respondWith(caches.open(NAME).then((cache) => cache.match(wanted)).then((kept) => kept ?? fetch(request)));
});
