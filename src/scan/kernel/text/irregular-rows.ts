// Rows one by one: for blocks with rows of different length, blank lines or mixed row ends by the positions of the index; where
// quotes are letters or escaped, by the bytes.
import { nextByte } from "./byte-mask";
import {
  columns,
  CR,
  escape,
  LF,
  NEWLINE_CR,
  NEWLINE_MIXED,
  newlineMode,
  quote,
  RAGGED_FILL,
  RAGGED_SKIP,
  raggedPolicy,
  separator,
} from "./dialect";
import { isRowEnd } from "./row-ends";

/** Rows that were written by the last call. */
export let rowsFound: i32 = 0;
/** Address after the last row that is done with. */
export let consumed: usize = 0;
/** Rows with another number of fields than there are columns, or with text after a closing quote. */
export let raggedRows: i32 = 0;
/** Number of the first of them among the rows of this call, those that were skipped included, and its fields; 0 fields: text after a closing quote. */
export let firstRagged: i32 = -1;
export let raggedFields: i32 = 0;
export let skippedRows: i32 = 0;
/** 1 when the call ended before a row that the policy forbids, which starts at `consumed`. */
export let isRefused: i32 = 0;

/** Where in the index the row after this one starts, and where the index ends. */
let cursor: usize = 0;
let lastCursor: usize = 0;

/** How a field ended: the text ended, a separator, a row end. */
const TEXT_END: i32 = 0;
const FIELD_END: i32 = 1;
const ROW_END: i32 = 2;

/** End of the field that was read last, where the next one starts, and whether letters followed its closing quote. */
let fieldEnd: usize = 0;
let next: usize = 0;
let isBroken: bool = false;

/**
 * Writes the starts (less one) and ends of the fields of at most `capacityRows` rows that begin before `stop`, by the `count`
 * positions of an index without odd quotes, or by the bytes when `positions` is 0. Only when `isLast` is a CR in front of `to` a
 * whole row end. `skips` (u32, as many as rows) takes for each skipped row the number of rows written before it; when it is full the
 * call ends.
 */
export function irregularRows(
  from: usize,
  to: usize,
  stop: usize,
  positions: usize,
  count: i32,
  starts: usize,
  ends: usize,
  skips: usize,
  capacityRows: i32,
  isLast: i32,
): i32 {
  rowsFound = 0;
  raggedRows = 0;
  firstRagged = -1;
  raggedFields = 0;
  skippedRows = 0;
  isRefused = 0;
  consumed = from;
  next = from;
  cursor = positions;
  lastCursor = positions + (<usize>count << 2);
  const limit = min(to, stop);
  while (rowsFound < capacityRows && skippedRows < capacityRows && consumed < limit) {
    const at = <usize>rowsFound * <usize>columns << 2;
    const fields = positions
      ? readIndexedRow(starts + at, ends + at)
      : readRow(to, starts + at, ends + at, isLast != 0);
    if (!fields) break;
    if (fields != columns || isBroken) {
      // A blank line is no row, unless a row is one field.
      const isBlank = fields == 1 && !isBroken && fieldEnd == consumed;
      if (!isBlank && !settleRagged(fields, starts + at, ends + at, skips)) break;
      consumed = next;
      if (isBlank || raggedPolicy == RAGGED_SKIP) continue;
    }
    consumed = next;
    rowsFound++;
  }
  return rowsFound;
}

/** Reads the row at `next` by the index, as `readRow` does. */
function readIndexedRow(starts: usize, ends: usize): i32 {
  let fields: i32 = 0;
  let start = next;
  for (let p = cursor; p < lastCursor; p += 4) {
    const at = <usize>load<u32>(p);
    const byte = <i32>load<u8>(at);
    const isCrlf = byte == LF && newlineMode != NEWLINE_CR && at > start && load<u8>(at - 1) == CR;
    const end = at - usize(isCrlf);
    if (fields < columns) {
      store<u32>(starts + (<usize>fields << 2), <u32>(start - 1));
      store<u32>(ends + (<usize>fields << 2), <u32>end);
    }
    fields++;
    start = at + 1;
    if (byte == separator) continue;
    fieldEnd = end;
    next = start;
    cursor = p + 4;
    isBroken = false;
    return fields;
  }
  return 0;
}

/** Reads the row at `next` and leaves `next` after it; the number of its fields, or 0 when the text ends before the row does. */
function readRow(to: usize, starts: usize, ends: usize, isLast: bool): i32 {
  let fields: i32 = 0;
  let isRowBroken = false;
  while (true) {
    isBroken = false;
    const start = next;
    const how = readField(to, isLast);
    if (how == TEXT_END) return 0;
    isRowBroken = isRowBroken || isBroken;
    if (fields < columns) {
      store<u32>(starts + (<usize>fields << 2), <u32>(start - 1));
      store<u32>(ends + (<usize>fields << 2), <u32>fieldEnd);
    }
    fields++;
    if (how == ROW_END) {
      isBroken = isRowBroken;
      return fields;
    }
  }
}

function readField(to: usize, isLast: bool): i32 {
  let at = next;
  if (at < to && quote && <i32>load<u8>(at) == quote) {
    at = closingQuote(at + 1, to);
    if (!at) return TEXT_END;
    const how = endOfField(at, to, isLast);
    if (how >= 0) return how;
    isBroken = true;
  }
  while (at < to) {
    at = nextByte(at, to, separator, LF, CR);
    const how = endOfField(at, to, isLast);
    if (how >= 0) return how;
    at++;
  }
  return TEXT_END;
}

/** The address after the quote that closes a field; 0 when the text ends before it. */
function closingQuote(from: usize, to: usize): usize {
  const isDoubled = escape == quote;
  let at = from;
  while (true) {
    at = nextByte(at, to, quote, escape, quote);
    if (at >= to) return 0;
    const byte = <i32>load<u8>(at++);
    if (byte != quote) at++;
    else if (isDoubled && at < to && <i32>load<u8>(at) == quote) at++;
    else return at;
  }
}

/** What ends at this byte, or -1 for a letter. Sets `fieldEnd` and `next`. */
@inline
function endOfField(at: usize, to: usize, isLast: bool): i32 {
  if (at >= to) return TEXT_END;
  const byte = <i32>load<u8>(at);
  if (byte == separator) {
    fieldEnd = at;
    next = at + 1;
    return FIELD_END;
  }
  if (byte != LF && byte != CR) return -1;
  // A CR before an LF belongs to it, except where every CR ends a row.
  if (byte == CR && newlineMode != NEWLINE_CR) {
    if (at + 1 >= to && !(isLast && newlineMode == NEWLINE_MIXED)) return TEXT_END;
    if (at + 1 < to && load<u8>(at + 1) == LF) {
      fieldEnd = at;
      next = at + 2;
      return ROW_END;
    }
  }
  if (!isRowEnd(byte)) return -1;
  fieldEnd = at;
  next = at + 1;
  return ROW_END;
}

/** Whether the policy lets a row pass; short rows are filled with empty fields. */
function settleRagged(fields: i32, starts: usize, ends: usize, skips: usize): bool {
  raggedRows++;
  if (firstRagged < 0) {
    firstRagged = rowsFound + skippedRows;
    raggedFields = isBroken ? 0 : fields;
  }
  if (raggedPolicy == RAGGED_SKIP) {
    store<u32>(skips + (<usize>skippedRows << 2), rowsFound);
    skippedRows++;
    return true;
  }
  if (raggedPolicy != RAGGED_FILL || isBroken || fields > columns) {
    raggedFields = isBroken ? 0 : fields;
    isRefused = 1;
    return false;
  }
  for (let field = fields; field < columns; field++) {
    store<u32>(starts + (<usize>field << 2), <u32>(fieldEnd - 1));
    store<u32>(ends + (<usize>field << 2), <u32>fieldEnd);
  }
  return true;
}
