// An authenticator in software, driven over Chromium's own remote control: what a phone's fingerprint reader is to a browser.
import type { CDPSession, Page } from "@playwright/test";
import type { Device } from "./device.ts";
import type { Office } from "./office.ts";

/** The office's address by a name: passkeys belong to a name, not to a number. */
export function byName(office: Office): string {
  return office.url.replace("127.0.0.1", "localhost");
}

export class Authenticator {
  private constructor(
    private readonly control: CDPSession,
    private id: string,
  ) {}

  /** Puts one into a page of the device; whoever is asked by it is recognised at once. Without `hasPrf` it can tell who it is, and open nothing. */
  static async putInto(device: Device, page: Page = device.page, hasPrf = true): Promise<Authenticator> {
    const control = await device.control(page);
    await control.send("WebAuthn.enable");
    return new Authenticator(control, await Authenticator.add(control, hasPrf));
  }

  private static async add(control: CDPSession, hasPrf: boolean): Promise<string> {
    const options = {
      protocol: "ctap2",
      ctap2Version: "ctap2_1",
      transport: "internal",
      hasResidentKey: true,
      hasUserVerification: true,
      hasPrf,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    } as const;
    const { authenticatorId } = await control.send("WebAuthn.addVirtualAuthenticator", { options });
    return authenticatorId;
  }

  /** Another one answers in its place, as from another phone, and knows the same passkeys without their secrets. */
  async exchange(): Promise<void> {
    const { credentials } = await this.control.send("WebAuthn.getCredentials", { authenticatorId: this.id });
    await this.remove();
    this.id = await Authenticator.add(this.control, true);
    for (const credential of credentials) {
      await this.control.send("WebAuthn.addCredential", { authenticatorId: this.id, credential });
    }
  }

  /** From now on its owner is not recognised: a finger of somebody else. */
  async recognise(isOwner: boolean): Promise<void> {
    await this.control.send("WebAuthn.setUserVerified", { authenticatorId: this.id, isUserVerified: isOwner });
  }

  /** Whether somebody touches it when they are asked to. */
  async touch(isTouched: boolean): Promise<void> {
    await this.control.send("WebAuthn.setAutomaticPresenceSimulation", { authenticatorId: this.id, enabled: isTouched });
  }

  /** Its passkeys are gone, as after a reset. */
  async reset(): Promise<void> {
    await this.control.send("WebAuthn.clearCredentials", { authenticatorId: this.id });
  }

  /** The device has none any more. */
  async remove(): Promise<void> {
    await this.control.send("WebAuthn.removeVirtualAuthenticator", { authenticatorId: this.id });
  }

  async countPasskeys(): Promise<number> {
    const { credentials } = await this.control.send("WebAuthn.getCredentials", { authenticatorId: this.id });
    return credentials.length;
  }
}
