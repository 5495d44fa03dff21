// Draws the app's pictures anew from public/icons/icon.svg: `node scripts/draw-icons.mjs`, after `make test` has fetched the browser.
// They are kept in the repository, because nobody needs a browser to build Doorstep.
import { readFile, readdir, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const { chromium } = createRequire(`${root}end2end/package.json`)("@playwright/test");
const folder = `${root}public/icons`;
const PAPER = "#f7f5f0";
const GREEN = "#0b5c5c";

const ICONS = [48, 96, 144, 192, 256, 384, 512];
// A launcher may cut a maskable icon to a circle of four fifths of its width.
const MASKABLE = [192, 512];
// An iPhone makes no picture of its own while an app starts: each screen wants one of exactly its size, in pixels.
const SCREENS = [
  "750x1334", "828x1792", "1125x2436", "1170x2532", "1179x2556", "1206x2622", "1242x2688", "1284x2778", "1290x2796", "1320x2868",
  "1488x2266", "1536x2048", "1620x2160", "1640x2360", "1668x2224", "1668x2388", "2048x2732",
];

const svg = await readFile(`${folder}/icon.svg`, "utf8");
const square = svg.replace(/rx="\d+"/, 'rx="0"');
const browser = await chromium.launch({ executablePath: process.env.DOORSTEP_CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox"] });
const page = await browser.newPage();

async function draw(name, width, height, background, picture, side) {
  await page.setViewportSize({ width, height });
  const image = `data:image/svg+xml;base64,${Buffer.from(picture).toString("base64")}`;
  await page.setContent(
    `<body style="margin:0;height:100vh;display:grid;place-items:center;background:${background}"><img src="${image}" width="${side}" height="${side}">`,
  );
  await page.locator("img").evaluate((image) => image.decode());
  await page.screenshot({ path: `${folder}/${name}.png`, omitBackground: background === "transparent" });
}

for (const name of await readdir(folder)) if (name.endsWith(".png")) await rm(`${folder}/${name}`);
for (const side of ICONS) await draw(`icon-${side}`, side, side, "transparent", svg, side);
for (const side of MASKABLE) await draw(`icon-maskable-${side}`, side, side, GREEN, square, Math.round(side * 0.8));
// iOS rounds the corners itself and shows what is transparent as black.
await draw("apple-touch-icon", 180, 180, GREEN, square, 180);
for (const screen of SCREENS) {
  const [width, height] = screen.split("x").map(Number);
  await draw(`splash-${screen}`, width, height, PAPER, svg, Math.round(width / 4));
}
await browser.close();
