import { nearest, type Span, UsageError } from "../../src/errors.ts";
import { formatBytes, formatCount, parseBytes, parseCount } from "../../src/units.ts";
import { refusalOfName } from "../cell/variable-name.ts";
import type { OptionDefinition, OptionKind, Size } from "./magic.ts";
import { readAggregates, readFormats, readList, readTypes } from "./read-list.ts";
import { type BoundWord, soleValue, wordText } from "./words.ts";

/** What a value is read for: the words of its error messages, and where the caret goes. */
export interface ValueSite {
  /** `--rows`, `MODE`. */
  readonly label: string;
  readonly at: Span;
}

/**
 * The value of an option or argument in the type of its kind; what `${…}` gives keeps its type.
 *
 * @throws {UsageError} E_BAD_VALUE, E_BAD_CHOICE, E_BAD_NAME, E_OUT_OF_RANGE, E_BAD_COUNT, E_BAD_SIZE
 */
export function readValue(definition: OptionDefinition, word: BoundWord, site: ValueSite): unknown {
  return READERS[definition.kind](word, site, definition);
}

type Reader = (word: BoundWord, site: ValueSite, definition: OptionDefinition) => unknown;

const READERS: Readonly<Record<OptionKind, Reader>> = {
  flag: readFlag,
  text: readText,
  count: (word, site, definition) => inRange(readCount(word, site), site, definition, formatCount),
  bytes: (word, site, definition) => inRange(readBytes(word, site), site, definition, formatBytes),
  size: readSize,
  list: readList,
  types: readTypes,
  formats: readFormats,
  aggregates: readAggregates,
  choice: (word, site, definition) => readChoice(definition.choices ?? [], readText(word, site), site),
  name: readName,
  value: (word) => soleValue(word)?.value ?? wordText(word),
};

function readFlag(word: BoundWord, site: ValueSite): boolean {
  const value = soleValue(word)?.value ?? wordText(word);
  if (value === true || value === "true") return true;
  if (value === false || value === "false") return false;
  throw badValue(`${site.label} is on or off`, `write ${site.label}, or ${site.label.replace("--", "--no-")}`, site);
}

function readText(word: BoundWord, site: ValueSite): string {
  const bound = soleValue(word);
  if (!bound || ["string", "number", "bigint", "boolean"].includes(typeof bound.value)) return wordText(word);
  throw badValue(`${site.label} takes text, not ${nameOfType(bound.value)}`, "bind a text or a number", site);
}

/** One of a closed list of words. */
export function readChoice(choices: readonly string[], text: string, site: ValueSite): string {
  if (choices.includes(text)) return text;
  const near = nearest(text, choices, 1)[0];
  const hint =
    near === undefined ? `choose one of ${choices.join(", ")}` : `did you mean ${near}? It takes ${choices.join(", ")}`;
  throw new UsageError("E_BAD_CHOICE", `${site.label} does not take "${text}"`, { hint, at: site.at });
}

function readCount(word: BoundWord, site: ValueSite): number {
  const bound = soleValue(word);
  if (!bound) return withCaret(site, () => parseCount(plainNumber(wordText(word), site)));
  const count = Number(bound.value);
  if (["number", "bigint", "string"].includes(typeof bound.value) && Number.isSafeInteger(count)) return count;
  throw badValue(`${site.label} takes a whole number, not ${nameOfType(bound.value)}`, "bind a whole number", site);
}

/** parseCount knows no sign, and "is not a whole number" would be wrong for -5. */
function plainNumber(text: string, site: ValueSite): string {
  if (!/^-\d/.test(text)) return text;
  throw new UsageError("E_OUT_OF_RANGE", `${site.label} ${text} is below zero`, {
    hint: "give a positive number",
    at: site.at,
  });
}

function readBytes(word: BoundWord, site: ValueSite): number {
  const bound = soleValue(word);
  return typeof bound?.value === "number" ? bound.value : withCaret(site, () => parseBytes(wordText(word)));
}

/** A unit with B, or KiB and its kin, makes it bytes; `50k` and `2M` are rows. */
function readSize(word: BoundWord, site: ValueSite): Size {
  const text = wordText(word);
  const size: Size = /\d\s*(b|[kmgt]i?b|[gt])$/i.test(text)
    ? { bytes: readBytes(word, site) }
    : { rows: readCount(word, site) };
  const amount = "rows" in size ? size.rows : size.bytes;
  if (amount >= 1) return size;
  throw new UsageError("E_OUT_OF_RANGE", `${site.label} must be at least 1`, {
    hint: `as in ${site.label} 50000`,
    at: site.at,
  });
}

function readName(word: BoundWord, site: ValueSite): string {
  const text = readText(word, site);
  const hint = refusalOfName(text);
  if (hint === undefined) return text;
  throw new UsageError("E_BAD_NAME", `"${text}" cannot name a variable`, { hint, at: site.at });
}

function inRange(
  value: number,
  site: ValueSite,
  { min, max }: OptionDefinition,
  show: (value: number) => string,
): number {
  if (value >= (min ?? 0) && value <= (max ?? Number.POSITIVE_INFINITY)) return value;
  const range = max === undefined ? `at least ${show(min ?? 0)}` : `${show(min ?? 0)} to ${show(max)}`;
  throw new UsageError("E_OUT_OF_RANGE", `${site.label} is ${show(value)}`, { hint: `it takes ${range}`, at: site.at });
}

/** Gives an error of the units its place in the line. */
function withCaret<T>(site: ValueSite, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof UsageError) || error.at) throw error;
    throw new UsageError(error.code, `${site.label}: ${error.message}`, {
      hint: error.hint ?? "",
      at: site.at,
      cause: error,
    });
  }
}

function badValue(message: string, hint: string, { at }: ValueSite): UsageError {
  return new UsageError("E_BAD_VALUE", message, { hint, at });
}

/** What a value is, in words for a message. */
export function nameOfType(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (Array.isArray(value)) return "a list";
  const type = typeof value === "object" ? value.constructor?.name || tagOf(value) : typeof value;
  return `${/^[aeiou]/i.test(type) ? "an" : "a"} ${type}`;
}

/** The class of generators has no name of its own. */
function tagOf(value: object): string {
  return Object.prototype.toString.call(value).slice(8, -1);
}
