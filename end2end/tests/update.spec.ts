// A newer build waits until nothing is being written.
import { createHash } from "node:crypto";
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SITE } from "../support/office.ts";
import * as steps from "../support/steps.ts";
import { expect, test } from "../support/test.ts";

/** A copy of the browser half that calls itself another build and has another style sheet. */
async function makeNextBuild(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "doorstep-build-"));
  await cp(SITE, folder, { recursive: true });
  const path = join(folder, "manifest.json");
  const manifest = JSON.parse(await readFile(path, "utf8"));
  const style = manifest.files["style.css"];
  const content = `${await readFile(join(folder, style.url), "utf8")}\n/* next build */\n`;
  const digest = createHash("sha256").update(content).digest();
  const url = `/assets/style.${digest.toString("hex").slice(0, 16)}.css`;
  await writeFile(join(folder, url), content);
  await rm(join(folder, `${style.url}.br`), { force: true });
  manifest.files["style.css"] = { url, sha256: digest.toString("base64"), bytes: content.length, br_bytes: content.length };
  manifest.build = digest.toString("hex").slice(0, 16);
  await writeFile(path, JSON.stringify(manifest));
  return folder;
}

test("fault 19: a newer build is offered, does not disturb what is being written, and takes over when asked", async ({ office, phone }) => {
  const page = await steps.enrol(phone);
  await steps.openClient(page);
  await steps.openNoteForm(page);
  const words = steps.marker();
  await page.getByLabel("Narrative").pressSequentially(words);
  await expect(page.getByText("Draft saved")).toBeVisible();
  const before = await page.getAttribute("html", "data-build");

  phone.expectComplaint(/Failed to load resource|net::ERR_|Failed to fetch/, "the server restarts");
  const next = await makeNextBuild();
  try {
    await office.stop();
    await office.start(next);
    await page.evaluate(() => Object.assign(window, { sameDocument: true }));
    await page.evaluate(async () => void (await (await navigator.serviceWorker.ready).update()));
    await expect(page.getByText("A newer Doorstep is ready")).toBeVisible();
    expect(await page.evaluate(() => "sameDocument" in window)).toBe(true);
    await expect(page.getByLabel("Narrative")).toHaveValue(words);

    await page.getByRole("button", { name: "Update now" }).click();
    await steps.unlock(page);
    await expect(page.getByLabel("Narrative")).toHaveValue(words);
    expect(await page.getAttribute("html", "data-build")).not.toBe(before);
    await steps.sign(page);
    await steps.expectOneNote(office, words);
  } finally {
    await rm(next, { recursive: true, force: true });
  }
});

test("fault 19: a build whose files are not what its manifest says is never installed", async ({ office, phone }) => {
  const page = await steps.enrol(phone);
  phone.expectComplaint(/integrity|Failed to load resource|net::ERR_|Failed to fetch|Failed to find a valid digest/, "the spoiled file is refused");
  const next = await makeNextBuild();
  try {
    const manifest = JSON.parse(await readFile(join(next, "manifest.json"), "utf8"));
    await writeFile(join(next, manifest.files["style.css"].url), "/* not what was promised */");
    await office.stop();
    await office.start(next);
    const outcome = await page.evaluate(async () => {
      const registration = await navigator.serviceWorker.ready;
      const worker = new Promise<string>((done) => {
        registration.addEventListener("updatefound", () => {
          const installing = registration.installing;
          installing?.addEventListener("statechange", () => done(installing.state));
        });
      });
      await registration.update().catch(() => undefined);
      return await worker;
    });
    expect(outcome).toBe("redundant");
    await page.reload();
    await steps.unlock(page);
    await expect(page.getByText("A newer Doorstep is ready")).toBeHidden();
  } finally {
    await rm(next, { recursive: true, force: true });
  }
});
