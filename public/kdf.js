// A worker that turns a passphrase into a key, so that the page stays quick while it works.
// It is asked {passphrase, salt, memory_kib, passes} and answers {key} or {error}; it is used once and then ended.
import init, { derive_key } from "./doorstep.js";

const ready = init({ module_or_path: "./doorstep_bg.wasm" });

self.addEventListener("message", async ({ data }) => {
  try {
    await ready;
    const key = derive_key(data.passphrase, data.salt, data.memory_kib, data.passes);
    self.postMessage({ key }, [key.buffer]);
  } catch (error) {
    self.postMessage({ error: String(error?.message ?? error) });
  }
});
