// Photos and documents as a phone has them: with words in them that must not leave it.
import { randomBytes } from "node:crypto";
import type { Page } from "@playwright/test";

/** A file as somebody chooses it. */
export interface Chosen {
  name: string;
  mimeType: string;
  buffer: Buffer;
}

/** A camera's JPEG of noise, whose EXIF says `words`. Noise does not shrink: 900 by 700 pixels take about 600 KB. */
export async function photo(page: Page, name: string, words: string, width = 900, height = 700): Promise<Chosen> {
  const base64 = await page.evaluate(
    async ([width, height]) => {
      const canvas = document.createElement("canvas");
      [canvas.width, canvas.height] = [width, height];
      const context = canvas.getContext("2d")!;
      const pixels = context.createImageData(width, height);
      let seed = 7;
      for (let at = 0; at < pixels.data.length; at += 1) {
        seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
        pixels.data[at] = at % 4 === 3 ? 255 : seed >> 16;
      }
      context.putImageData(pixels, 0, 0);
      return canvas.toDataURL("image/jpeg", 0.9).split(",")[1];
    },
    [width, height],
  );
  const jpeg = Buffer.from(base64, "base64");
  const said = Buffer.concat([Buffer.from("Exif\0\0"), Buffer.from(words)]);
  const length = Buffer.alloc(2);
  length.writeUInt16BE(said.length + 2);
  return { name, mimeType: "image/jpeg", buffer: Buffer.concat([jpeg.subarray(0, 2), Buffer.from([0xff, 0xe1]), length, said, jpeg.subarray(2)]) };
}

/** A PDF of about so many bytes that says `words`. */
export function pdf(name: string, words: string, bytes = 3_000): Chosen {
  const filling = randomBytes(bytes / 2).toString("hex");
  return { name, mimeType: "application/pdf", buffer: Buffer.from(`%PDF-1.4\n% ${words}\n% ${filling}\n%%EOF\n`) };
}
