import type { ScanColumn } from "../../../src/scan/table.ts";
import { bytesOf, type ScanCase } from "./generate.ts";
import { type Cell, type ReferenceResult, readColumns, referenceGroups } from "./reference.ts";
import { ReferenceFault } from "./reference-rows.ts";
import { widenedColumns } from "./reference-types.ts";

/** What a scan of a case must come to. */
export interface Expectation {
  readonly fault?: undefined;
  readonly columns: readonly ScanColumn[];
  readonly values: readonly (readonly Cell[])[];
  readonly result: ReferenceResult;
}

/** By the reference: the result, or the fault for which there is none. */
export function expectCase(one: ScanCase): Expectation | { readonly fault: ReferenceFault } {
  const bytes = bytesOf(one);
  try {
    const columns = widenedColumns(bytes, one);
    const values = readColumns(bytes, { ...one, columns });
    return { columns, values, result: referenceGroups(columns, values, one.request) };
  } catch (failure) {
    if (failure instanceof ReferenceFault) return { fault: failure };
    throw failure;
  }
}
