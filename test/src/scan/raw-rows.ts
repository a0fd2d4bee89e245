import type { Dialect } from "../../../src/scan/table.ts";

export interface RawText {
  readonly fields: string[][];
  /** The number of each row, skipped ones included. */
  readonly numbers: number[];
  readonly ragged: number;
  readonly skipped: number;
  /** Code and row of the fault that ends the reading. */
  readonly fault: { readonly code: string; readonly row: number } | undefined;
}

/** The rows of a text, one character after the other, as the format's rules say it: what the scanner's rows are compared with. */
export function rawRows(text: string, dialect: Dialect, columns: number): RawText {
  const { newline, ragged: policy } = dialect;
  const fields: string[][] = [];
  const numbers: number[] = [];
  let [at, ragged, skipped] = [0, 0, 0];
  const done = (code?: string) => ({
    fields,
    numbers,
    // Where the reading ends early, how many there were is not told.
    ragged: code === undefined ? ragged : 0,
    skipped,
    fault: code === undefined ? undefined : { code, row: fields.length + skipped },
  });
  while (at < text.length) {
    const row = readRow(text, at, dialect);
    if (!row) return done("E_OPEN_QUOTE");
    at = row.next;
    if (columns > 1 && row.fields.length === 1 && row.fields[0] === "") continue;
    if (row.fields.length === columns && !row.isBroken) {
      numbers.push(fields.length + skipped);
      fields.push(row.fields);
      continue;
    }
    ragged++;
    if (policy === "skip") skipped++;
    else if (policy === "error" || row.isBroken || row.fields.length > columns) return done("E_RAGGED_ROW");
    else {
      numbers.push(fields.length);
      fields.push([...row.fields, ...Array<string>(columns - row.fields.length).fill("")]);
    }
  }
  return done();

  function readRow(from: string, start: number, { separator, quote }: Dialect) {
    const row: string[] = [];
    let isBroken = false;
    let i = start;
    while (true) {
      const begin = i;
      if (quote !== undefined && from[i] === quote) {
        const close = closing(from, i + 1, dialect);
        if (close < 0) return undefined;
        i = close;
        if (from[i] !== separator && rowEnd(from, i, newline) === 0 && i < from.length) isBroken = true;
      }
      while (i < from.length && from[i] !== separator && rowEnd(from, i, newline) === 0) i++;
      row.push(from.slice(begin, i));
      if (from[i] === separator) i++;
      else return { fields: row, isBroken, next: i + Math.max(1, rowEnd(from, i, newline)) };
    }
  }
}

/** The index after the closing quote; -1 without one. */
function closing(text: string, from: number, dialect: Dialect): number {
  const isDoubled = dialect.escape === undefined || dialect.escape === dialect.quote;
  for (let i = from; i < text.length; i++) {
    if (text[i] === dialect.quote) {
      if (!isDoubled || text[i + 1] !== dialect.quote) return i + 1;
      i++;
    } else if (!isDoubled && text[i] === dialect.escape) i++;
  }
  return -1;
}

/** Characters of the row end at `at`, 0 when there is none. */
function rowEnd(text: string, at: number, newline: Dialect["newline"]): number {
  const [first, second] = [text[at], text[at + 1]];
  if (newline === "cr") return first === "\r" ? 1 : 0;
  if (first === "\n") return 1;
  if (first !== "\r") return 0;
  if (second === "\n") return 2;
  // The text's last byte may be the half of a row end that is left of a file cut off.
  return newline === "mixed" || second === undefined ? 1 : 0;
}
