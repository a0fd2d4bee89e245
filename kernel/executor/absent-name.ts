import type { Position } from "../cell/positions.ts";

const ABSENT = /^(\S+) is not defined$|^Cannot access '(\S+)' before initialization$/;
/** Not those of members, after one dot. */
const NAMES = /(?<!(?:[^.]|^)\.)(?<![\p{ID_Continue}$])[\p{ID_Start}$_][\p{ID_Continue}$]*/gu;

/**
 * Where a name stands that is not there: V8 points at what follows it (`rows.length` at `length`), in an expression of several parts.
 * A line that has the name several times before the place is meant where it is nearest.
 *
 * @example
 * placeOfAbsent("rows is not defined", "[rows.length]", { line: 1, column: 7 }); // { line: 1, column: 2 }
 */
export function placeOfAbsent(message: string, text: string, place: Position): Position {
  const [, absent, early] = ABSENT.exec(message) ?? [];
  const name = absent ?? early;
  if (name === undefined) return place;
  const starts = [...text.matchAll(NAMES)].filter(([word]) => word === name).map(({ index }) => index + 1);
  const column = starts.findLast((start) => start <= place.column) ?? starts[0];
  return column === undefined ? place : { line: place.line, column };
}
