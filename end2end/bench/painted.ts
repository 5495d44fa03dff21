// From a touch to pixels: how long after an input event the page has painted what came of it.
import type { Page } from "@playwright/test";

interface Watch {
  /** Milliseconds from the event to the painted frame. */
  done: Promise<number>;
}

/**
 * Arms the page: the next event of this type is the start. The end is the first painted frame that holds the words `ready`; without
 * them, the last frame that follows a change of the page, or the next one where nothing changes. Runs wholly inside the page, so the
 * remote control is not measured.
 */
export async function arm(page: Page, event: "click" | "input" | "keydown", ready?: string): Promise<void> {
  await page.evaluate(
    ([event, ready]) => {
      const watch = new Promise<number>((done) => {
        let started = 0;
        let painted = 0;
        let quiet = 0;
        const isReady = () => !ready || (document.querySelector("#content")?.textContent ?? "").includes(ready);
        const afterPaint = (then: () => void) =>
          requestAnimationFrame(() => {
            const { port1, port2 } = new MessageChannel();
            port1.onmessage = then;
            port2.postMessage(null);
          });
        const finish = () => {
          observer.disconnect();
          done(painted - started);
        };
        const look = () =>
          afterPaint(() => {
            if (!started || (ready && painted) || !isReady()) return;
            painted = performance.now();
            clearTimeout(quiet);
            quiet = window.setTimeout(finish, ready ? 0 : 400);
          });
        const observer = new MutationObserver(look);
        observer.observe(document.body, { subtree: true, childList: true, characterData: true, attributes: true });
        const begin = (happened: Event) => {
          started = happened.timeStamp;
          look();
        };
        window.addEventListener(event, begin, { capture: true, once: true });
      });
      (window as unknown as { watch: Watch }).watch = { done: watch };
    },
    [event, ready] as const,
  );
}

/** What the armed page measured. */
export async function measured(page: Page): Promise<number> {
  return await page.evaluate(() => (window as unknown as { watch: Watch }).watch.done);
}

export function median(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
