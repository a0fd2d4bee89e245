import type { Dialect } from "../table.ts";

/** Whole rows that a guess wants to see. */
const LEAST_ROWS = 2;

/**
 * Index of the first row that starts after the first byte of a stretch from the middle of a text; -1 when it shows too little,
 * unless it is `isAll` that can be shown. Both hypotheses are tried, that the stretch begins outside of quotes and inside, and the
 * one that makes better rows wins. It is a guess, which a field that holds well-formed rows deceives.
 */
export function guessRowStart(bytes: Uint8Array, dialect: Dialect, columns: number, isAll: boolean): number {
  const outside = tryRows(bytes, dialect, columns, false);
  const inside = dialect.quote === undefined ? outside : tryRows(bytes, dialect, columns, true);
  const better = score(inside) > score(outside) ? inside : outside;
  if (better.start >= bytes.length) return -1;
  return isAll || better.good + better.bad >= LEAST_ROWS ? better.start : -1;
}

/** What a stretch looks like under one hypothesis. */
interface Trial {
  /** Index of the first row, -1 without one. */
  start: number;
  /** Whole rows with as many fields as there are columns, and other rows. */
  good: number;
  bad: number;
  /** Quotes that open or close where none should. */
  odd: number;
}

function score({ start, good, bad, odd }: Trial): number {
  if (start < 0) return -1;
  return (good + 1) / (good + 4 * bad + 8 * odd + 2);
}

function tryRows(bytes: Uint8Array, dialect: Dialect, columns: number, isInside: boolean): Trial {
  const [separator, quote] = [codeOf(dialect.separator), codeOf(dialect.quote)];
  const escaper = codeOf(dialect.escape ?? dialect.quote);
  const trial: Trial = { start: -1, good: 0, bad: 0, odd: 0 };
  let inQuotes = isInside;
  let [fields, isFieldStart] = [1, false];
  const { length } = bytes;
  for (let i = 0; i < length; i++) {
    const byte = bytes[i]!;
    if (inQuotes) {
      if (byte === escaper && escaper !== quote) i++;
      else if (byte === quote) {
        if (escaper === quote && bytes[i + 1] === quote) i++;
        else {
          inQuotes = false;
          if (i + 1 < length && !isBorder(bytes[i + 1]!, separator)) trial.odd++;
        }
      }
      continue;
    }
    if (byte === separator) {
      fields++;
      isFieldStart = true;
    } else if (byte === quote && quote >= 0) {
      // Within a field it is a letter, or the hypothesis is wrong; the very first byte may be the start of one.
      if (!isFieldStart && i > 0) trial.odd++;
      inQuotes = true;
      isFieldStart = false;
    } else if (isRowEnd(byte, bytes[i + 1], dialect)) {
      if (trial.start < 0) trial.start = i + 1;
      else if (fields === columns) trial.good++;
      else trial.bad++;
      fields = 1;
      isFieldStart = true;
    } else isFieldStart = false;
  }
  return trial;
}

function isRowEnd(byte: number, next: number | undefined, { newline }: Dialect): boolean {
  if (newline === "cr") return byte === 13;
  return byte === 10 || (newline === "mixed" && byte === 13 && next !== 10);
}

function isBorder(byte: number, separator: number): boolean {
  return byte === separator || byte === 10 || byte === 13;
}

function codeOf(character: string | undefined): number {
  return character === undefined ? -1 : character.charCodeAt(0);
}
