import { parseType } from "../frame/types.ts";
import { NULL_WORDS } from "./null-words.ts";
import type { Profile, ProfileColumn } from "./types.ts";

/** Texts that pandas would make numbers of, though they begin with a zero or a plus or are too long for one. */
const NUMBER = /^\s*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?\s*$/i;
/** pandas guesses the form from one value, and leaves all as text where another has more digits. */
const ISO = "ISO8601";

/** `read_csv` takes true and false in three spellings, and leaves other words as texts, unless it is told of them: then those of all columns. */
function truthWords(columns: readonly ProfileColumn[]): string[] {
  if (!columns.some(({ isSpelled }) => isSpelled)) return [];
  const texts = columns.filter(({ type }) => type === "str").flatMap(({ min, max }) => [min, max]);
  const held = new Set(texts.map((text) => String(text).toLowerCase()));
  const words = (...given: string[]) => wordsOf(spellingsOf(...given.filter((word) => !held.has(word))));
  return [`true_values=${words("yes", "y", "t")}`, `false_values=${words("no", "n", "f")}`];
}

/** What `read_csv` has to be told so that it reads the same rows under the same names; `types` are the advised ones. */
export function textOptionsOf(
  { reading, exact }: Profile,
  columns: readonly ProfileColumn[],
  types: Readonly<Record<string, string>>,
): string[] {
  const { sep, encoding, decimal, thousands, skipRows, na = [] } = reading?.found ?? {};
  const { quote, escape: mark } = reading?.quoting ?? {};
  const dates = columns.filter((column) => isDate(column) && !isInUtc(column));
  const dtype = { ...textsLikeNumbers(columns, thousands), ...types };
  return [
    ...(sep === undefined || sep === "," ? [] : [`sep=${word(sep)}`]),
    ...(encoding === undefined || encoding === "utf-8" ? [] : [`encoding=${word(encoding)}`]),
    ...(skipRows === undefined || skipRows === 0 ? [] : [`skiprows=${skipRows}`]),
    ...namesOf(reading, columns),
    ...(reading?.isTrailing ? ["index_col=False"] : []),
    ...(quote === undefined || quote === '"' ? [] : [`quotechar=${word(quote)}`]),
    ...(mark === "\\" ? [`escapechar=${word(mark)}`] : []),
    ...(decimal === "," ? ['decimal=","'] : []),
    ...(thousands === undefined ? [] : [`thousands=${word(thousands)}`]),
    ...missingOf(columns, na, exact),
    ...truthWords(columns),
    // A blank line is a missing value where there is one column.
    ...(columns.length === 1 ? ["skip_blank_lines=False"] : []),
    ...(Object.keys(dtype).length === 0 ? [] : [`dtype=${dictOf(dtype)}`]),
    ...(dates.length === 0 ? [] : [`parse_dates=${listOf(dates)}`]),
    ...dateFormats(dates),
  ];
}

/**
 * What is read as moments only afterwards, line by line: of text those with a zone, for `read_csv` leaves a column as text in which summer and winter
 * differ; of JSON all, for `read_json` will take no list of them.
 */
export function momentLines(columns: readonly ProfileColumn[], format: Profile["format"]): string[] {
  const late = columns.filter(
    (column) => (format === "json" && isDate(column)) || (format === "csv" && isInUtc(column)),
  );
  return late.map((found) => {
    const column = `df[${word(found.name)}]`;
    const options = [`format=${word(found.dateFormat ?? ISO)}`, ...(isInUtc(found) ? ["utc=True"] : [])];
    return `${column} = pd.to_datetime(${[column, ...options].join(", ")})`;
  });
}

export function isDate({ advised }: ProfileColumn): boolean {
  return /^date/.test(advised);
}

function isInUtc({ advised }: ProfileColumn): boolean {
  return /^datetime64\[.*UTC\]$/.test(advised);
}

/** pandas has other names for columns without one, and for those that come twice. */
function namesOf(reading: Profile["reading"], columns: readonly ProfileColumn[]): string[] {
  if (reading?.found.header === false) return [`header=None, names=${listOf(columns)}`];
  const made = pandasNames(reading?.header ?? []);
  const isSame = columns.every(({ name }, i) => name === made[i]);
  return isSame || made.length !== columns.length ? [] : [`header=0, names=${listOf(columns)}`];
}

function pandasNames(header: readonly string[]): string[] {
  const seen = new Map<string, number>();
  return header.map((name, i) => {
    if (name === "") return `Unnamed: ${i}`;
    const times = seen.get(name) ?? 0;
    seen.set(name, times + 1);
    return times === 0 ? name : `${name}.${times}`;
  });
}

/** A text may be the word NA or None, which a range of samples tells as far as it goes. */
function missingOf(columns: readonly ProfileColumn[], na: readonly string[], isExact: boolean): string[] {
  const mayHold = ({ type, min, max }: ProfileColumn) =>
    type === "str" && typeof min === "string" && typeof max === "string"
      ? NULL_WORDS.some((missing) => min <= missing && missing <= max && !na.includes(missing))
      : false;
  const holds = isExact ? ({ hasNullWords }: ProfileColumn) => hasNullWords === true : mayHold;
  if (!columns.some(holds)) return na.length === 0 ? [] : [`na_values=${wordsOf(na)}`];
  const isFloat = columns.some(({ type }) => parseType(type).family === "float");
  return ["keep_default_na=False", `na_values=${wordsOf(["", ...(isFloat ? ["NaN", "nan"] : []), ...na])}`];
}

/** Postcodes and telephone numbers, whose zeros and signs a number loses; 31.12.24 is one where points set thousands apart. */
export function textsLikeNumbers(columns: readonly ProfileColumn[], thousands = ""): Record<string, string> {
  const isNumber = (value: ProfileColumn["min"]) => NUMBER.test(String(value).replaceAll(thousands, ""));
  const isLike = ({ type, advised, min, max }: ProfileColumn) =>
    type === "str" && advised === "str" && isNumber(min) && isNumber(max);
  return Object.fromEntries(columns.filter(isLike).map(({ name }) => [name, "str"]));
}

/** pandas would guess the format from one value: 01.02.2024 with the month first. */
function dateFormats(dates: readonly ProfileColumn[]): string[] {
  const formats = dates.map(({ dateFormat, advised }) => dateFormat ?? (advised === "date" ? undefined : ISO));
  const [only] = formats;
  if (only !== undefined && formats.every((format) => format === only)) return [`date_format=${word(only)}`];
  const own = dates.flatMap(({ name }, i) => (formats[i] === undefined ? [] : [[name, formats[i]] as const]));
  return own.length === 0 ? [] : [`date_format=${dictOf(Object.fromEntries(own))}`];
}

function listOf(columns: readonly ProfileColumn[]): string {
  return wordsOf(columns.map(({ name }) => name));
}

function spellingsOf(...words: readonly string[]): string[] {
  const inCases = (text: string) => [text, `${text[0]?.toUpperCase()}${text.slice(1)}`, text.toUpperCase()];
  return [...new Set(words.flatMap(inCases))];
}

function wordsOf(texts: readonly string[]): string {
  return `[${texts.map(word).join(", ")}]`;
}

/** A dict of Python's. */
export function dictOf(types: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(types).map(([name, type]) => `${word(name)}: ${word(type)}`);
  return `{${pairs.join(", ")}}`;
}

/** JSON's texts are Python's as well. */
export function word(value: string): string {
  return JSON.stringify(value);
}
