// An address that somebody opens leads to its page, also by way of signing in or unlocking, and never to another site.
import * as steps from "../support/steps.ts";
import { expect, test } from "../support/test.ts";

test("whoever has to sign in first comes to the page that they wanted, and back leads out of it", async ({ office, phone }) => {
  const page = phone.page;
  const caseId = await office.database.value<string>(
    "select case_id from cases where primary_worker_id = (select worker_id from workers where email = $1) limit 1",
    [steps.MARIA],
  );
  const wanted = `/clients/${caseId}/notes/new`;
  await page.goto(wanted);
  await steps.untilAlive(page);
  expect(new URL(page.url()).pathname).toBe("/sign-in");
  await steps.fillSignIn(page, steps.MARIA);
  await expect(page.getByRole("heading", { level: 1, name: "Write note" })).toBeVisible();
  expect(new URL(page.url()).pathname).toBe(wanted);
  expect(office.log).not.toContain(caseId);
  // The page to sign in is no place to come back to.
  await steps.goTo(page, "Today");
  await page.goBack();
  await expect(page.getByRole("heading", { level: 1, name: "Write note" })).toBeVisible();

  await steps.goTo(page, "Today");
  await steps.setUpDevice(page);
  await steps.untilShellIsKept(page);
  await steps.lock(page);
  await page.goto(`/clients/${caseId}`);
  await steps.unlock(page);
  await expect(page.getByRole("link", { name: "Write note", exact: true })).toBeVisible();
  expect(new URL(page.url()).pathname).toBe(`/clients/${caseId}`);
});

test("a link to the sign-in page leads nobody to another site", async ({ phone }) => {
  const page = phone.page;
  await page.goto("/sign-in#//evil.example/today");
  await steps.untilAlive(page);
  await steps.fillSignIn(page, steps.MARIA);
  await expect(page.getByRole("heading", { level: 1, name: "Today" })).toBeVisible();
  expect(new URL(page.url()).pathname).toBe("/today");
});

test("a device whose service worker is gone opens itself all the same, at the page that was wanted", async ({ phone }) => {
  const page = await steps.enrol(phone);
  await steps.openClient(page);
  const wanted = new URL(page.url()).pathname;
  phone.expectComplaint(/status of 401/, "the session is over, and the server says so");
  await steps.endSession(phone);
  await page.evaluate(async () => void (await (await navigator.serviceWorker.ready).unregister()));
  await page.goto("about:blank");
  await page.goto(wanted);
  await steps.unlock(page);
  await expect(page.getByRole("link", { name: "Write note", exact: true })).toBeVisible();
  expect(new URL(page.url()).pathname).toBe(wanted);
});

test("whoever comes back to a client finds the place that was read", async ({ phone }) => {
  const page = phone.page;
  await steps.signIn(page);
  await steps.openClient(page);
  const place = () => page.evaluate(() => Math.round(window.scrollY));
  await expect.poll(() => page.evaluate(() => (window.scrollTo(0, 2_000), window.scrollY))).toBe(2_000);
  // With a finger: a click of the test's own would first bring the link into view.
  const link = await page.getByRole("link", { name: "Write note", exact: true }).boundingBox();
  if (!link) throw new Error("the link is on the screen wherever one reads");
  await page.mouse.click(link.x + link.width / 2, link.y + link.height / 2);
  await expect(page.getByLabel("Date of the next visit")).toBeVisible();
  expect(await place()).toBe(0);
  await page.goBack();
  await expect(page.getByRole("link", { name: "Write note", exact: true })).toBeVisible();
  await expect.poll(place).toBe(2_000);
});
