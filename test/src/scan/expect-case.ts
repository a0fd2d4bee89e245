import type { GroupRequest } from "../../../src/scan/request.ts";
import type { ScanColumn } from "../../../src/scan/table.ts";
import { nearestDouble } from "./exact.ts";
import { bytesOf, type ScanCase } from "./generate.ts";
import { type Cell, type Expected, type ReferenceResult, readColumns, referenceGroups } from "./reference.ts";
import { cutUpToFault, ReferenceFault } from "./reference-rows.ts";
import { finalColumn } from "./reference-types.ts";

/** What a scan of a case must come to. */
export interface Expectation {
  readonly fault?: undefined;
  readonly columns: readonly ScanColumn[];
  readonly values: readonly (readonly Cell[])[];
  readonly result: ReferenceResult;
}

/**
 * By the reference: the result, or the first fault for which there is none. A value that does not fit matters only in a column
 * that is `read`; all are when it is left out.
 */
export function expectCase(
  one: ScanCase,
  read: ReadonlySet<string> = new Set(one.columns.map(({ name }) => name)),
): Expectation | { readonly fault: ReferenceFault } {
  const { dialect, request } = one;
  const { rows, numbers, fault } = cutUpToFault(bytesOf(one), dialect, one.columns.length);
  const faults = fault ? [fault] : [];
  const columns = one.columns.map((column, at) => {
    if (!read.has(column.name)) return column;
    const texts = rows.map((row) => row[at]);
    const found = finalColumn(column, texts, dialect, needsNumbers(request, column.name));
    if (!("misfit" in found)) return found;
    faults.push(new ReferenceFault("misfit", numbers[found.misfit] as number, column.name));
    return column;
  });
  // Of two in one row that is told whose column is asked for first.
  const asked = [undefined, ...read];
  const [first] = faults.sort((a, b) => a.row - b.row || asked.indexOf(a.column) - asked.indexOf(b.column));
  if (first) return { fault: first };
  const values = readColumns(rows, { dialect, columns });
  return { columns, values, result: referenceGroups(columns, values, request) };
}

/** The values as a result shows them: decimals are the doubles nearest to them. */
export function expectedColumns({ columns, values }: Expectation): { name: string; cells: Expected[] }[] {
  return columns.map(({ name, type }, at) => ({
    name,
    cells: (values[at] ?? []).map((cell) => {
      const isDecimal = type.kind === "decimal" && cell !== null;
      const shown = isDecimal ? nearestDouble({ top: cell as bigint, bottom: 10n ** BigInt(type.scale) }) : cell;
      return { cell: shown, slack: 0, loose: 0 };
    }),
  }));
}

/** The columns that a request reads. */
export function columnsOf({ keys, aggregates, where = [] }: GroupRequest): Set<string> {
  return new Set([...keys, ...aggregates.map(({ column }) => column), ...where.map(({ column }) => column)]);
}

const OF_NUMBERS: ReadonlySet<string> = new Set(["sum", "mean", "var", "std", "any", "all"]);

function needsNumbers({ aggregates }: GroupRequest, name: string): boolean {
  return aggregates.some(({ fn, column }) => column === name && OF_NUMBERS.has(fn));
}
