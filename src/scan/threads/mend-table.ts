import { UsageError } from "../../errors.ts";
import type { SourceFile } from "../../source/source.ts";
import { ScanRefused } from "../refused.ts";
import type { ScanNote } from "../request.ts";
import type { RowFaultDetails } from "../rows/row-fault.ts";
import type { ScanTable } from "../table.ts";
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
  { notes, isBound, check }: MendOptions,
): ScanTable {
  const { path } = files[file] as SourceFile;
  if (fault.kind === "failure") throw unpackFailure(fault.failure);
  if (fault.kind === "row") throw faultOf(table, path, before, fault.fault);
  let mended = table;
  for (const misfit of [...fault.misfits].sort((a, b) => a.row - b.row)) {
    const column = table.columns[misfit.column];
    if (column === undefined) continue;
    if (column.isDeclared || isBound) throw misfitError(path, before, column, misfit);
    const type =
      table.format === "json" ? widenJson(column, misfit.text) : widen(column.type, misfit.text, table.dialect.decimal);
    const wider = { ...column, type };
    mended = { ...mended, columns: mended.columns.with(misfit.column, wider) };
    try {
      check?.(mended);
    } catch (failure) {
      // A sum of texts was not asked for: what is wrong is the value that makes them texts.
      if (!(failure instanceof UsageError)) throw failure;
      const error = misfitError(path, before, column, misfit);
      throw table.format === "json" ? new ScanRefused("type", error.message) : error;
    }
    const note = widenedNote(path, before, column, wider, misfit);
    if (note) notes.push(note);
  }
  return mended;
}

/** A line that is no flat object may still be JSON that another engine reads; if it is not, that one says where. */
function faultOf({ format }: ScanTable, path: string, before: number, fault: RowFaultDetails): Error {
  const error = rowError(path, before, fault);
  return format === "json" ? new ScanRefused("nested", error.message) : error;
}
