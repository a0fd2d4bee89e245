import path from "node:path";
import { DataError } from "../../errors.ts";
import { wrongValueHint } from "../../source/value-hint.ts";
import { formatCount } from "../../units.ts";
import type { ScanNote } from "../request.ts";
import { clipText, type RowFaultDetails } from "../rows/row-fault.ts";
import type { ScanColumn } from "../table.ts";
import { pandasTypeOf } from "../types/pandas-type.ts";
import type { RaggedRow } from "./outcome.ts";
import type { Misfit } from "./work.ts";

/** The error that people see of a faulty row; `before` are the rows of its file before the piece that it is in. */
export function rowError(
  file: string,
  before: number,
  { code, row, problem, hint }: RowFaultDetails,
  line: number | undefined,
): DataError {
  const space = /^[,:]/.test(problem) ? "" : " ";
  return new DataError(code, `${placeOf(file, before + row)}${space}${problem}${inLine(line)}`, { hint });
}

/** A value that is not of the type that was declared for its column. */
export function misfitError(
  file: string,
  before: number,
  column: ScanColumn,
  { row, reason, text }: Misfit,
  line: number | undefined,
): DataError {
  const type = pandasTypeOf(column.type);
  const value = clipText(text);
  const problem =
    reason === OUT_OF_RANGE
      ? `does not fit into ${type}`
      : reason === MORE_DECIMALS
        ? `has more decimals than ${type}`
        : `is not ${/^[aeiou]/.test(type) ? "an" : "a"} ${type}`;
  return new DataError(
    "E_BAD_VALUE",
    `${placeOf(file, before + row)}, column "${column.name}": "${value}" ${problem}${inLine(line)}`,
    {
      hint: wrongValueHint(column.name, type, text),
    },
  );
}

/** What to say of a column that is read as something else than the samples said; nothing where the types have one name. */
export function widenedNote(
  file: string,
  before: number,
  column: ScanColumn,
  wider: ScanColumn,
  { row, text }: Misfit,
): ScanNote | undefined {
  const [type, now] = [pandasTypeOf(column.type), pandasTypeOf(wider.type)];
  if (type === now) return undefined;
  const message = `column "${column.name}" is read as ${now} and not as ${type}: ${placeOf(file, before + row)} has "${clipText(text)}"`;
  return { code: "widened", message, widened: { column: column.name, type: now } };
}

/** Rows that were filled or left out are told once, with the place of the first. */
export function raggedNote(file: string, { rows, skipped, row }: RaggedRow): ScanNote {
  const [many, verb] = rows === 1 ? ["1 row", "was"] : [`${formatCount(rows)} rows`, "were"];
  const what = `${verb} ${skipped > 0 ? "left out" : "filled with missing values"}`;
  const message = `${many} with another number of fields ${what}, the first is ${placeOf(file, row)}`;
  return { code: "ragged", message };
}

const OUT_OF_RANGE = 2;
const MORE_DECIMALS = 3;

/** Where rows hold line breaks, their number is not that of an editor. */
function inLine(line: number | undefined): string {
  return line === undefined ? "" : ` (line ${formatCount(line)})`;
}

/** Data rows count from 1, the line of names is none. */
function placeOf(file: string, row: number): string {
  return `${path.basename(file)} row ${formatCount(row + 1)}`;
}
