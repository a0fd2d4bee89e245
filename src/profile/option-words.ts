import type { TextOptions } from "../source/source.ts";
import { quoteWord, separatorWord, TEXT_FLAGS } from "../source/text.ts";
import { quoteItem } from "../words.ts";
import type { Profile } from "./types.ts";

type Read = Pick<Profile, "reading" | "rejected" | "exact">;

/**
 * How text is read as a magic's line says it, with a blank behind it; empty where nothing has to be said.
 *
 * @example
 * optionWords(await profile("bank.csv", { encoding: "latin-1", decimal: "," })); // '--encoding latin-1 --decimal , '
 */
export function optionWords(profile: Read): string {
  const options = laterOptions(profile);
  return (Object.keys(TEXT_FLAGS) as (keyof TextOptions)[])
    .map((name) => wordOf(name, options[name]))
    .filter((word) => word !== "")
    .map((word) => `${word} `)
    .join("");
}

function wordOf(name: keyof TextOptions, value: TextOptions[keyof TextOptions]): string {
  const flag = TEXT_FLAGS[name];
  if (value === undefined) return "";
  if (typeof value === "boolean") return value ? "" : flag;
  if (isList(value)) return value.length === 0 ? "" : `${flag} ${value.map(quoteItem).join(",")}`;
  if (typeof value === "object")
    return `${flag} ${Object.entries(value)
      .map(([column, pattern]) => `${quoteItem(column)}:${isPlain(pattern) ? pattern : quoteItem(pattern)}`)
      .join(",")}`;
  return `${flag} ${(name === "sep" ? separatorWord : quoteWord)(String(value))}`;
}

/** What has to be said so that data are read as they were for a profile: that rows were left out besides. */
export function laterOptions({ reading, rejected, exact }: Read): TextOptions {
  const isRagged = exact && rejected.rows > 0 && rejected.examples.every(({ reason }) => /\bfields?\b/.test(reason));
  return { ...reading?.asked, ...(isRagged ? { badRows: "skip" as const } : {}) };
}

function isList(value: object | string | number): value is readonly string[] {
  return Array.isArray(value);
}

/** A pattern that a list of them does not cut. */
function isPlain(pattern: string): boolean {
  return /^[\w%./:-]+$/.test(pattern);
}
