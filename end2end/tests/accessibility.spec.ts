// Everybody can use it: axe on every page, a keyboard alone, and no page wider than its screen.
import type { Page } from "@playwright/test";
import { DESK, PHONE } from "../support/device.ts";
import { expectGood, faults } from "../support/good.ts";
import { addContradiction } from "../support/review.ts";
import * as steps from "../support/steps.ts";
import { expect, test } from "../support/test.ts";

test("the search for faults finds one", async ({ phone }) => {
  await phone.page.goto("/sign-in");
  await phone.page.evaluate(() => document.body.append(document.createElement("button")));
  expect((await faults(phone.page)).join()).toContain("button-name");
});

for (const [name, viewport] of Object.entries({ phone: PHONE, desk: DESK })) {
  for (const colorScheme of ["light", "dark"] as const) {
    test(`every page on a ${name} in ${colorScheme} colours is good to everybody`, async ({ turnOn }) => {
      const device = await turnOn({ viewport, colorScheme });
      const page = device.page;
      await page.goto("/sign-in");
      await steps.untilAlive(page);
      await expectGood(page, "sign in");
      await page.getByRole("button", { name: "Sign in", exact: true }).click();
      await expect(page.getByRole("alert")).toBeVisible();
      await expectGood(page, "sign in with something missing");

      await steps.signIn(page);
      await expectGood(page, "today");
      await steps.goTo(page, "On this device");
      await expectGood(page, "on this device, not set up");
      await page.getByRole("link", { name: "Set up this device", exact: true }).click();
      await expect(page.getByLabel("Confirm passphrase")).toBeVisible();
      await expectGood(page, "set up this device");
      await steps.setUpDevice(page);
      await steps.untilShellIsKept(page);
      await expectGood(page, "on this device, set up");
      await steps.goTo(page, "Caseload");
      await expect(steps.clients(page).first()).toBeVisible();
      await expectGood(page, "caseload");
      await steps.openClient(page);
      await expectGood(page, "a client");
      await page.getByRole("link", { name: "Before you knock", exact: true }).click();
      await expect(page.getByRole("heading", { name: "Who lives there" })).toBeVisible();
      await expectGood(page, "before a visit");
      await page.keyboard.press("Alt+h");
      await expect(page.getByRole("dialog", { name: "Keyboard shortcuts" })).toBeVisible();
      await expectGood(page, "the keyboard shortcuts");
      await page.keyboard.press("Escape");
      await page.goBack();
      await steps.openNoteForm(page);
      await expectGood(page, "write note");
      await steps.sign(page);
      await expect(page.getByRole("alert")).toBeVisible();
      await expectGood(page, "write note with something missing");
      await device.cutNetwork();
      await page.getByLabel("Narrative").fill("She was well.");
      await steps.sign(page);
      await expect(page.getByText(/^Saved on this phone/).first()).toBeVisible();
      await expectGood(page, "a note saved without a signal");
      await steps.openOutbox(page);
      await expectGood(page, "on this device, with an unsent note");
      await page.goto("/nowhere");
      await expect(page.getByRole("button", { name: "Unlock", exact: true })).toBeVisible();
      await expectGood(page, "unlock");
      await steps.unlock(page);
      await expectGood(page, "an unknown page");
    });
  }
}

for (const [name, viewport] of Object.entries({ phone: PHONE, desk: DESK })) {
  for (const colorScheme of ["light", "dark"] as const) {
    test(`every page about changes and decisions on a ${name} in ${colorScheme} colours is good to everybody`, async ({ office, turnOn }) => {
      await office.database.rows(
        `insert into blind_notes (agency_id, blind_note_id, scope_id, author_id, about, narrative, written_at, written_offset_min, received_at)
         select agency_id, gen_random_uuid(), worker_id, worker_id, 'Mrs. A.', 'She waved from the window.', now(), 0, now() from workers where email = $1`,
        [steps.RUTH],
      );
      const { page } = await turnOn({ viewport, colorScheme });
      await steps.signIn(page, steps.RUTH);
      await steps.untilAlive(page);
      await expect(page.getByRole("link", { name: "Say which client it is about" })).toBeVisible();
      await expectGood(page, "today, with a note to file");
      await page.getByRole("link", { name: "Say which client it is about" }).click();
      await page.getByRole("button", { name: /^Check and sign/ }).click();
      await expectGood(page, "notes to file, with something missing");
      const caseId = await steps.openClient(page);
      await page.getByRole("link", { name: /^Amend note/ }).first().click();
      await page.getByLabel("Correct something").check();
      await page.getByRole("button", { name: "Sign addition" }).click();
      await expect(page.getByRole("alert")).toBeVisible();
      await expectGood(page, "amend note, with something missing");
      await page.getByLabel("What is right").fill("It was Tuesday.");
      await page.getByLabel("Why it has to be corrected").fill("The days were mixed up.");
      await page.getByRole("button", { name: "Sign addition" }).click();
      await expect(page.getByRole("region", { name: "Added later" })).toBeVisible();
      await expectGood(page, "a client with an amended note");
      await page.getByRole("link", { name: "Edit client", exact: true }).click();
      await page.getByRole("button", { name: "Add a phone" }).click();
      await page.getByRole("button", { name: "Add a person" }).click();
      await page.getByRole("button", { name: "Save changes" }).click();
      await expect(page.getByRole("alert")).toBeVisible();
      await expectGood(page, "edit client, with something missing");
      await page.goto(`/clients/${caseId}/hand-over`);
      await steps.untilAlive(page);
      await page.getByRole("button", { name: "Hand over" }).click();
      await expect(page.getByRole("alert")).toBeVisible();
      await expectGood(page, "hand over, with something missing");
      await addContradiction(office, caseId);
      await page.goto("/reviews");
      await steps.untilAlive(page);
      await expectGood(page, "reviews");
      await page.getByRole("link", { name: "Risk and alerts: two changes" }).click();
      await page.getByRole("button", { name: "Decide", exact: true }).click();
      await expect(page.getByRole("alert")).toBeVisible();
      await expectGood(page, "a review, with something missing");
      await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "More", exact: true }).click();
      await expectGood(page, "more");
      for (const [path, shown] of [
        ["/sessions", "This one"],
        ["/password", "Change password"],
        ["/passkeys", "You have none yet."],
        ["/notices", "There is nothing that you should look at."],
        ["/emergency", "Nothing was opened in an emergency."],
        ["/lost-device", "Choose whose device it is."],
        ["/rules", "Not for your role"],
      ]) {
        await page.goto(path);
        await steps.untilAlive(page);
        await expect(page.getByText(shown, { exact: false }).first()).toBeVisible();
        await expectGood(page, path);
      }
    });
  }
}

test("the rules of the agency are good to everybody", async ({ phone }) => {
  const page = phone.page;
  await steps.signIn(page, steps.ADA);
  await page.goto("/rules");
  await expect(page.getByRole("button", { name: "Save rules" })).toBeVisible();
  await expectGood(page, "agency rules");
});

test("the page in front of which a passkey is asked for is good to everybody", async ({ office, phone }) => {
  phone.expectComplaint(/status of 403/, "the server asks for a passkey");
  await office.database.rows("update security_policies set second_factor_roles = '{supervisor}'");
  await office.database.rows("update workers set created_at = created_at - interval '15 days'");
  const page = phone.page;
  await page.goto("/sign-in");
  await steps.untilAlive(page);
  await steps.fillSignIn(page, steps.RUTH);
  await expect(page.getByRole("button", { name: "Add a passkey" })).toBeVisible();
  await expectGood(page, "a passkey is needed");
});

test("no page is wider than the smallest phone", async ({ turnOn }) => {
  const { page } = await turnOn({ viewport: { width: 320, height: 640 } });
  await steps.signIn(page);
  for (const open of [async () => steps.goTo(page, "Caseload"), async () => void (await steps.openClient(page)), async () => steps.openNoteForm(page)]) {
    await open();
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320);
  }
});

/** Presses Tab until the element with this role and name has the focus. */
async function tabTo(page: Page, role: "link" | "button" | "textbox", name: string): Promise<void> {
  const wanted = page.getByRole(role, { name, exact: true }).first();
  await expect(wanted).toBeVisible();
  for (let presses = 0; presses < 120; presses += 1) {
    if (await wanted.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press("Tab");
  }
  throw new Error(`no way to ${role} "${name}" with the Tab key`);
}

test("the main job can be done with the keyboard alone", async ({ office, phone }) => {
  const page = phone.page;
  await page.goto("/sign-in");
  await steps.untilAlive(page);
  await tabTo(page, "textbox", "Email");
  await page.keyboard.type(steps.MARIA);
  await tabTo(page, "textbox", "Password");
  await page.keyboard.type(steps.PASSWORD);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 1, name: "Today" })).toBeVisible();
  await tabTo(page, "link", "Caseload");
  await page.keyboard.press("Enter");
  const client = steps.clients(page).first();
  await expect(client).toBeVisible();
  for (let presses = 0; presses < 60 && !(await client.evaluate((element) => element === document.activeElement)); presses += 1) {
    await page.keyboard.press("Tab");
  }
  await page.keyboard.press("Enter");
  await tabTo(page, "link", "Write note");
  await page.keyboard.press("Enter");
  await tabTo(page, "textbox", "Narrative");
  const words = steps.marker();
  await page.keyboard.type(words);
  await tabTo(page, "button", "Sign note");
  await page.keyboard.press("Enter");
  await expect(steps.note(page, words)).toContainText(/Received|Safe/);
  await steps.expectOneNote(office, words);
});

test("with text twice as big every page of the main job fits a small phone", async ({ office, turnOn }) => {
  await steps.planVisits(office, 0);
  const { page } = await turnOn({ viewport: { width: 320, height: 640 }, fontPx: 32 });
  const fits = async (what: string) =>
    expect.soft(await page.evaluate(() => document.documentElement.scrollWidth), `${what} is wider than its screen`).toBeLessThanOrEqual(320);
  await steps.signIn(page);
  expect(await page.evaluate(() => getComputedStyle(document.body).fontSize)).toBe("32px");
  await fits("today");
  await page.getByRole("link", { name: /^Before you knock/ }).first().click();
  await expect(page.getByRole("heading", { name: "Who lives there" })).toBeVisible();
  await fits("before a visit");
  await steps.goTo(page, "Caseload");
  await fits("caseload");
  await steps.openClient(page);
  await fits("a client");
  await steps.openNoteForm(page);
  await fits("write note");
  await steps.openOutbox(page);
  await fits("on this device");
});

test("a client's page on paper has what is known and nothing to tap", async ({ phone }) => {
  const page = phone.page;
  await steps.signIn(page);
  await steps.openClient(page);
  await expect(page.getByText(/^Confidential. Printed/)).toBeHidden();
  await page.emulateMedia({ media: "print" });
  await expect(page.getByText(/^Confidential. Printed/)).toBeVisible();
  await expect(page.getByRole("heading", { name: "Goals" })).toBeVisible();
  for (const name of ["Write note", "Edit client"]) await expect(page.getByRole("link", { name, exact: true })).toBeHidden();
  await expect(page.getByRole("navigation", { name: "Main" })).toBeHidden();
});

test("which page one has come to is said, and words that only their places keep apart have a pause between them", async ({ phone }) => {
  const page = phone.page;
  await page.goto("/sign-in");
  await steps.untilAlive(page);
  await expect(page.getByRole("listitem").filter({ hasText: steps.MARIA })).toHaveText(/example\s*,\s*Case manager/);
  await steps.signIn(page);
  const said = page.getByRole("status").filter({ hasText: "– Doorstep" });
  await expect(said).toHaveText("Today – Doorstep");
  await steps.goTo(page, "Caseload");
  await expect(said).toHaveText("Caseload – Doorstep");
  await expect(steps.clients(page).first()).toHaveText(/\S\s*,\s*(Low|Medium|High) risk/);
  await steps.openClient(page);
  // Never a name: what is said aloud is heard by others.
  await expect(said).toHaveText("Client – Doorstep");
});
