// A page of another site, open in the browser in which a worker is signed in.
import { createServer } from "node:http";
import * as steps from "../support/steps.ts";
import { expect, test } from "../support/test.ts";

/** A site that is not ours: for a browser, `localhost` is another one than `127.0.0.1`. */
async function openOtherSite(html: string): Promise<{ url: string; close: () => Promise<void> }> {
  const server = createServer((_, answer) => answer.writeHead(200, { "content-type": "text/html" }).end(html));
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const address = server.address();
  const port = typeof address === "object" && address ? address.port : 0;
  return { url: `http://localhost:${port}/`, close: () => new Promise((done) => (server.close(() => done()), server.closeAllConnections())) };
}

test("fault 38: a page of another site changes nothing and reads nothing", async ({ office, phone }) => {
  const page = phone.page;
  await steps.signIn(page);
  phone.expectComplaint(/Failed to load resource|CORS policy|Refused to frame|frame-ancestors|same-origin|net::ERR_/, "the browser tells the other site what it refused");
  const sessions = () => office.database.value<number>("select count(*)::int from sessions where ended_at is null and expires_at > now()");
  expect(await sessions()).toBe(1);

  const answers: [string, number][] = [];
  phone.context.on("response", (response) => {
    const asked = response.request();
    if (!asked.serviceWorker() && response.url().startsWith(office.url) && asked.frame().url().startsWith("http://localhost")) {
      answers.push([new URL(response.url()).pathname, response.status()]);
    }
  });
  const other = await openOtherSite(`<!doctype html><title>Other</title><iframe name=target></iframe>
    <form id=form action="${office.url}/sign-out" method=post target=target><input name=_method value=DELETE></form>`);
  try {
    const tab = await phone.newTab();
    await tab.goto(other.url);
    const asked = await tab.evaluate(async (office) => {
      const outcomes: string[] = [];
      for (const [path, init] of [
        ["/sign-out", { method: "POST", body: "{}", headers: { "content-type": "text/plain" } }],
        ["/sync/v1/push", { method: "POST", body: "{}", headers: { "content-type": "text/plain" } }],
        ["/sync/v1/push", { method: "POST", body: "{}", headers: { "content-type": "application/json" } }],
        ["/session", {}],
      ] as [string, RequestInit][]) {
        const outcome = await fetch(`${office}${path}`, { ...init, credentials: "include" }).then((answer) => `read ${answer.status}`, () => "nothing");
        const blind = await fetch(`${office}${path}`, { ...init, headers: {}, mode: "no-cors", credentials: "include" }).then((answer) => answer.type, () => "nothing");
        outcomes.push(`${path} ${outcome} ${blind}`);
      }
      return outcomes;
    }, office.url);
    expect(asked.filter((outcome) => outcome.includes("read"))).toEqual([]);
    const submitted = tab.waitForResponse((response) => response.url().endsWith("/sign-out") && response.request().method() === "POST");
    await tab.evaluate(() => document.querySelector("form")?.submit());
    expect((await submitted).status()).toBe(403);
    await tab.close();
  } finally {
    await other.close();
  }
  expect(answers.filter(([, status]) => status < 400).map(([path]) => path), "only reading is answered, and the answer is hidden").toEqual(expect.not.arrayContaining(["/sign-out", "/sync/v1/push"]));
  expect(await sessions(), "the worker is still signed in").toBe(1);
  expect(await office.database.value<string>("select count(*) from mutations")).toBe("0");
  await page.reload();
  await expect(page.getByRole("heading", { level: 1, name: "Today" })).toBeVisible();
});
