// Starts the browser half. The build writes hashed names in place of the two below.
import init, { start } from "./doorstep.js";

// The browser offers to install the app when it likes, and once: the offer waits until somebody asks for it.
addEventListener("beforeinstallprompt", (event) => {
  event.preventDefault();
  window.doorstepInstall = event;
  dispatchEvent(new Event("doorstep-install"));
});

// What another app shared waits a moment in the service worker's memory, and then in this page's.
const workers = navigator.serviceWorker;
if (location.search === "?shared" && workers?.controller) {
  workers.addEventListener("message", ({ data }) => {
    if (data?.type !== "shared" || data.files.length === 0) return;
    window.doorstepShared = data.files;
    dispatchEvent(new Event("doorstep-shared"));
  });
  workers.startMessages();
  workers.controller.postMessage({ type: "shared" });
}

const html = document.documentElement;

// An iPhone shows a picture while the installed app starts, one that was made for its very screen; others make it from the manifest.
if ("standalone" in navigator) {
  const [width, height] = [screen.width, screen.height].map((side) => Math.round(side * devicePixelRatio));
  document.head.append(Object.assign(document.createElement("link"), { rel: "apple-touch-startup-image", href: `/icons/splash-${width}x${height}.png` }));
}

// In all languages: the words of the one that is spoken may be what did not come.
const NOT_STARTED = {
  en: "Doorstep could not start in this browser. Nothing that you saved is lost. Close the app and open it again; if that does not help, update the browser.",
  es: "Doorstep no pudo iniciar en este navegador. No se pierde nada de lo que guardó. Cierre la aplicación y ábrala otra vez; si no ayuda, actualice el navegador.",
  ar: "لم يتمكن Doorstep من البدء في هذا المتصفح. لا يضيع شيء مما حفظته. أغلق التطبيق وافتحه من جديد؛ وإن لم ينفع ذلك فحدّث المتصفح.",
};

// A page is alive in the language in which the server drew it; the shell in the one chosen last, or the best that this browser asks for.
function choose(known) {
  if (document.body.dataset.start === "page") return html.lang;
  const chosen = document.cookie.match(/(?:^|; )doorstep-language=(\w+)/)?.[1];
  const wanted = [chosen, ...navigator.languages].map((tag) => tag?.split("-")[0]);
  return wanted.find((tag) => known.includes(tag)) ?? "en";
}

try {
  const languages = ["en", "es", "ar"];
  const language = choose(languages);
  html.lang = language;
  html.dir = language === "ar" ? "rtl" : "ltr";
  const file = html.dataset.words.split(" ")[languages.indexOf(language)];
  const [words] = await Promise.all([fetch(file).then((response) => response.text()), init({ module_or_path: "./doorstep_bg.wasm" })]);
  start(language, words);
} catch (error) {
  // A page that the server drew stays readable; the shell would stay empty without this.
  for (const [language, text] of Object.entries(NOT_STARTED)) {
    const message = document.createElement("p");
    message.setAttribute("role", "alert");
    message.lang = language;
    message.dir = "auto";
    message.textContent = text;
    document.body.append(message);
  }
  throw error;
}
