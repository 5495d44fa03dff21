// Pictures of the main screens, for the README when UPDATE_SCREENSHOTS=1, otherwise beside the other results.
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { PHONE, TABLET } from "../support/device.ts";
import * as steps from "../support/steps.ts";
import { expect, test } from "../support/test.ts";

const FOR_README = resolve(fileURLToPath(import.meta.url), "../../../docs/screenshots");

for (const viewport of [PHONE, TABLET, { width: TABLET.height, height: TABLET.width }]) {
  test(`the main screens at ${viewport.width} × ${viewport.height}`, async ({ turnOn }, testInfo) => {
    const device = await turnOn({ viewport });
    const page = device.page;
    const shoot = async (name: string): Promise<void> => {
      const file = `${name}-${viewport.width}.png`;
      const path = process.env.UPDATE_SCREENSHOTS === "1" ? resolve(FOR_README, file) : testInfo.outputPath(file);
      const picture = await page.screenshot({ path, animations: "disabled", caret: "hide" });
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
    await steps.goTo(page, "Caseload");
    await expect(steps.clients(page).first()).toBeVisible();
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
