// What people said and are called is text, whatever it looks like: it is shown as it was written, and nothing of it runs.
import type { Page } from "@playwright/test";
import type { Device } from "../support/device.ts";
import type { Office } from "../support/office.ts";
import * as steps from "../support/steps.ts";
import { expect, test } from "../support/test.ts";
import { CORPUS } from "../support/xss.ts";

/** Writes every text of the corpus as a note, through the address that every device uses. */
async function push(page: Page, caseId: string): Promise<string[]> {
  const deviceId = crypto.randomUUID();
  const registered = await page.request.post("/sync/v1/devices", { data: { device_id: deviceId, enrolled: false, app_build: "test" } });
  expect(registered.status()).toBe(200);
  const mutations = CORPUS.map((payload, index) => {
    const noteId = crypto.randomUUID();
    return {
      mid: crypto.randomUUID(),
      seq: index + 1,
      type: "note.sign",
      v: 1,
      scope_id: crypto.randomUUID(),
      entity_id: noteId,
      recorded_at: "2026-11-22T16:02:11.120-05:00",
      app_build: payload.slice(0, 40),
      body: {
        note_id: noteId,
        case_id: caseId,
        occurred_at: `2026-11-22T15:${String(index).padStart(2, "0")}:00-05:00`,
        duration_min: 5,
        mode: "home",
        reached: "client",
        purpose: "monitoring",
        narrative: payload,
      },
    };
  });
  const answer = await page.request.post("/sync/v1/push", { data: { device_id: deviceId, mutations } });
  expect(answer.status(), await answer.text()).toBe(200);
  const { results } = (await answer.json()) as { results: { status: string }[] };
  expect(results.map((result) => result.status)).toEqual(CORPUS.map(() => "applied"));
  return mutations.map((mutation) => mutation.body.narrative);
}

/** Lets a client, her alerts, goals and tasks, and the worker herself be called by texts of the corpus, as an import could. */
async function rename(office: Office, caseId: string): Promise<void> {
  const run = (statement: string, ...values: unknown[]) => office.database.rows(statement, values);
  const [one, two, three, four] = [CORPUS[0], CORPUS[9], CORPUS[10], CORPUS[12]];
  const person = "(select person_id from cases where case_id = $1)";
  await run(`update persons set given_name = $2, family_name = $3, preferred_name = $4 where person_id = ${person}`, caseId, one, two, three);
  await run(`update person_addresses set line = $2 where person_id = ${person}`, caseId, four);
  await run(`update person_phones set number = $2, remark = $3 where person_id = ${person}`, caseId, one, two);
  await run(`update related_persons set name = $2, relationship = $3 where person_id = ${person}`, caseId, three, four);
  await run("update cases set programme = $2, risk_reason = $3 where case_id = $1", caseId, one, four);
  await run("update case_alerts set statement = $2 where case_id = $1", caseId, two);
  await run("update goals set statement = $2, measure = $3 where case_id = $1", caseId, three, one);
  await run("update tasks set title = $2 where case_id = $1", caseId, two);
  await run("update workers set name = $1 where email = $2", four, steps.MARIA);
}

/** Ears for everything that a script of the corpus would do. */
function listen(device: Device): string[] {
  const heard: string[] = [];
  device.page.on("dialog", (dialog) => (heard.push(`dialog: ${dialog.message()}`), void dialog.dismiss()));
  device.context.on("request", (request) => {
    if (request.url().startsWith("http://127.0.0.1:9/") || request.url().startsWith("javascript:")) heard.push(`request: ${request.url()}`);
  });
  return heard;
}

/** Nothing ran, and no element came out of a text. */
async function expectInert(page: Page, what: string): Promise<void> {
  const found = await page.evaluate(() => {
    const odd = [...document.querySelectorAll("iframe, object, embed, base, meta[http-equiv], math, video, template, body form form")].map((it) => it.outerHTML);
    const handlers = [...document.querySelectorAll("*")].filter((it) => [...it.attributes].some((attribute) => attribute.name.startsWith("on")));
    const links = [...document.querySelectorAll("a[href], form[action]")].filter((it) => /^\s*javascript:/i.test(it.getAttribute("href") ?? it.getAttribute("action") ?? ""));
    const images = [...document.querySelectorAll("img")].filter((it) => it.getAttribute("src") === "x");
    return { hurt: "hurt" in window, odd, markup: [...handlers, ...links, ...images].map((it) => it.outerHTML) };
  });
  expect(found, what).toEqual({ hurt: false, odd: [], markup: [] });
}

test("fault 35: every text of the corpus is shown as text on every page and runs nowhere", async ({ office, phone }) => {
  test.slow();
  const page = phone.page;
  const heard = listen(phone);
  await steps.signIn(page);
  const caseId = await steps.openClient(page);
  const narratives = await push(page, caseId);
  await rename(office, caseId);

  // As the server draws it, and come alive.
  for (const path of ["/today", "/caseload", `/clients/${caseId}`, `/clients/${caseId}/notes/new`, `/clients/${caseId}/edit`, "/to-file", "/reviews", "/device"]) {
    await page.goto(path);
    await steps.untilAlive(page);
    await expect(page.getByRole("banner")).toContainText("Up to date");
    await expectInert(page, path);
  }
  // As an enrolled device draws it from its own disk.
  await steps.setUpDevice(page);
  await steps.untilShellIsKept(page);
  await page.goto(`/clients/${caseId}`);
  await steps.unlock(page);
  await expect(page.getByRole("heading", { level: 1 })).toContainText(CORPUS[10]);
  await expectInert(page, "a client, from the shell");
  await steps.goTo(page, "Caseload");
  for (const payload of CORPUS) {
    await page.getByLabel("Search clients and notes").fill(payload.slice(0, 30));
    await expectInert(page, `the search for ${payload}`);
  }
  await page.goto(`/clients/${caseId}`);
  await steps.unlock(page);
  const readable = (text: string) => text.replace(/\s+/g, " ").trim();
  const older = page.getByRole("button", { name: /^Show older notes/ });
  await expect(async () => {
    if (await older.isVisible()) await older.click();
    const shown = readable((await page.locator("main").textContent()) ?? "");
    expect(narratives.filter((narrative) => !shown.includes(readable(narrative))), "a text was changed or left out").toEqual([]);
  }).toPass();
  await expectInert(page, "the whole timeline");
  expect(heard).toEqual([]);
});
