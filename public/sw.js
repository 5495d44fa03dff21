// Doorstep's service worker. The server fills in the build and its files at start-up, so that one build is one matching set.
// It keeps the program and the empty shell. It never keeps a page or an answer with somebody's data.
const BUILD = "__BUILD__";
const FILES = __FILES__;

const CACHE = `doorstep-${BUILD}`;
const DEVICE = "doorstep-device"; // Holds /enrolled on a device that was set up; written and removed by the app.
const SHELL = "/shell";

const NOT_OURS = ["/sync", "/api", "/session", "/healthz", "/readyz", "/sw.js", "/manifest.webmanifest", "/icons"];
const ONLINE_ONLY = ["/sign-in", "/sign-out"];

const isUnder = (path, roots) => roots.some((root) => path === root || path.startsWith(`${root}/`));

self.addEventListener("install", (event) => event.waitUntil(keepBuild()));

self.addEventListener("activate", (event) => event.waitUntil(dropOldBuilds().then(() => self.clients.claim())));

// A new build waits until the app says that no note is half written.
self.addEventListener("message", (event) => {
  if (event.data?.type === "activate") event.waitUntil(self.skipWaiting());
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin || isUnder(url.pathname, NOT_OURS)) return;
  if (request.mode === "navigate") event.respondWith(openPage(request, url.pathname));
  else if (url.pathname.startsWith("/assets/")) event.respondWith(findFile(request));
});

// All or nothing: a file that is not byte for byte the one of this build fails the whole install, and the build before stays.
async function keepBuild() {
  const cache = await caches.open(CACHE);
  try {
    await Promise.all([...FILES.map((file) => keepFile(cache, file)), keepShell(cache)]);
  } catch (error) {
    await caches.delete(CACHE);
    throw error;
  }
}

async function keepFile(cache, { url, sha256 }) {
  const known = await caches.match(url); // Same name, same bytes: names carry the hash.
  if (known) return cache.put(url, known);
  const response = await fetch(url, { integrity: `sha256-${sha256}`, credentials: "omit" });
  if (!response.ok) throw new Error(`${url} answered ${response.status}`);
  return cache.put(url, response);
}

// A captive portal answers 200 with a page of its own, and during an upgrade another build may answer: neither is our shell.
async function keepShell(cache) {
  const response = await fetch(SHELL, { cache: "no-store", credentials: "omit", redirect: "error" });
  const text = await response.clone().text();
  if (!response.ok || !text.includes(`data-build="${BUILD}"`)) throw new Error("the shell is not of this build");
  return cache.put(SHELL, response);
}

async function dropOldBuilds() {
  const names = await caches.keys();
  const old = names.filter((name) => name.startsWith("doorstep-") && name !== CACHE && name !== DEVICE);
  await Promise.all(old.map((name) => caches.delete(name)));
}

async function openPage(request, path) {
  const shell = () => caches.match(SHELL, { cacheName: CACHE });
  if (!isUnder(path, ONLINE_ONLY) && (await caches.match("/enrolled", { cacheName: DEVICE }))) {
    const kept = await shell();
    if (kept) return kept;
  }
  try {
    return await fetch(request);
  } catch (error) {
    const kept = await shell();
    if (kept) return kept;
    throw error;
  }
}

async function findFile(request) {
  return (await caches.match(request.url, { cacheName: CACHE })) ?? fetch(request);
}
