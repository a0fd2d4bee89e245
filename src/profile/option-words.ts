import type { TextOptions } from "../source/source.ts";
import type { Profile } from "./types.ts";

type Read = Pick<Profile, "reading" | "rejected" | "exact">;

/**
 * How text is read as a magic's line says it, with a blank behind it; empty where nothing has to be said.
 *
 * @example
 * optionWords(await profile("bank.csv", { encoding: "latin-1", decimal: "," })); // '--encoding latin-1 --decimal , '
 */
export function optionWords(profile: Read): string {
  const { sep, header, skipRows, badRows, na, encoding, decimal, dateFormat } = laterOptions(profile);
  const words = [
    sep === undefined ? "" : `--sep ${sep === "\t" ? "tab" : quoteWord(sep)}`,
    header === false ? "--no-header" : "",
    skipRows === undefined ? "" : `--skip-rows ${skipRows}`,
    badRows === undefined ? "" : `--bad-rows ${badRows}`,
    na === undefined || na.length === 0 ? "" : `--na ${na.map(quoteColumn).join(",")}`,
    encoding === undefined ? "" : `--encoding ${encoding}`,
    decimal === undefined ? "" : `--decimal ${decimal}`,
    dateFormat === undefined ? "" : `--date-format ${quoteWord(dateFormat)}`,
  ];
  return words
    .filter((word) => word !== "")
    .map((word) => `${word} `)
    .join("");
}

/** What has to be said so that data are read as they were for a profile: that rows were left out besides. */
export function laterOptions({ reading, rejected, exact }: Read): TextOptions {
  const isRagged = exact && rejected.rows > 0 && rejected.examples.every(({ reason }) => reason.includes("fields"));
  return { ...reading?.asked, ...(isRagged ? { badRows: "skip" as const } : {}) };
}

/** A column's name where commas, colons and blanks mean something. */
export function quoteColumn(name: string): string {
  return /^[\p{L}\p{N}_.$@-]+$/u.test(name) && !name.startsWith("-") ? name : `"${name.replaceAll('"', '""')}"`;
}

function quoteWord(word: string): string {
  return /^[\w%./:,-]+$/.test(word) ? word : `"${word}"`;
}
