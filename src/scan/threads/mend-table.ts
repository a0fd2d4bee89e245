import { type DataError, UsageError } from "../../errors.ts";
import type { SourceFile } from "../../source/source.ts";
import { ScanRefused } from "../refused.ts";
import type { ScanNote } from "../request.ts";
import type { ScanTable } from "../table.ts";
import { exactKind } from "../types/exact-decimals.ts";
import { widenJson } from "../types/json-kinds.ts";
import { widen } from "../types/widen.ts";
import { unpackFailure } from "./failures.ts";
import { misfitError, rowError, widenedNote } from "./misfits.ts";
import type { Outcome } from "./outcome.ts";

export interface MendOptions {
  /** What is to be told of the change is put here. */
  readonly notes: ScanNote[];
  /** Somebody has had a part of the result with the types of now. */
  readonly isBound: boolean;
  /** Throws when a table cannot be asked what is asked. */
  readonly check?: ((table: ScanTable) => void) | undefined;
  /** The line of a file that an offset is in; undefined where offsets are not those of the file on the disk. */
  readonly lineOf: (file: SourceFile, offset: number) => number | undefined;
}

/**
 * The table with types that hold the values that were found.
 *
 * @throws what was found, where no other type may hold it
 */
export function mendTable(
  table: ScanTable,
  files: readonly SourceFile[],
  { fault, file, before }: Extract<Outcome, { readonly kind: "fault" }>,
  { notes, isBound, check, lineOf }: MendOptions,
): ScanTable {
  const source = files[file] as SourceFile;
  const { path } = source;
  if (fault.kind === "failure") throw unpackFailure(fault.failure);
  if (fault.kind === "row")
    throw faultOf(table, rowError(path, before, fault.fault, lineOf(source, fault.fault.offset)));
  let mended = table;
  for (const misfit of [...fault.misfits].sort((a, b) => a.row - b.row)) {
    const column = table.columns[misfit.column];
    if (column === undefined) continue;
    const error = () => misfitError(path, before, column, misfit, lineOf(source, misfit.offset));
    if (column.isDeclared || isBound) throw error();
    const found =
      table.format === "json" ? widenJson(column, misfit.text) : widen(column.type, misfit.text, table.dialect);
    const type = table.keepsDigits ? exactKind(found, [misfit.text]) : found;
    const wider = { ...column, type };
    mended = { ...mended, columns: mended.columns.with(misfit.column, wider) };
    try {
      check?.(mended);
    } catch (failure) {
      // A sum of texts was not asked for: what is wrong is the value that makes them texts.
      if (!(failure instanceof UsageError)) throw failure;
      throw faultOf(table, error());
    }
    const note = widenedNote(path, before, column, wider, misfit);
    if (note) notes.push(note);
  }
  return mended;
}

/** What is wrong with JSON here may still be JSON that another engine reads; if it is not, that one says where. */
function faultOf({ format }: ScanTable, error: DataError): Error {
  return format === "json" ? new ScanRefused("nested", error.message) : error;
}
