import { isUtf8 } from "node:buffer";
import { DataError } from "../errors.ts";
import { formatCount } from "../units.ts";
import { isLikeWindows } from "./encoding.ts";

const LINE_FEED = 10;
/** Of the first lines; a few bad bytes among many good ones are a fault of the data and not of the encoding. */
const MOST_WRONG = 0.1;

/**
 * Refuses text whose names, or many of whose first lines, are not UTF-8: what reads of it would be other rows under other names.
 *
 * @throws {DataError} E_ENCODING
 */
export function refuseOtherEncoding(head: Buffer, name: string): void {
  const end = head.lastIndexOf(LINE_FEED);
  // What was read may end in the middle of a letter.
  const whole = head.subarray(0, Math.max(0, end));
  if (isUtf8(whole)) return;
  const lines = splitLines(whole);
  const wrong = lines.flatMap((line, i) => (isUtf8(line) ? [] : [i]));
  const [first = 0] = wrong;
  if (first > 0 && wrong.length < lines.length * MOST_WRONG) return;
  const isWindows = wrong.some((i) => isLikeWindows(lines[i] as Buffer));
  throw new DataError("E_ENCODING", `${name} line ${formatCount(first + 1)}: the bytes are not UTF-8`, {
    hint: isWindows
      ? "say --encoding windows-1252, or the encoding that it was written in"
      : "say --encoding latin-1, or the encoding that it was written in",
  });
}

function splitLines(bytes: Buffer): Buffer[] {
  const lines: Buffer[] = [];
  let from = 0;
  for (let at = bytes.indexOf(LINE_FEED); at !== -1; at = bytes.indexOf(LINE_FEED, from)) {
    lines.push(bytes.subarray(from, at));
    from = at + 1;
  }
  return [...lines, bytes.subarray(from)];
}
