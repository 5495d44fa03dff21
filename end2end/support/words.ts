// The words of a language by their names, from the same files as the app's own.
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";

export const LANGUAGES = ["en", "es", "ar"] as const;
export type Language = (typeof LANGUAGES)[number];

const FOLDER = resolve(fileURLToPath(import.meta.url), "../../../app/words");

/** Gives the words of `file.name` in a language, with arguments put in. Messages that choose among words are not for this. */
export function wordsIn(language: Language): (name: `${string}.${string}`, values?: Record<string, string>) => string {
  const files = new Map<string, Map<string, string>>();
  return (name, values = {}) => {
    const [file, message] = name.split(".");
    let messages = files.get(file);
    if (!messages) {
      const text = readFileSync(resolve(FOLDER, language, `${file}.ftl`), "utf8");
      messages = new Map([...text.matchAll(/^([a-z][a-z0-9-]*) = (.*)$/gm)].map(([, key, words]) => [key, words]));
      files.set(file, messages);
    }
    const words = messages.get(message);
    if (words === undefined) throw new Error(`app/words/${language}/${file}.ftl has no message ${message}`);
    return words.replaceAll(/\{ \$([a-z-]+) \}/g, (_, value: string) => values[value] ?? "");
  };
}
