// Pictures of the main screens, beside the other results.
import { PHONE, TABLET } from "../support/device.ts";
import { addContradiction } from "../support/review.ts";
import * as steps from "../support/steps.ts";
import { expect, test } from "../support/test.ts";

for (const viewport of [PHONE, TABLET, { width: TABLET.height, height: TABLET.width }]) {
  test(`the main screens at ${viewport.width} × ${viewport.height}`, async ({ office, turnOn }, testInfo) => {
    await steps.planVisits(office, 0);
    const device = await turnOn({ viewport });
    const page = device.page;
    const shoot = async (name: string): Promise<void> => {
      const picture = await page.screenshot({ path: testInfo.outputPath(`${name}-${viewport.width}.png`), animations: "disabled", caret: "hide" });
      expect(picture.length).toBeLessThan(300_000);
    };
    await page.goto("/sign-in");
    await steps.untilAlive(page);
    await shoot("sign-in");
    await steps.signIn(page);
    await expect(page.getByRole("banner")).toContainText("Up to date");
    await shoot("today");
    await steps.setUpDevice(page);
    await steps.untilShellIsKept(page);
    await steps.goTo(page, "Today");
    await expect(page.getByText("Ready without a signal").first()).toBeVisible();
    await shoot("today-ready");
    await page.getByRole("link", { name: /^Before you knock/ }).first().click();
    await expect(page.getByRole("heading", { name: "Who lives there" })).toBeVisible();
    await shoot("before-visit");
    await steps.goTo(page, "Caseload");
    await expect(steps.clients(page).first()).toBeVisible();
    await page.keyboard.press("Alt+h");
    await expect(page.getByRole("dialog", { name: "Keyboard shortcuts" })).toBeVisible();
    await shoot("shortcuts");
    await page.keyboard.press("Escape");
    await shoot("caseload");
    await steps.openClient(page);
    await shoot("client");
    await steps.openNoteForm(page);
    await page.getByLabel("Narrative").fill("She opened at once and was glad of the visit. Food for the week is in the house; the letter from the housing office lies on the table, we read it together.");
    await shoot("write-note");
    await device.cutNetwork();
    await steps.sign(page);
    await expect(page.getByText(/^Saved on this phone/).first()).toBeVisible();
    await shoot("note-saved");
    await steps.openOutbox(page);
    await shoot("device");
    await page.reload();
    await expect(page.getByRole("button", { name: "Unlock", exact: true })).toBeVisible();
    await shoot("unlock");
  });
}

for (const viewport of [{ width: 360, height: 740 }, PHONE, TABLET]) {
  test(`the screens about changes and decisions at ${viewport.width} × ${viewport.height}`, async ({ office, turnOn }, testInfo) => {
    const device = await turnOn({ viewport });
    const page = device.page;
    const shoot = async (name: string): Promise<void> => {
      const picture = await page.screenshot({ path: testInfo.outputPath(`${name}-${viewport.width}.png`), animations: "disabled", caret: "hide" });
      expect(picture.length).toBeLessThan(300_000);
    };
    await steps.signIn(page, steps.RUTH);
    await steps.untilAlive(page);
    const caseId = await steps.openClient(page);
    await shoot("client-changes");
    await page.getByRole("link", { name: /^Amend note/ }).first().click();
    await page.getByLabel("Correct something").check();
    await page.getByLabel("What is right").fill("It was her left knee.");
    await page.getByLabel("Why it has to be corrected").fill("I wrote it down wrong.");
    await shoot("amend-note");
    await page.getByRole("button", { name: "Sign addition" }).click();
    await expect(page.getByRole("region", { name: "Added later" })).toContainText(/Received|Safe/);
    await page.getByRole("region", { name: "Added later" }).scrollIntoViewIfNeeded();
    await shoot("amended");
    await page.getByRole("link", { name: "Edit client", exact: true }).click();
    await shoot("edit-client");
    await page.getByRole("button", { name: "Add a phone" }).scrollIntoViewIfNeeded();
    await shoot("edit-phones");
    await page.goto(`/clients/${caseId}/hand-over`);
    await steps.untilAlive(page);
    await shoot("hand-over");
    await addContradiction(office, caseId);
    await page.goto("/reviews");
    await expect(page.getByRole("link", { name: "Risk and alerts: two changes" })).toBeVisible();
    await shoot("reviews");
    await page.getByRole("link", { name: "Risk and alerts: two changes" }).click();
    await shoot("review");
    await page.goto("/more");
    await shoot("more");
    await page.goto("/sessions");
    await expect(page.getByText("This one")).toBeVisible();
    await shoot("sessions");
    await page.goto("/lost-device");
    await shoot("lost-device");
    await page.goto("/emergency");
    await expect(page.getByText("Nothing was opened in an emergency.")).toBeVisible();
    await shoot("emergency");
    await page.goto("/password");
    await shoot("password");
  });
}
