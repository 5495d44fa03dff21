// The test that every file here starts from: an office and a phone of its own, and a look at what both complained of. Every test of the
// suite asserts three things more: the server did not panic, no page broke its content security policy, and no profile that a browser left
// behind holds a readable word of a client.
import { test as base } from "@playwright/test";
import { Device, type DeviceOptions } from "./device.ts";
import { Office } from "./office.ts";

export { expect } from "@playwright/test";

interface Fixtures {
  /** A server with a fresh copy of the seeded database. */
  office: Office;
  /** Turns on another device of this office. */
  turnOn: (options?: Partial<DeviceOptions>) => Promise<Device>;
  /** A phone that knows nothing yet. */
  phone: Device;
}

export const test = base.extend<Fixtures>({
  office: async ({}, use, testInfo) => {
    const office = await Office.open();
    try {
      await use(office);
    } finally {
      await office.close();
      if (testInfo.status !== testInfo.expectedStatus) await testInfo.attach("server.log", { body: office.log, contentType: "text/plain" });
    }
    if (office.log.includes("panicked at")) throw new Error(`the server panicked:\n${office.log}`);
  },

  turnOn: async ({ office }, use, testInfo) => {
    const devices: Device[] = [];
    await use(async (options = {}) => {
      const device = await Device.turnOn({ baseURL: office.url, ...options });
      devices.push(device);
      return device;
    });
    const failed = testInfo.status !== testInfo.expectedStatus;
    const readable: string[] = [];
    for (const [index, device] of devices.entries()) {
      if (failed) await takeEvidence(device, `device-${index + 1}`);
      readable.push(...(await device.discard()));
    }
    const violations = devices.flatMap((device) => device.violations);
    if (violations.length > 0) throw new Error(`the content security policy stopped something:\n${violations.join("\n")}`);
    if (readable.length > 0) throw new Error(`a thief could read in the profile:\n${readable.join("\n")}`);
    const complaints = devices.flatMap((device) => device.complaints);
    if (failed && complaints.length > 0) await testInfo.attach("complaints.txt", { body: complaints.join("\n"), contentType: "text/plain" });
    if (!failed && complaints.length > 0) throw new Error(`a browser complained:\n${complaints.join("\n")}`);

    async function takeEvidence(device: Device, name: string): Promise<void> {
      const path = testInfo.outputPath(`${name}.png`);
      // One that is off shows nothing.
      await device.front?.screenshot({ path, timeout: 5_000 }).catch(() => undefined);
    }
  },

  phone: async ({ turnOn }, use) => {
    await use(await turnOn());
  },
});
