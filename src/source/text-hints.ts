import { setImmediate as nextTurn } from "node:timers/promises";
import { parseType } from "../frame/types.ts";
import { quoteItem } from "../words.ts";
import { columnNames } from "./column-names.ts";
import { declaredFormat } from "./moment-formats.ts";
import { NULL_WORD, readTexts } from "./read-texts.ts";
import type { TextOptions } from "./source.ts";
import { separatorWord } from "./text.ts";
import { momentsInWords } from "./written-moments.ts";
import { numbersInWords } from "./written-numbers.ts";

/** What other options would make of a text that was read as it is. */
export interface TextHint {
  /** What it is about; undefined for the whole file. */
  readonly column?: string | undefined;
  /** It holds only of a column that is this in the end: an engine may read more than a sample does. */
  readonly of?: keyof typeof KINDS | undefined;
  readonly words: string;
}

const SEPARATORS = { ",": ",", ";": ";", "\t": "tab", "|": "|" } as const;
/** Rows of a sample that must agree. */
const NEARLY_ALL = 0.9;
const NAN = /^\s*[-+]?nan\s*$/i;
/** Pandas' types of what a column may be. */
const KINDS = { text: /^str$/, moments: /^date/ } as const;

/** A column of a sample: its fields, null where one is missing, and what they read as under pandas' name. */
export interface HintColumn {
  readonly name: string;
  readonly type: string;
  readonly texts: readonly (string | null)[];
}

/**
 * Looks over the sample of a delimited text for what people mostly mean otherwise; `lines` are its rows as they stand where one column
 * was found. The event loop gets its turn between columns.
 */
export async function textHints(
  columns: readonly HintColumn[],
  lines: readonly string[],
  text: TextOptions,
): Promise<TextHint[]> {
  const hints = [
    separatorHint(lines, text) ?? otherSeparatorHint(columns, lines),
    namesHint(columns, text),
    titleHint(columns, text),
    ...repeatedNames(columns),
  ];
  for (const column of columns) {
    await nextTurn();
    hints.push(...columnHints(column, text));
  }
  return hints.filter((hint) => hint !== undefined);
}

function columnHints({ name, type, texts }: HintColumn, text: TextOptions): TextHint[] {
  if (/^(str|date)/.test(type))
    return hintsOfTexts(texts, text, declaredFormat(text, name)).map((hint) => ({ column: name, ...hint }));
  const words = wordsOfNumbers(texts, type);
  return words === undefined ? [] : [{ column: name, words }];
}

/** Hints as notes, columns of the same kind together; `types` are those of the end. */
export function hintNotes(hints: readonly TextHint[], types: ReadonlyMap<string, string>): string[] {
  const columns = new Map<string, string[]>();
  for (const { column, of, words } of hints) {
    if (of !== undefined && column !== undefined && !KINDS[of].test(types.get(column) ?? "")) continue;
    columns.set(words, [...(columns.get(words) ?? []), ...(column === undefined ? [] : [column])]);
  }
  return [...columns].map(([words, named]) => (named.length === 0 ? `${words}.` : `${someOf(named)}: ${words}.`));
}

function someOf(names: readonly string[]): string {
  const rest = names.length > 5 ? ` and ${names.length - 5} more` : "";
  return `${names.slice(0, 5).join(", ")}${rest}`;
}

/** A file with a title above its table looks like one column. */
export function separatorHint(lines: readonly string[], { skipRows = 0 }: TextOptions): TextHint | undefined {
  const [best] = Object.entries(SEPARATORS)
    .flatMap(([separator, word]) => fieldsBy(separator, lines).map((found) => ({ ...found, word })))
    // Of two that cut the rows alike it is the one that cuts the names, too.
    .sort((a, b) => b.fields - a.fields || a.above - b.above);
  if (best === undefined) return undefined;
  const words = `one column was found, but most lines hold ${best.fields} fields: --sep ${best.word} --skip-rows ${skipRows + 1 + best.above} reads them, with --no-header if no names stand above`;
  return { words };
}

/** No reader looks for these: what Hive writes, what has no letters of any language, and blanks, one or as many as fill a width. */
const UNUSUAL = ["\u0001", "\u001f", "~", "^", " "];

function otherSeparatorHint([only]: readonly HintColumn[], lines: readonly string[]): TextHint | undefined {
  // Moments have a blank, and prose has blanks and no digits.
  if (only?.type !== "str" || lines.length < 2 || !lines.every((line) => /\d/.test(line))) return undefined;
  const fieldsBy = (separator: string | RegExp): number | undefined => {
    const [fields = 1, ...others] = [only.name, ...lines].map((line) => line.trim().split(separator).length);
    return fields > 1 && others.every((each) => each === fields) ? fields : undefined;
  };
  for (const separator of UNUSUAL) {
    const fields = fieldsBy(separator);
    if (fields === undefined) continue;
    const word = separatorWord(separator);
    return { words: `one column was found, but each line holds ${fields} fields: --sep ${word} reads them` };
  }
  const fields = fieldsBy(/ +/);
  if (fields === undefined) return undefined;
  const words = `one column was found, but each line holds ${fields} words between blanks: !sed -E 's/^ +| +$//g; s/ +/,/g' FILE > table.csv puts commas there`;
  return { words };
}

/** Files that were put together with their lines of names. */
function repeatedNames(columns: readonly HintColumn[]): TextHint[] {
  const isNames = (row: number): boolean => columns.every(({ name, texts }) => texts[row]?.trim() === name.trim());
  const rows = columns.length < 2 ? [] : (columns[0]?.texts ?? []);
  if (!rows.some((_, row) => isNames(row))) return [];
  const words = `the line of names stands among the rows, too, as where files were put together: --na ${columns.map(({ name }) => quoteItem(name)).join(",")} reads it as missing`;
  return columns.map(({ name }) => ({ column: name, of: "text", words }));
}

/** As many fields as nearly all lines have by a separator, and the lines above the first of these; none where they do not agree. */
function fieldsBy(separator: string, lines: readonly string[]) {
  const counts = lines.map((line) => line.split(separator).length);
  const fields = counts.at(-1) ?? 1;
  const isUsual = counts.filter((count) => count === fields).length >= lines.length * NEARLY_ALL;
  return fields > 1 && lines.length > 1 && isUsual ? [{ fields, above: counts.indexOf(fields) }] : [];
}

/** Names that are values of the types of their columns; years and numbers in a row are names that people give. */
function namesHint(columns: readonly HintColumn[], { header, decimal, thousands }: TextOptions): TextHint | undefined {
  const typed = columns.filter(({ type }) => type !== "str");
  if (header === false || typed.length === 0) return undefined;
  const isValue = ({ name, type }: HintColumn) => {
    const read = readTexts([name], { decimal, thousands, asEngine: true }).type;
    return read === type || (read === "int64" && type === "float64");
  };
  if (!typed.every(isValue)) return undefined;
  const isCounted = typed.every(({ name }, i) => i === 0 || Number(name) - Number(typed[i - 1]?.name) === 1);
  if (isCounted && /^\d{1,4}$/.test(typed[0]?.name ?? "")) return undefined;
  return {
    words: `the first line was taken for the names, and reads like a row (${someOf(columns.map(({ name }) => name))}): say --no-header if it is one`,
  };
}

/** A spreadsheet's title, alone in its row, was taken for the names: below it stands a row of different words. */
function titleHint(columns: readonly HintColumn[], { header, skipRows = 0 }: TextOptions): TextHint | undefined {
  const nameless = columnNames(columns.map(() => null));
  const named = columns.filter(({ name }, i) => name !== nameless[i]).length;
  if (header === false || named > columns.length / 2 || columns.length < 2) return undefined;
  const rows = Math.min(MOST_TITLE_ROWS, columns[0]?.texts.length ?? 0);
  for (let row = 0; row < rows; row++) {
    const names = columns.flatMap(({ texts }) => texts[row]?.trim() || []);
    if (names.length < columns.length || !areNames(names)) continue;
    const words = `most columns have no name, as below a title: --skip-rows ${skipRows + 1 + row} takes ${someOf(names)} for the names`;
    return { words };
  }
  return undefined;
}

const MOST_TITLE_ROWS = 20;

function areNames(words: readonly string[]): boolean {
  return (
    new Set(words).size === words.length && words.every((word) => readTexts([word], { asEngine: true }).type === "str")
  );
}

function wordsOfNumbers(texts: readonly (string | null)[], type: string): string | undefined {
  if (parseType(type).family !== "float") return undefined;
  const words = new Set<string>();
  for (const text of texts) if (text !== null && NAN.test(text)) words.add(text.trim());
  if (words.size === 0) return undefined;
  return `NaN counts as a value and makes sums and means NaN; --na ${[...words].map(quoteItem).join(",")} reads it as missing, as pandas does`;
}

function hintsOfTexts(
  texts: readonly (string | null)[],
  { decimal, thousands }: TextOptions,
  dateFormat: string | undefined,
): Omit<TextHint, "column">[] {
  const values: string[] = [];
  for (const text of texts) {
    if (text === null) continue;
    const value = text.trim();
    if (NULL_WORD.test(value)) continue;
    // Neither numbers nor moments, and most columns of text say so at once.
    if (!/\d/.test(value)) return [];
    values.push(value);
  }
  if (values.length === 0) return [];
  const numbers = numbersInWords(values, { decimal, thousands });
  if (numbers !== undefined) return [{ of: "text", words: numbers }];
  const { unread, unsure } = (dateFormat === undefined && momentsInWords(values)) || {};
  return [
    ...(unread === undefined ? [] : [{ of: "text" as const, words: unread }]),
    ...(unsure === undefined ? [] : [{ of: "moments" as const, words: unsure }]),
  ];
}
