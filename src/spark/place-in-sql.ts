import type { OutgrowError } from "../errors.ts";
import type { SparkCause } from "./connect/errors.ts";

/** Where in the SQL that was sent the server found the fault, in UTF-16 offsets; undefined when it did not say, or meant the text of a view. */
export function placeInSql(
  { at, cause, message }: OutgrowError,
  sql: string,
): { readonly start: number; readonly end: number } | undefined {
  for (const { start, fragment, inView } of (cause as SparkCause | undefined)?.contexts ?? []) {
    if (fragment === "" || inView !== "") continue;
    // Spark counts characters beyond the first 65,536 once and cuts the fragment as if they counted twice.
    if (sql.startsWith(fragment, start))
      return { start: fromCodePoints(sql, start), end: fromCodePoints(sql, start + fragment.length) };
    const found = sql.indexOf(fragment);
    if (found >= 0) return { start: found, end: found + fragment.length };
  }
  const place = /\(line (\d+), pos (\d+)\)/.exec(message);
  if (!place) return undefined;
  const lines = sql.split("\n");
  const before = lines.slice(0, Number(place[1]) - 1).reduce((sum, { length }) => sum + length + 1, 0);
  const start = before + fromCodePoints(lines[Number(place[1]) - 1] ?? "", Number(place[2]));
  const length = at ? at.end - at.start : 1;
  return start <= sql.length ? { start, end: Math.min(sql.length, start + Math.max(1, length)) } : undefined;
}

function fromCodePoints(text: string, count: number): number {
  let offset = 0;
  for (const character of text) {
    if (count-- <= 0) break;
    offset += character.length;
  }
  return offset;
}
