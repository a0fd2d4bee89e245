// What ends a row.
import { CR, LF, NEWLINE_CR, NEWLINE_MIXED, newlineMode } from "./dialect";

/** Whether a byte outside of quotes ends a row; in mixed mode a CR before an LF does not, which is for the caller to see. */
@inline
export function isRowEnd(byte: i32): bool {
  if (newlineMode == NEWLINE_CR) return byte == CR;
  return byte == LF || (newlineMode == NEWLINE_MIXED && byte == CR);
}
