import { DataError } from "../../errors.ts";
import { scanGroups } from "../../scan/scan-groups.ts";
import { sniffTable } from "../../scan/sniff.ts";
import type { FileSource } from "../../source/source.ts";
import type { ChunkedOptions } from "../options.ts";

/**
 * The general engine's error of a value that is not of its column's type, with the file, row and line of it: where that engine reads a column by a
 * format of its own it tells none of these. The scanner reads that column up to the value. What it cannot read, or reads otherwise, stays as it was.
 */
export async function withPlace(failure: unknown, source: FileSource, options: ChunkedOptions): Promise<unknown> {
  const [, column] = /^column "([\s\S]*?)": "/.exec(failure instanceof DataError ? failure.message : "") ?? [];
  if (column === undefined || (failure as DataError).code !== "E_BAD_VALUE" || source.format !== "csv") return failure;
  try {
    const table = await sniffTable(source, { dtype: options.dtype });
    const columns = table.columns.map((one) => (one.name === column ? { ...one, isDeclared: true } : one));
    const aggregates = [{ fn: "max" as const, column, name: "max" }];
    await scanGroups({ ...table, columns }, { keys: [], aggregates }, { signal: options.signal });
    return failure;
  } catch (placed) {
    return placed instanceof DataError && placed.code === "E_BAD_VALUE" ? placed : failure;
  }
}
