// A phone, a tablet or a desk: one browser profile, with ears for everything that the browser complains of.
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type BrowserContext, chromium, type CDPSession, type Page } from "@playwright/test";
import { killBrowserOn, makeProfile, removeProfile } from "./profile.ts";
import { readableIn } from "./thief.ts";

export const CHROMIUM = process.env.DOORSTEP_CHROMIUM ?? "/usr/bin/chromium";

export const CHROMIUM_FLAGS = [
  "--headless=new",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

export const PHONE = { width: 390, height: 844 };
export const TABLET = { width: 820, height: 1180 };
export const DESK = { width: 1280, height: 900 };

export interface DeviceOptions {
  baseURL: string;
  viewport?: { width: number; height: number };
  javaScript?: boolean;
  colorScheme?: "light" | "dark";
  userAgent?: string;
  /** How big the browser's user wants text to be, in px; browsers begin with 16. */
  fontPx?: number;
  /** The language that the browser asks for. */
  locale?: string;
}

/** Something that a browser may say in this test, and why that is no fault. */
interface Expected {
  pattern: RegExp;
  reason: string;
}

const VIOLATION = "securitypolicyviolation";

/** Says on the console what the page's policy stopped. Runs in every page before anything else does. */
function reportViolations(): void {
  document.addEventListener("securitypolicyviolation", (event) => {
    console.error(`securitypolicyviolation: ${event.effectiveDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`);
  });
}

/** As the setting "font size" does. */
async function setFontSize(profile: string, fontPx: number): Promise<void> {
  await mkdir(join(profile, "Default"), { recursive: true });
  await writeFile(join(profile, "Default", "Preferences"), JSON.stringify({ webkit: { webprefs: { default_font_size: fontPx } } }));
}

export class Device {
  /** Console errors and warnings, uncaught errors and violations of the content security policy that nobody expected. */
  readonly complaints: string[] = [];
  private readonly expected: Expected[] = [];
  /** What the content security policy stopped. Nothing is ever expected here. */
  readonly violations: string[] = [];
  /** Why something readable lies in this profile, where a test put it there to see that it is found. */
  readableBecause: string | undefined;
  private context_: BrowserContext | undefined;

  private constructor(
    readonly profile: string,
    private readonly options: DeviceOptions,
  ) {}

  static async turnOn(options: DeviceOptions): Promise<Device> {
    const profile = await makeProfile();
    if (options.fontPx) await setFontSize(profile, options.fontPx);
    const device = new Device(profile, options);
    await device.start();
    return device;
  }

  get context(): BrowserContext {
    if (!this.context_) throw new Error("this device is off");
    return this.context_;
  }

  /** The page in front, unless this device is off. */
  get front(): Page | undefined {
    return this.context_?.pages()[0];
  }

  /** The page in front. */
  get page(): Page {
    return this.context.pages()[0];
  }

  /** Starts the browser on the profile that it had. */
  async start(): Promise<void> {
    const { baseURL, viewport = PHONE, javaScript = true, colorScheme = "light", userAgent, locale = "en-US" } = this.options;
    const context = await chromium.launchPersistentContext(this.profile, {
      executablePath: CHROMIUM,
      args: CHROMIUM_FLAGS,
      baseURL,
      viewport,
      colorScheme,
      userAgent,
      javaScriptEnabled: javaScript,
      locale,
      timezoneId: "America/Chicago",
      reducedMotion: "reduce",
    });
    context.setDefaultTimeout(30_000);
    this.context_ = context;
    context.on("console", (message) => {
      if (["error", "warning", "assert"].includes(message.type())) this.hear(`console.${message.type()}: ${message.text()} (${message.location().url})`);
    });
    if (javaScript) await context.addInitScript(reportViolations);
    context.on("weberror", (error) => this.hear(`uncaught: ${error.error().message}`));
  }

  private hear(complaint: string): void {
    if (complaint.includes(VIOLATION)) return void this.violations.push(complaint);
    if (!this.expected.some(({ pattern }) => pattern.test(complaint))) this.complaints.push(complaint);
  }

  /** From here on, what matches `pattern` is no fault, for this reason. */
  expectComplaint(pattern: RegExp, reason: string): void {
    this.expected.push({ pattern, reason });
  }

  /** A second tab of the same browser. */
  async newTab(): Promise<Page> {
    return await this.context.newPage();
  }

  /** Chromium's own remote control for a page. */
  async control(page = this.page): Promise<CDPSession> {
    return await this.context.newCDPSession(page);
  }

  /** The browser promises to keep this app's storage, as it does for an installed app. */
  async grantPersistentStorage(): Promise<void> {
    // Asked of a page instead of the browser, Chromium says yes and does nothing.
    const control = await this.context.browser()?.newBrowserCDPSession();
    await control?.send("Browser.grantPermissions", { permissions: ["durableStorage"], origin: this.options.baseURL });
  }

  /** No request leaves the device any more. */
  async cutNetwork(): Promise<void> {
    this.expectComplaint(/Failed to load resource|net::ERR_|Failed to fetch/, "the browser notes requests that meet a cut network");
    await this.context.setOffline(true);
  }

  async restoreNetwork(): Promise<void> {
    await this.context.setOffline(false);
  }

  /** Closes the browser as a person does. */
  async turnOff(): Promise<void> {
    await this.context_?.close();
    this.context_ = undefined;
  }

  /** Kills the browser as an empty battery does; `start` brings it back with the same profile. */
  async kill(): Promise<void> {
    const closed = new Promise<void>((done) => this.context.once("close", () => done()));
    killBrowserOn(this.profile);
    await closed;
    this.context_ = undefined;
  }

  /** Turns it off and throws the profile away; says what a thief could have read in it. */
  async discard(): Promise<string[]> {
    await this.turnOff();
    const readable = this.readableBecause ? [] : await readableIn(this.profile);
    await removeProfile(this.profile);
    return readable;
  }
}
