
// Only in builds of `make watch`: reloads the page when the server has a newer build. The build's id stands in /sw.js.
const shown = document.documentElement.dataset.build;
const look = async () => {
  try {
    const script = await (await fetch("/sw.js", { cache: "no-store" })).text();
    if (shown && !script.includes(shown)) {
      const registration = await navigator.serviceWorker?.getRegistration();
      await registration?.update();
      await new Promise((resolve) => {
        const worker = registration?.installing ?? registration?.waiting;
        if (!worker) return resolve();
        const activate = () => {
          if (worker.state === "installed") worker.postMessage({ type: "activate" });
          if (worker.state === "activated" || worker.state === "redundant") resolve();
        };
        worker.addEventListener("statechange", activate);
        activate();
      });
      location.reload();
      return;
    }
  } catch {
    // The server restarts; it is asked again in a moment.
  }
  setTimeout(look, 500);
};
setTimeout(look, 500);
