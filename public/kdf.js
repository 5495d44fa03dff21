// A worker that turns a passphrase into a key, so that the page stays quick while it works.
// It is asked {passphrase, salt, memory_kib, passes} and answers {key}, which is missing where it did not work; it is used once and then ended.
import init, { derive_key } from "./derive.js";

const ready = init({ module_or_path: "./derive_bg.wasm" });

self.addEventListener("message", async ({ data }) => {
  try {
    await ready;
    const key = derive_key(data.passphrase, data.salt, data.memory_kib, data.passes);
    self.postMessage({ key }, key ? [key.buffer] : []);
  } catch {
    // It could not be loaded, or ran out of memory in a way that cannot be told from inside.
    self.postMessage({});
  }
});
