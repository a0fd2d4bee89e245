import { type Span, UsageError } from "../../src/errors.ts";
import { parseAggregates } from "../../src/query/aggregates.ts";
import { parseDtypes } from "../../src/query/dtypes.ts";
import { parseDateFormat } from "../../src/source/date-format-option.ts";
import { cut, quoteItem } from "../../src/words.ts";
import { type BoundWord, soleValue, wordText } from "./words.ts";

interface Site {
  readonly label: string;
  readonly at: Span;
}

/** `a,"b, c"` to names; a bound list stays what it is, a bound text is one name. */
export function readList(word: BoundWord, site: Site): readonly string[] {
  const bound = soleValue(word);
  if (bound) {
    const values: readonly unknown[] = Array.isArray(bound.value) ? bound.value : [bound.value];
    if (values.every((value) => typeof value === "string" || typeof value === "number")) return values.map(String);
    throw bad(`${site.label} takes names`, "bind a text or a list of texts", site.at);
  }
  if (!isPlain(word)) return boundItems(word);
  const items = cut(word.raw, ",");
  if (items.some(({ text, isQuoted }) => text === "" && !isQuoted))
    throw bad(
      `${site.label} has an empty place in its list`,
      "write names with one comma between them, as in a,b",
      site.at,
    );
  return items.map(({ text }) => text);
}

/** `a:int32,"b c":category` by column; a bound object stays what it is. */
export function readTypes(word: BoundWord, site: Site): Readonly<Record<string, string>> {
  const bound = boundTexts(word, site, '{ amount: "float32" }');
  return bound ? inLine(word, site, () => parseDtypes(bound)) : readSpec(word, site, parseDtypes);
}

/** `%d.%m.%Y`, or `a:%d.%m.%y,"b c":%Y%m%d` by column; a bound object stays what it is. */
export function readFormats(word: BoundWord, site: Site): string | Readonly<Record<string, string>> {
  const bound = boundTexts(word, site, '{ paid: "%d.%m.%y" }');
  if (bound) return inLine(word, site, () => parseDateFormat(bound));
  const formats = readSpec(word, site, parseDateFormat);
  // Quotes around a part of one pattern are those of the line.
  return typeof formats === "string" ? wordText(word) : formats;
}

/** The object of texts that a word binds. */
function boundTexts(word: BoundWord, site: Site, example: string): Readonly<Record<string, string>> | undefined {
  const value = soleValue(word)?.value;
  if (typeof value !== "object" || value === null) return undefined;
  const entries = Object.entries(value);
  if (!Array.isArray(value) && entries.every(([, text]) => typeof text === "string"))
    return Object.fromEntries(entries);
  throw bad(`${site.label} takes an object of texts`, `bind an object such as ${example}`, site.at);
}

/** The text of aggregates, checked here so that the caret stands under the wrong one. */
export function readAggregates(word: BoundWord, site: Site): string {
  return readSpec(word, site, (text) => {
    parseAggregates(text);
    return text;
  });
}

function readSpec<T>(word: BoundWord, site: Site, read: (text: string) => T): T {
  const bound = soleValue(word);
  if (bound && typeof bound.value !== "string")
    throw bad(`${site.label} takes text`, 'bind a text such as "amount:sum"', site.at);
  const text = specText(word);
  if (text.trim() === "")
    throw bad(`${site.label} is empty`, "leave it out, or write amount:sum or amount:float32", site.at);
  return inLine(word, site, () => read(text));
}

/** Quotes around the whole are a habit from shells, quotes inside belong to names. A bound text inside is a name. */
function specText(word: BoundWord): string {
  if (isPlain(word)) return wholeQuoted(word.raw) ?? word.raw;
  if (soleValue(word)) return wordText(word);
  return word.parts.map((part) => (typeof part === "string" ? part : quoteBound(String(part.value)))).join("");
}

/** All rows, as in `*:count`, is no name. */
function quoteBound(name: string): string {
  return name === "*" ? name : quoteItem(name);
}

/** The inside of text that is one quoted string from end to end, undefined otherwise. */
function wholeQuoted(raw: string): string | undefined {
  const quote = /^(["'])(?:\\\1|(?!\1).)*\1$/s.exec(raw)?.[1];
  return quote && raw.slice(1, -1).replaceAll(`\\${quote}`, quote);
}

/** Moves the place that the library names in its text to the place in the line, when the text stands there as it is. */
function inLine<T>(word: BoundWord, site: Site, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    const offset = error.at === undefined ? -1 : word.raw.indexOf(error.at.text);
    const start = word.start + offset;
    const at =
      offset < 0 || !error.at
        ? site.at
        : { text: site.at.text, start: start + error.at.start, end: start + error.at.end };
    throw new UsageError(error.code, error.message, {
      ...(error.hint === undefined ? {} : { hint: error.hint }),
      at,
      cause: error,
    });
  }
}

function isPlain({ parts }: BoundWord): boolean {
  return parts.every((part) => typeof part === "string");
}

/** Items of a word with `${…}` in it: commas in the typed text separate, commas in bound values do not. */
function boundItems({ parts }: BoundWord): string[] {
  const items = [""];
  for (const part of parts) {
    const [first = "", ...rest] = typeof part === "string" ? part.split(",") : [String(part.value)];
    items[items.length - 1] += first;
    items.push(...rest);
  }
  return items.map((item) => item.trim());
}

function bad(message: string, hint: string, at: Span): UsageError {
  return new UsageError("E_BAD_VALUE", message, { hint, at });
}
