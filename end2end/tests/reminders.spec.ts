// Reminders while the app is closed: offered where they help, switched on once, and a notification that names nobody.
import type { Page } from "@playwright/test";
import type { Device } from "../support/device.ts";
import * as steps from "../support/steps.ts";
import { expect, test } from "../support/test.ts";

const ENDPOINT = "https://fcm.googleapis.com/fcm/send/of-this-device";

/** No push service can be reached from a test: what one would answer stands here. Everything else is the browser's. */
async function withPushService(device: Device, answers: boolean): Promise<void> {
  await device.context.grantPermissions(["notifications"]);
  await device.context.addInitScript(
    ([endpoint, answers]) => {
      const subscription = Object.create(PushSubscription.prototype, { endpoint: { value: endpoint } });
      let own: PushSubscription | null = null;
      PushManager.prototype.getSubscription = () => Promise.resolve(own ?? (localStorage.getItem("test-subscribed") ? subscription : null));
      PushManager.prototype.subscribe = (options) => {
        if (!answers || !options?.userVisibleOnly || typeof options.applicationServerKey !== "string") return Promise.reject(new DOMException("no service", "AbortError"));
        localStorage.setItem("test-subscribed", "yes");
        own = subscription;
        return Promise.resolve(subscription);
      };
    },
    [ENDPOINT, answers] as const,
  );
}

/** What hands a push without content to the service worker, as a push service would: the browser's debugging port. */
async function pusher(page: Page): Promise<() => Promise<void>> {
  const session = await page.context().newCDPSession(page);
  const registration = new Promise<string>((found) => {
    session.on("ServiceWorker.workerRegistrationUpdated", ({ registrations }) => {
      const own = registrations.find(({ scopeURL }) => page.url().startsWith(scopeURL));
      if (own) found(own.registrationId);
    });
  });
  await session.send("ServiceWorker.enable");
  const origin = new URL(page.url()).origin;
  const registrationId = await registration;
  return async () => void (await session.send("ServiceWorker.deliverPushMessage", { origin, registrationId, data: "" }));
}

const notifications = (page: Page) =>
  page.evaluate(async () => {
    const registration = await navigator.serviceWorker.ready;
    return (await registration.getNotifications()).map(({ title, body, lang }) => ({ title, body, lang }));
  });

test("reminders are offered beside tomorrow's visits, switched on with one tap, and off again", async ({ office, phone }) => {
  await withPushService(phone, true);
  await steps.planVisits(office, 1);
  const page = await steps.enrol(phone);
  await steps.goTo(page, "Today");
  await steps.nudge(page);
  const offer = page.getByRole("region", { name: "Shall Doorstep remind you?" });
  await expect(offer).toContainText("The reminder names nobody");
  await offer.getByRole("button", { name: "Remind me" }).click();
  await expect(offer).toBeHidden();
  const kept = await office.database.rows("select endpoint, time_zone from reminders");
  expect(kept).toEqual([{ endpoint: ENDPOINT, time_zone: await page.evaluate(() => Intl.DateTimeFormat().resolvedOptions().timeZone) }]);

  await page.reload();
  await steps.unlock(page);
  await steps.openOutbox(page);
  await steps.nudge(page);
  await page.getByRole("button", { name: "No more reminders" }).click();
  await expect(page.getByRole("button", { name: "Remind me" })).toBeVisible();
  expect(await office.database.value("select count(*) from reminders")).toBe("0");
  // Whoever switched them off is not asked again.
  await steps.goTo(page, "Today");
  await expect(page.getByRole("heading", { name: "Visits tomorrow" })).toBeVisible();
  await expect(offer).toBeHidden();
});

test("where the notification service does not answer, the page says so and offers it again", async ({ phone }) => {
  await withPushService(phone, false);
  const page = await steps.enrol(phone);
  await steps.openOutbox(page);
  await steps.nudge(page);
  await page.getByRole("button", { name: "Remind me" }).click();
  await expect(page.getByText("The notification service of this browser did not answer")).toBeVisible();
  await expect(page.getByRole("button", { name: "Remind me" })).toBeVisible();
});

test("a push shows a reminder in the worker's language, and nothing about anybody", async ({ phone }) => {
  await phone.context.grantPermissions(["notifications"]);
  const page = await steps.enrol(phone);
  const push = await pusher(page);
  // The port says nothing about what became of a push. One more takes the place of the one before.
  await expect(async () => {
    await push();
    await expect.poll(() => notifications(page), { timeout: 3_000 }).toHaveLength(1);
  }).toPass();
  const [english] = await notifications(page);
  expect(english.title).toBe("Doorstep");
  expect(english.body).toMatch(/^(There is something to do today|Open Doorstep once before you go home)/);
  for (const [language, words] of [["es", /Doorstep (para verlo|una vez)/], ["ar", /افتح Doorstep/]] as const) {
    await page.evaluate((language) => (document.cookie = `doorstep-language=${language}; Path=/`), language);
    await expect(async () => {
      await push();
      await expect.poll(async () => (await notifications(page)).at(-1)?.lang, { timeout: 3_000 }).toBe(language);
    }).toPass();
    const shown = await notifications(page);
    expect(shown, "one reminder takes the place of the one before").toHaveLength(1);
    expect(shown[0].body).toMatch(words);
  }
});
