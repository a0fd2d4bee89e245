import { inspect } from "node:util";
import { nearest, UsageError } from "../errors.ts";
import { parseDateFormat } from "./date-format-option.ts";
import { ENCODING_NAMES, ENCODINGS, encodingNamed, nameForIconv } from "./encoding.ts";
import type { FileFormat, TextOptions } from "./source.ts";

const SEPARATOR_WORDS: Readonly<Record<string, string>> = {
  "\\t": "\t",
  tab: "\t",
  comma: ",",
  semicolon: ";",
  pipe: "|",
  space: " ",
};

const ESCAPED = /^\\(?:x|u00)([\da-f]{2})$/i;

function separatorOf(word: string): string {
  const code = ESCAPED.exec(word)?.[1];
  return code === undefined
    ? (SEPARATOR_WORDS[word.toLowerCase()] ?? word)
    : String.fromCharCode(Number.parseInt(code, 16));
}

/** A separator as a magic's line says it. */
export function separatorWord(separator: string): string {
  if (separator === "\t") return "tab";
  if (separator === " ") return "space";
  const code = separator.charCodeAt(0);
  return code < 32 ? `"\\x${code.toString(16).padStart(2, "0")}"` : quoteWord(separator);
}

/** A word as a magic's line reads it back. */
export function quoteWord(word: string): string {
  return /^[\w%./:,-]+$/.test(word) ? word : `"${word}"`;
}

/**
 * Text options in their plain form: `tab` and `\t` for a tabulator, `\x01` for what no keyboard has, one name for each encoding.
 *
 * @throws {UsageError} E_BAD_TEXT_OPTION
 */
export function checkTextOptions(text: TextOptions): TextOptions {
  requireKinds(text);
  const sep = text.sep === undefined ? undefined : separatorOf(text.sep);
  if (sep !== undefined && (sep.length !== 1 || /["\n\r]/.test(sep)))
    throw bad(`--sep "${text.sep}" is not one character`, 'write one character, or tab, as in --sep ";"');
  if (text.decimal !== undefined && text.decimal !== "." && text.decimal !== ",")
    throw bad(`--decimal "${text.decimal}" is neither a point nor a comma`, 'write --decimal ","');
  const thousands = thousandsOf(text);
  if (sep !== undefined && sep === text.decimal)
    throw bad(
      `the separator and the decimal mark are both "${sep}"`,
      'files with decimal commas mostly have --sep ";"',
    );
  if (text.skipRows !== undefined && !(Number.isSafeInteger(text.skipRows) && text.skipRows >= 0))
    throw bad(`${text.skipRows} is no number of lines`, "give a whole number from 0, as in --skip-rows 2");
  if (text.badRows !== undefined && text.badRows !== "error" && text.badRows !== "skip")
    throw bad(`--bad-rows "${text.badRows}" is neither error nor skip`, "write --bad-rows skip to leave them out");
  const encoding = text.encoding === undefined ? undefined : encodingNamed(text.encoding);
  if (text.encoding !== undefined && encoding === undefined) {
    // Numbers of code pages are like each other, and mean other letters.
    const near = /\d{3}/.test(text.encoding) ? undefined : nearest(text.encoding, ENCODING_NAMES, 1)[0];
    throw bad(
      `the encoding "${text.encoding}" cannot be read`,
      near
        ? `did you mean ${near}?`
        : `use ${ENCODINGS.join(", ")}, or convert it first: !iconv -f ${text.encoding} -t utf-8 FILE`,
    );
  }
  const dateFormat = text.dateFormat === undefined ? undefined : parseDateFormat(text.dateFormat);
  return {
    ...text,
    sep,
    encoding,
    ...(thousands !== undefined && { thousands }),
    ...(dateFormat !== undefined && { dateFormat }),
  };
}

/** Who writes JavaScript, or casts, has no compiler to say it. */
function requireKinds(text: TextOptions): void {
  for (const option of ["sep", "encoding", "thousands"] as const)
    if (text[option] !== undefined && typeof text[option] !== "string")
      throw bad(`${option} is no text: ${inspect(text[option])}`, "give a string, or leave it out");
  if (text.header !== undefined && typeof text.header !== "boolean")
    throw bad(`header is neither true nor false: ${inspect(text.header)}`, "leave it out where it is to be found out");
  if (text.na !== undefined && !(Array.isArray(text.na) && text.na.every((word) => typeof word === "string")))
    throw bad(
      `na is no list of words: ${inspect(text.na)}`,
      'give all words that mean missing, as in na: ["-", "n/a"]',
    );
}

const THOUSANDS = [".", ",", "'", "\u2019", "_", " ", "\u00a0", "\u202f"];

function thousandsOf({ thousands: given, decimal = "." }: TextOptions): string | undefined {
  if (given === undefined) return undefined;
  const thousands = SEPARATOR_WORDS[given.toLowerCase()] ?? given;
  if (!THOUSANDS.includes(thousands))
    throw bad(
      `--thousands "${given}" sets no thousands apart`,
      "use a point, a comma, an apostrophe, an underscore or space, as in --thousands .",
    );
  if (thousands !== decimal) return thousands;
  const other = decimal === "." ? "," : ".";
  throw bad(
    `"${thousands}" is the separator of thousands and the decimal mark`,
    `say --decimal ${other} besides, or another separator`,
  );
}

/** All that can be said of text, and how a magic's line says it. */
export const TEXT_FLAGS: Readonly<Record<keyof TextOptions, string>> = {
  sep: "--sep",
  header: "--no-header",
  skipRows: "--skip-rows",
  badRows: "--bad-rows",
  na: "--na",
  encoding: "--encoding",
  decimal: "--decimal",
  thousands: "--thousands",
  dateFormat: "--date-format",
};

/** The options of text among others. */
export function textOptionsIn(given: TextOptions): TextOptions {
  const names = Object.keys(TEXT_FLAGS) as (keyof TextOptions)[];
  return Object.fromEntries(names.map((name) => [name, given[name]]));
}

/** What is said of delimited text alone. */
const OF_DELIMITED = ["sep", "header", "skipRows", "badRows", "na", "decimal", "thousands"] as const;

/**
 * No option is given that the format has no use for: it would be ignored in silence.
 *
 * @throws {UsageError} E_BAD_TEXT_OPTION
 */
export function requireUse(text: TextOptions, format: FileFormat, name: string): void {
  if (format === "csv") return;
  const kind = { json: "JSON", parquet: "Parquet", arrow: "Arrow" }[format];
  const useless = OF_DELIMITED.find((option) => text[option] !== undefined);
  if (useless !== undefined)
    throw bad(`${TEXT_FLAGS[useless]} is for delimited text, and ${name} is ${kind}`, "leave it out");
  if (typeof text.dateFormat === "object" && format !== "json")
    throw bad(`--date-format is for text, and ${name} is ${kind}`, "leave it out");
  if (typeof text.dateFormat === "object")
    throw bad(
      `--date-format of columns is for delimited text, and ${name} is JSON`,
      "give one format without a column: all columns are read in it",
    );
  if (text.encoding === undefined || text.encoding === "utf-8") return;
  const hint =
    format === "json"
      ? `convert it first: !iconv -f ${nameForIconv(text.encoding)} -t utf-8 "${name}" > "utf8-${name}"`
      : "leave it out";
  throw bad(`--encoding ${text.encoding} is for delimited text, and ${name} is ${kind}, which is UTF-8`, hint);
}

function bad(message: string, hint: string): UsageError {
  return new UsageError("E_BAD_TEXT_OPTION", message, { hint });
}
