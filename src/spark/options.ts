import { wrong } from "./check.ts";

/** What an option of a reader or writer can be; null and undefined leave it out. */
export type OptionValue = string | number | boolean | bigint | null | undefined;
export type Options = Readonly<Record<string, OptionValue>>;

/** Options as the text that Spark reads them from. */
export function optionTexts(options: Options): Record<string, string> {
  const texts: Record<string, string> = {};
  for (const [name, value] of Object.entries(options)) {
    if (value === null || value === undefined) continue;
    if (!["string", "number", "boolean", "bigint"].includes(typeof value))
      throw wrong(`the option ${name} is ${typeof value}`, "give text, a number or a boolean");
    texts[name] = String(value);
  }
  return texts;
}
