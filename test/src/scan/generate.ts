import type { GroupRequest } from "../../../src/scan/request.ts";
import type { Dialect, Kind, ScanColumn } from "../../../src/scan/table.ts";
import type { Random } from "../chunked/datasets.ts";
import { type Askable, makeRequest } from "./generate-request.ts";
import { BREAKERS, MAKERS, type Maker } from "./generate-values.ts";
import { cutUpToFault } from "./reference-rows.ts";
import { finalColumn } from "./reference-types.ts";

/** A delimited text with all that is asked of it. It is kept in pieces, so that a failing one can be cut down. */
export interface ScanCase {
  readonly name: string;
  readonly dialect: Dialect;
  /** The types that the scan starts with. */
  readonly columns: readonly ScanColumn[];
  readonly request: GroupRequest;
  /** Mark and line of names, as written. */
  readonly head: string;
  /** Rows with their row ends, as written; now and then something else that stands between them. */
  readonly records: readonly string[];
  /** Why DuckDB, which has other rules for it, is not asked. */
  readonly notForDuckdb: string | undefined;
}

export function bytesOf({ head, records, dialect }: Pick<ScanCase, "head" | "records" | "dialect">): Buffer {
  const text = head + records.join("");
  if (dialect.encoding === "latin-1") return Buffer.from(text, "latin1");
  return Buffer.from(text, dialect.encoding === "utf-16le" ? "utf16le" : "utf8");
}

interface Column extends Askable {
  readonly maker: Maker;
  readonly nulls: number;
  /** Share of the fields that are quoted without need. */
  readonly quoted: number;
}

const NAMES = ["a", "user id", "constructor", "x:y", "c,d", "q'r", "e=f", "naïve", "__proto__", "1st", "two\nlines"];

/** One file of all that a delimited text can be: mostly readable, now and then at fault in one place. */
export function makeCase(random: Random, name: string): ScanCase {
  const faults = new Set<string>();
  const dialect = makeDialect(random);
  const columns = makeColumns(random, dialect);
  const height = random.pick([0, 1, 2, 3, 5, 30, 30, 100, 100, 300]);
  const rows = Array.from({ length: columns.length > 20 ? Math.min(height, 5) : height }, () =>
    columns.map((column) => writeField(random, column, dialect)),
  );
  if (random.below(3) === 0) disturbField(random, rows, columns, dialect, faults);
  const records = rows.map((fields) => fields.join(dialect.separator) + rowEnd(random, dialect));
  if (random.below(3) === 0) disturbRows(random, records, rows, dialect, faults);
  const last = records.length - 1;
  if (last >= 0 && random.below(4) === 0) records[last] = (records[last] as string).replace(/\r?\n$|\r$/, "");
  const mark = dialect.encoding !== "latin-1" && random.below(6) === 0 ? "\ufeff" : "";
  // A blank line behind a lone CR would be no line of its own.
  const headEnd = dialect.newline === "mixed" ? "\n" : rowEnd(random, dialect);
  const names = columns.map((column) => quote(column.name, dialect, false));
  const head = mark + (dialect.header ? names.join(dialect.separator) + headEnd : "");
  if (mark !== "" && head.startsWith(`\ufeff${dialect.quote}`)) faults.add("a mark before a quoted name");
  if (dialect.newline === "cr" || dialect.newline === "mixed") faults.add("rows that end in several ways");
  if (dialect.escape === "\\" && dialect.nulls.includes("\\N")) faults.add("an escape in a null word");
  if (dialect.encoding === "utf-16le") faults.add("UTF-16, which it tells by the mark alone");
  if (dialect.thousands !== undefined) faults.add("separators of thousands, which its reader of files takes anywhere");
  // 342,94158984018233122 is 342 to it, where the same with a point is what it should be.
  if (dialect.decimal === "," && rows.flat().some((field) => field.replace(/\D/g, "").length >= 20))
    faults.add("numbers of twenty digits with a decimal comma, of which it drops the decimals");
  const dates = columns.filter(({ type }) => type.kind === "date");
  if (dates.some(({ type }) => "format" in type) && dates.length > 1) faults.add("one format for all dates");
  const declared = columns.map(({ name: own, type, isDeclared }) => ({ name: own, type, isDeclared }));
  const text = { head, records, dialect };
  // What can be asked of a column depends on what its values make of it.
  const types = typesAtLast(bytesOf(text), dialect, declared);
  const asked = columns.map((column, i) => {
    const { type } = types[i] as ScanColumn;
    return { ...column, type, isOther: type.kind !== column.type.kind && !(isNumber(type) && isNumber(column.type)) };
  });
  return {
    name,
    ...text,
    columns: declared,
    request: makeRequest(random, asked),
    notForDuckdb: faults.size > 0 ? [...faults].join(", ") : undefined,
  };
}

function isNumber({ kind }: Kind): boolean {
  return kind === "int" || kind === "decimal" || kind === "double";
}

function typesAtLast(bytes: Uint8Array, dialect: Dialect, columns: readonly ScanColumn[]): readonly ScanColumn[] {
  const { rows } = cutUpToFault(bytes, dialect, columns.length);
  return columns.map((column, at) => {
    const texts = rows.map((row) => row[at]);
    const found = finalColumn(column, texts, dialect, false);
    return "misfit" in found ? column : found;
  });
}

function makeDialect(random: Random): Dialect {
  const quote = random.pick(['"', '"', '"', '"', "'", undefined]);
  const separator = random.pick([",", ",", ",", ";", "\t", "|"]);
  const decimal = separator === "," ? "." : random.pick([".", ",", ","] as const);
  const thousands = random.below(5) === 0 ? random.pick([".", ",", "'", "_", " "]) : decimal;
  return {
    separator,
    quote,
    escape: quote !== undefined && random.below(8) === 0 ? "\\" : quote,
    newline: random.pick(["lf", "lf", "lf", "crlf", "crlf", "cr", "mixed"]),
    header: random.below(5) > 0,
    skip: 0,
    encoding: random.pick(["utf-8", "utf-8", "utf-8", "utf-8", "utf-8", "utf-8", "utf-8", "utf-16le", "latin-1"]),
    decimal,
    ...(thousands !== decimal && { thousands }),
    nulls: random.pick([[], [], ["NA"], ["NULL", "-"], ["n/a", "nan", "0"], ["\\N"]]),
    ragged: random.pick(["error", "fill", "skip"]),
  };
}

function makeColumns(random: Random, dialect: Dialect): Column[] {
  const width = random.below(60) === 0 ? 300 : random.pick([1, 1, 2, 2, 3, 3, 4, 5, 6, 7, 15]);
  const names = random.shuffled(NAMES);
  return Array.from({ length: width }, (_, i) => {
    const maker = random.pick(MAKERS);
    const isKept = dialect.quote !== undefined || !/[,\n]/.test(names[i] ?? "");
    return {
      name: isKept && names[i] !== undefined && dialect.encoding !== "latin-1" ? names[i] : `c${i}`,
      type: maker.type,
      isHuge: maker.isHuge ?? false,
      isDeclared: maker.isDeclared ?? random.below(3) === 0,
      maker,
      nulls: random.pick([0, 0, 0, 0.1, 0.5, 0.95, 1]),
      quoted: random.pick([0, 0, 0, 0.2, 1]),
    };
  });
}

function writeField(random: Random, column: Column, dialect: Dialect): string {
  const isQuoted = random.next() < column.quoted;
  if (random.next() < column.nulls) return quote(random.pick(["", "", ...dialect.nulls]), dialect, isQuoted);
  return quote(
    fitted(marked(random, column.maker.write(random, dialect), column.type, dialect), dialect),
    dialect,
    isQuoted,
  );
}

/** A number with the mark of its dialect, and now and then its separators. */
function marked(random: Random, value: string, type: Kind, { decimal, thousands, encoding }: Dialect): string {
  if (!isNumber(type)) return value;
  const [whole = "", ...rest] = value.split(".");
  if (thousands === undefined || /[a-z]/i.test(value) || random.below(2) === 0) return value.replace(".", decimal);
  const alike = thousands === " " ? ["\u00a0", "\u202f"] : thousands === "'" ? ["\u2019"] : [];
  const sign = encoding === "latin-1" ? thousands : random.pick([thousands, ...alike]);
  const grouped = whole.replace(/[1-9]\d*/, (digits) => digits.replace(/\B(?=(\d{3})+$)/g, sign));
  return [grouped, ...rest].join(decimal);
}

/** What can be written at all where nothing is quoted, and in the letters that an encoding has. */
function fitted(value: string, { quote: mark, separator, encoding }: Dialect): string {
  const known = encoding === "latin-1" ? value.replace(/[^\0-\xff]/g, "?") : value;
  return mark === undefined ? known.replaceAll(separator, " ").replace(/[\r\n]/g, " ") : known;
}

function quote(value: string, dialect: Dialect, isForced: boolean): string {
  const { quote: mark, escape: escaper, separator } = dialect;
  if (mark === undefined) return value;
  const isNeeded = value.includes(separator) || value.includes(mark) || /[\r\n]/.test(value);
  if (!isNeeded && !isForced) return value;
  const inner = escaper === mark ? value : value.replaceAll("\\", "\\\\");
  return `${mark}${inner.replaceAll(mark, `${escaper}${mark}`)}${mark}`;
}

function rowEnd(random: Random, { newline }: Dialect): string {
  switch (newline) {
    case "lf":
      return "\n";
    case "crlf":
      return "\r\n";
    case "cr":
      return "\r";
    case "mixed":
      return random.pick(["\n", "\r\n", "\r"]);
  }
}

/** One field that is hard to read: a very long one, one full of rows, quotes where none belong. */
function disturbField(
  random: Random,
  rows: string[][],
  columns: readonly Column[],
  dialect: Dialect,
  faults: Set<string>,
): void {
  const row = random.pick(rows);
  if (row && random.below(2) === 0) {
    const at = random.below(columns.length);
    const breaker = random.below(2) === 0 ? random.pick(BREAKERS) : random.pick(BREAKERS).replace(".", dialect.decimal);
    row[at] = quote(fitted(breaker, dialect), dialect, random.below(4) === 0);
    return;
  }
  const texts = columns.flatMap(({ type }, i) => (type.kind === "text" ? [i] : []));
  if (!row || texts.length === 0) return;
  const at = random.pick(texts);
  switch (random.below(6)) {
    case 0:
      row[at] = quote("long ".repeat(1 + random.below(20_000)), dialect, random.below(2) === 0);
      return;
    case 1: {
      // Whoever starts to read inside of it takes it for rows.
      const inner = Array.from({ length: 3 + random.below(400) }, () => random.pick(rows).join(dialect.separator));
      row[at] = quote(fitted(inner.join("\n"), dialect), dialect, true);
      return;
    }
    case 2:
      row[at] = random.pick(['5" pipe', 'a"b"c', `a${dialect.quote ?? '"'}`, ' "led"', "it's", 'a""b']);
      if (row[at] === ' "led"') faults.add("a quote behind a blank, which it takes for an opening one");
      return;
    case 3:
      if (dialect.newline === "lf" || dialect.newline === "crlf") {
        row[at] = "a\rb";
        faults.add("a lone carriage return");
      }
      return;
    case 4:
      row[at] = `${dialect.quote ?? ""}never closed`;
      faults.add("a quote that is never closed");
      return;
    default:
      row[at] = quote("\0nul\0", dialect, false);
  }
}

/** Blank lines, and rows with too few or too many fields. */
function disturbRows(
  random: Random,
  records: string[],
  rows: readonly (readonly string[])[],
  dialect: Dialect,
  faults: Set<string>,
): void {
  const times = 1 + random.below(3);
  for (let i = 0; i < times && records.length > 0; i++) {
    const at = random.below(records.length);
    const fields = rows[at] ?? [];
    const end = rowEnd(random, dialect);
    switch (random.below(dialect.ragged === "error" ? 4 : 3)) {
      case 0:
        records[at] += end;
        break;
      default: {
        if (dialect.ragged === "error" && random.below(3) > 0) break;
        const mark = dialect.quote ?? "";
        const torn = [...fields.slice(0, -1), `${mark}torn${mark}${random.pick(["x", " "])}`];
        const changed = random.pick([fields.slice(0, -1), fields.slice(0, -1), [...fields, "more", ""], torn]);
        records[at] = changed.join(dialect.separator) + end;
        faults.add("ragged rows");
      }
    }
  }
}
