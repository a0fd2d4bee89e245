// Where a row starts in the middle of a text, of which nobody knows whether it is inside of quotes.
import { columns, CR, escape, LF, NEWLINE_CR, NEWLINE_MIXED, newlineMode, quote, separator } from "./dialect";

/** Whole rows that a guess wants to see. */
const LEAST_ROWS: u32 = 2;

/** What the last trial found: the first row, 0 without one; whole rows with as many fields as there are columns, and other rows. */
let start: usize = 0;
let good: u32 = 0;
let bad: u32 = 0;
/** Quotes that open or close where none should. */
let odd: u32 = 0;

/**
 * Address of the first row that starts after the byte at `from`; 0 when the stretch shows too little, unless it is `isAll` that can be
 * shown. Both hypotheses are tried, that it begins outside of quotes and inside, and the one that makes better rows wins. It is a
 * guess, which a field that holds well-formed rows deceives.
 */
export function guessRow(from: usize, to: usize, isAll: i32): usize {
  tryRows(from, to, false);
  let best = start;
  let rows = good + bad;
  if (quote) {
    const outside = score();
    tryRows(from, to, true);
    if (score() > outside) {
      best = start;
      rows = good + bad;
    }
  }
  if (best >= to) return 0;
  return isAll || rows >= LEAST_ROWS ? best : 0;
}

function score(): f64 {
  return start ? (<f64>good + 1) / (<f64>good + 4 * <f64>bad + 8 * <f64>odd + 2) : -1;
}

function tryRows(from: usize, to: usize, isInside: bool): void {
  start = 0;
  good = 0;
  bad = 0;
  odd = 0;
  const isDoubled = escape == quote;
  let inQuotes = isInside;
  let isFieldStart = false;
  let fields: i32 = 1;
  for (let at = from; at < to; at++) {
    const byte = <i32>load<u8>(at);
    if (inQuotes) {
      if (byte == quote) {
        if (isDoubled && at + 1 < to && <i32>load<u8>(at + 1) == quote) at++;
        else {
          inQuotes = false;
          if (at + 1 < to && !isBorder(load<u8>(at + 1))) odd++;
        }
      } else if (byte == escape) at++;
    } else if (byte == separator) {
      fields++;
      isFieldStart = true;
    } else if (byte == quote && quote) {
      // Within a field it is a letter, or the hypothesis is wrong; the very first byte may be the start of one.
      if (!isFieldStart && at > from) odd++;
      inQuotes = true;
      isFieldStart = false;
    } else if (endsRow(byte, at, to)) {
      if (!start) start = at + 1;
      else if (fields == columns) good++;
      else bad++;
      fields = 1;
      isFieldStart = true;
    } else isFieldStart = false;
  }
}

@inline
function endsRow(byte: i32, at: usize, to: usize): bool {
  if (newlineMode == NEWLINE_CR) return byte == CR;
  return byte == LF || (newlineMode == NEWLINE_MIXED && byte == CR && !(at + 1 < to && load<u8>(at + 1) == LF));
}

@inline
function isBorder(byte: i32): bool {
  return byte == separator || byte == LF || byte == CR;
}
