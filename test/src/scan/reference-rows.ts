import type { Dialect } from "../../../src/scan/table.ts";

/** The fields of a text, as one would cut it on paper: character by character, all of it in memory. */
export interface CutText {
  readonly header: readonly string[] | undefined;
  /** Every row has as many fields as there are columns; undefined is a missing value. */
  readonly rows: readonly (readonly (string | undefined)[])[];
  /** Where in the text each row starts, in characters. */
  readonly starts: readonly number[];
  /** The number of each row, from 1, those that were left out counted. */
  readonly numbers: readonly number[];
  /** Row numbers from 1, the header not counted, with the number of fields that were found. */
  readonly ragged: readonly { readonly row: number; readonly fields: number }[];
  /** Why there are no more rows. */
  readonly fault?: ReferenceFault | undefined;
}

/** What makes a text unreadable under its dialect. */
export class ReferenceFault extends Error {
  readonly reason: "ragged" | "open quote" | "empty" | "misfit" | "no numbers";
  readonly row: number;
  readonly column: string | undefined;

  constructor(reason: ReferenceFault["reason"], row: number, column?: string) {
    super(`${reason} in row ${row}${column === undefined ? "" : `, column ${column}`}`);
    this.reason = reason;
    this.row = row;
    this.column = column;
  }
}

/** Cuts a file into rows of `width` fields, by RFC 4180 and the policies of the dialect. */
export function cutText(bytes: Uint8Array, dialect: Dialect, width: number): CutText {
  const cut = cutUpToFault(bytes, dialect, width);
  if (cut.fault) throw cut.fault;
  return cut;
}

/** The same, with the rows before the first that cannot be read. */
export function cutUpToFault(bytes: Uint8Array, dialect: Dialect, width: number): CutText {
  const none = { header: undefined, rows: [], numbers: [], starts: [], ragged: [] };
  if (bytes.length === 0) return { ...none, fault: new ReferenceFault("empty", 0) };
  const records = cutRecords(decode(bytes, dialect.encoding), dialect).filter(
    ({ fields, isBlank }) => !isBlank || width === 1 || fields.length !== 1,
  );
  const header = dialect.header ? records.shift()?.fields : undefined;
  const rows: (string | undefined)[][] = [];
  const starts: number[] = [];
  const numbers: number[] = [];
  const ragged: { row: number; fields: number }[] = [];
  const end = (reason: ReferenceFault["reason"] | undefined, row = 0): CutText => ({
    header,
    rows,
    starts,
    numbers,
    ragged,
    fault: reason && new ReferenceFault(reason, row),
  });
  for (const [i, { fields, start, isOpen, isTorn }] of records.entries()) {
    if (isOpen) return end("open quote", i + 1);
    const isRagged = isTorn || fields.length !== width;
    // Only what is missing can be filled in.
    const isFault = dialect.ragged === "error" || (dialect.ragged === "fill" && (isTorn || fields.length > width));
    if (isRagged && isFault) return end("ragged", i + 1);
    if (isRagged) ragged.push({ row: i + 1, fields: fields.length });
    if (isRagged && dialect.ragged === "skip") continue;
    const values = fields.map((text) => (text === "" || dialect.nulls.includes(text) ? undefined : text));
    starts.push(start);
    numbers.push(i + 1);
    rows.push(Array.from({ length: width }, (_, column) => values[column]));
  }
  return end(undefined);
}

export function decode(bytes: Uint8Array, encoding: Dialect["encoding"]): string {
  const node = { "utf-8": "utf8", "utf-16le": "utf16le", "latin-1": "latin1" } as const;
  const text = Buffer.from(bytes).toString(node[encoding as keyof typeof node]);
  return text.startsWith("\ufeff") ? text.slice(1) : text;
}

interface TextRecord {
  readonly start: number;
  readonly fields: readonly string[];
  /** Nothing stands between two row ends. */
  readonly isBlank: boolean;
  /** The text ends inside of quotes. */
  readonly isOpen: boolean;
  /** Something other than a separator or row end follows a closing quote. */
  readonly isTorn: boolean;
}

function cutRecords(text: string, dialect: Dialect): TextRecord[] {
  const records: TextRecord[] = [];
  for (let at = 0; at < text.length; ) {
    const start = at;
    const fields: string[] = [];
    let [isOpen, isTorn] = [false, false];
    for (;;) {
      const field = dialect.quote !== undefined && text[at] === dialect.quote ? quoted(text, at, dialect) : undefined;
      const rest = letters(text, field?.end ?? at, dialect);
      fields.push((field?.value ?? "") + rest.value);
      isOpen ||= field?.isOpen ?? false;
      isTorn ||= field !== undefined && rest.value !== "";
      at = rest.end;
      if (text[at] !== dialect.separator) break;
      at++;
    }
    const isBlank = at === start;
    at += rowEnd(text, at, dialect.newline);
    records.push({ start, fields, isBlank, isOpen, isTorn });
  }
  return records;
}

/** A field from its opening quote to behind the closing one. */
function quoted(text: string, start: number, { quote, escape: escaper }: Dialect) {
  let value = "";
  for (let at = start + 1; at < text.length; at++) {
    const [char, next] = [text[at], text[at + 1]];
    const isEscape = char === escaper && (next === quote || (escaper !== quote && next === escaper));
    if (isEscape) {
      value += next;
      at++;
    } else if (char === quote) return { value, end: at + 1, isOpen: false };
    else value += char;
  }
  return { value, end: text.length, isOpen: true };
}

/** What stands up to the next separator or row end. */
function letters(text: string, start: number, { separator, newline }: Dialect) {
  let end = start;
  while (end < text.length && text[end] !== separator && rowEnd(text, end, newline) === 0) end++;
  return { value: text.slice(start, end), end };
}

/** Characters of the row end that stands at a place, 0 when none does. */
function rowEnd(text: string, at: number, newline: Dialect["newline"]): number {
  const [char, next] = [text[at], text[at + 1]];
  if (newline === "cr") return char === "\r" ? 1 : 0;
  if (char === "\r" && next === "\n") return 2;
  // At the very end it is half a row end that was cut off.
  if (char === "\r") return newline === "mixed" || at + 1 === text.length ? 1 : 0;
  return char === "\n" ? 1 : 0;
}
