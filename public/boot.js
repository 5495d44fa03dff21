// Starts the browser half. The build writes hashed names in place of the two below.
import init, { start } from "./doorstep.js";

try {
  await init({ module_or_path: "./doorstep_bg.wasm" });
  start();
} catch (error) {
  // A page that the server drew stays readable; the shell would stay empty without this.
  const message = document.createElement("p");
  message.setAttribute("role", "alert");
  message.textContent =
    "Doorstep could not start in this browser. Nothing that you saved is lost. Close the app and open it again; if that does not help, update the browser.";
  document.body.prepend(message);
  throw error;
}
