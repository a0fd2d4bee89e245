import { ScanRefused } from "./refused.ts";
import type { ScanTable } from "./table.ts";

/**
 * A table with the columns that are used alone; all of them when no names are given. Of delimited text nothing is saved by it. Lines of
 * JSON are looked through for these keys only, and what others hold does not matter.
 *
 * @throws {ScanRefused} when all are wanted, and the scanner has no type for some
 */
export function partOf(table: ScanTable, names?: Iterable<string>): ScanTable {
  if (table.format === "csv" || (names === undefined && table.isPart)) return table;
  if (names === undefined) {
    const [other] = table.others ?? [];
    if (other) throw new ScanRefused("type", other.why);
    return table;
  }
  const used = new Set(names);
  return { ...table, columns: table.columns.filter(({ name }) => used.has(name)), isPart: true };
}
