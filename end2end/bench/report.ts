// What was measured, beside the target and what was measured for others, as a table and as JSON.
import { mkdir, writeFile } from "node:fs/promises";
import { cpus } from "node:os";
import { dirname } from "node:path";
import { median } from "./painted.ts";

interface Line {
  what: string;
  at: string;
  /** Below this, in `unit`; absent where the line explains another one. */
  target?: number;
  /** Not below this, in `unit`. */
  at_least?: number;
  /** PouchDB / Dexie with plain rows / the bare platform, on the same amount of data. */
  peers: string;
  unit: "ms" | "KB" | "MB" | "";
  median: number;
  runs: number[];
}

export class Report {
  private readonly lines: Line[] = [];

  add(line: Omit<Line, "median">): void {
    const whole = { ...line, median: median(line.runs) };
    this.lines.push(whole);
    console.log(`${line.what}: ${show(whole.median)} ${line.unit}`);
  }

  /** The table as people read it. */
  toString(): string {
    const rows = this.lines.map((line) => [
      line.what,
      line.at,
      `${show(line.median)} ${line.unit}`,
      line.target === undefined ? "" : `${line.at_least === undefined ? "" : `${line.at_least} to `}< ${line.target} ${line.unit}`,
      line.target === undefined ? "" : isMet(line) ? "met" : "missed",
      line.peers,
    ]);
    const head = ["what", "at", "median", "target", "", "PouchDB / Dexie, plain / bare platform"];
    const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column].length)));
    const write = (row: string[]) => `| ${row.map((cell, column) => cell.padEnd(widths[column])).join(" | ")} |`;
    return [write(head), `|${widths.map((width) => "-".repeat(width + 2)).join("|")}|`, ...rows.map(write)].join("\n");
  }

  async write(path: string): Promise<void> {
    await mkdir(dirname(path), { recursive: true });
    const machine = { processor: cpus()[0]?.model ?? "unknown", cores: cpus().length };
    const missed = this.lines.filter((line) => !isMet(line)).map((line) => line.what);
    await writeFile(path, `${JSON.stringify({ machine, missed, lines: this.lines }, null, 2)}\n`);
  }
}

function isMet({ median, target = Infinity, at_least = 0 }: Line): boolean {
  return median < target && median >= at_least;
}

function show(value: number): string {
  if (value < 1) return value.toFixed(3);
  return value < 100 ? value.toFixed(1) : value.toFixed(0);
}
