// Doorstep's service worker. The server fills in the build and its files at start-up, so that one build is one matching set.
// It keeps the program and the empty shell. It never keeps a page or an answer with somebody's data.
const BUILD = "__BUILD__";
const FILES = __FILES__;

const CACHE = `doorstep-${BUILD}`;
const DEVICE = "doorstep-device"; // Holds /enrolled on a device that was set up; written and removed by the app.
const SHELL = "/shell";
const ANSWER_MS = 3_000;
const SHARE = "/share";
const MOST_SHARED = 10;

// In all languages, because a reminder comes when no page is open. It names nobody and nothing.
const REMINDERS = {
  en: {
    morning: "There is something to do today. Open Doorstep to see it.",
    evening: "Open Doorstep once before you go home: it makes tomorrow's visits ready on this device.",
  },
  es: {
    morning: "Hoy hay algo que hacer. Abra Doorstep para verlo.",
    evening: "Abra Doorstep una vez antes de irse a casa: prepara las visitas de mañana en este dispositivo.",
  },
  ar: {
    morning: "هناك ما يجب فعله اليوم. افتح Doorstep لتراه.",
    evening: "افتح Doorstep مرة قبل أن تعود إلى البيت: سيجهّز زيارات الغد على هذا الجهاز.",
  },
};

let shared = []; // Photos of another app, in memory only, until the page that opens with them asks for them.

const NOT_OURS = ["/sync", "/api", "/session", "/healthz", "/readyz", "/sw.js", "/manifest.webmanifest", "/icons"];
const ONLINE_ONLY = ["/sign-in", "/sign-out"];

const isUnder = (path, roots) => roots.some((root) => path === root || path.startsWith(`${root}/`));

self.addEventListener("install", (event) => event.waitUntil(keepBuild()));

self.addEventListener("activate", (event) => event.waitUntil(dropOldBuilds().then(() => self.clients.claim())));

self.addEventListener("message", (event) => {
  if (event.data?.type === "activate") event.waitUntil(activateIfAllAgree(event.source));
  if (event.data?.type === "shared") event.source.postMessage({ type: "shared", files: shared.splice(0) });
  if (event.data?.type === "build") event.source.postMessage({ type: "build", build: BUILD });
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method === "POST" && url.origin === self.location.origin && url.pathname === SHARE) return event.respondWith(takeShared(request));
  if (request.method !== "GET" || url.origin !== self.location.origin || isUnder(url.pathname, NOT_OURS)) return;
  if (request.mode === "navigate") event.respondWith(openPage(request, url.pathname));
  else if (url.pathname.startsWith("/assets/")) event.respondWith(findFile(request));
});

self.addEventListener("push", (event) => event.waitUntil(remind()));

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(openApp());
});

// All or nothing: a file that is not byte for byte the one of this build fails the whole install, and the build before stays.
async function keepBuild() {
  const cache = await caches.open(CACHE);
  try {
    await Promise.all(FILES.map((file) => keepFile(cache, file)));
  } catch (error) {
    await caches.delete(CACHE);
    throw error;
  }
}

// The list names the shell too. A captive portal answers 200 with a page of its own, and during an upgrade another build may answer:
// neither has the bytes of ours.
async function keepFile(cache, { url, sha256 }) {
  const known = await caches.match(url);
  if (known && (await isWhole(known, sha256))) return cache.put(url, known);
  const response = await fetch(url, { integrity: `sha256-${sha256}`, cache: url === SHELL ? "no-store" : "default", credentials: "omit", redirect: "error" });
  if (!response.ok || !(await isWhole(response, sha256))) throw new Error(`${url} is not of this build`);
  return cache.put(url, response);
}

async function isWhole(response, sha256) {
  const digest = await crypto.subtle.digest("SHA-256", await response.clone().arrayBuffer());
  return btoa(String.fromCharCode(...new Uint8Array(digest))) === sha256;
}

// A new build waits until no open page has something typed that is not kept, or something on its way. Who does not answer does not agree.
async function activateIfAllAgree(asking) {
  const pages = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
  const answers = await Promise.all(pages.map(agrees));
  if (answers.every((answer) => answer === true)) return self.skipWaiting();
  asking.postMessage({ type: "not-now" });
}

function agrees(page) {
  return new Promise((done) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = (event) => done(event.data);
    page.postMessage({ type: "may-update" }, [port2]);
    setTimeout(done, ANSWER_MS);
  });
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

// Whose photo it is, and whether it belongs into a note, a person decides on the page.
async function takeShared(request) {
  const form = await request.formData();
  shared = form.getAll("files").filter((file) => file instanceof File).slice(0, MOST_SHARED);
  return Response.redirect("/today?shared", 303);
}

async function findFile(request) {
  return (await caches.match(request.url, { cacheName: CACHE })) ?? fetch(request);
}

// The push itself is empty: what the reminder says depends on the time of day here.
async function remind() {
  const chosen = await self.cookieStore?.get("doorstep-language");
  const wanted = [chosen?.value, ...navigator.languages].map((tag) => tag?.split("-")[0]);
  const lang = wanted.find((tag) => tag in REMINDERS) ?? "en";
  const body = REMINDERS[lang][new Date().getHours() < 12 ? "morning" : "evening"];
  return self.registration.showNotification("Doorstep", { body, lang, dir: "auto", tag: "reminder", icon: "/icons/icon-192.png" });
}

// A page that is open already comes to the front as it is: something may be written in it.
async function openApp() {
  const [page] = await self.clients.matchAll({ type: "window" });
  return page ? page.focus() : self.clients.openWindow("/today");
}
