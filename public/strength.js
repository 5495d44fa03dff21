// A worker that rates passphrases and makes them; the page that sets a device up asks it, and nobody else.
// It is asked {passphrase, known} and answers {rated, weakness}: no weakness where it is strong, and neither where it could not be rated; or {chance} and answers {passphrase}.
import init, { make_passphrase, weakness } from "./rate.js";

const ready = init({ module_or_path: "./rate_bg.wasm" });

self.addEventListener("message", async ({ data }) => {
  try {
    await ready;
    self.postMessage(data.chance ? { passphrase: make_passphrase(data.chance) } : { rated: true, weakness: weakness(data.passphrase, data.known) });
  } catch {
    // It could not be loaded.
    self.postMessage({});
  }
});
