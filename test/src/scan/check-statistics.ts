import { OutgrowError } from "../../../src/errors.ts";
import type { GroupFunction } from "../../../src/scan/request.ts";
import { scanStatistics } from "../../../src/scan/scan-statistics.ts";
import type { ColumnFigures, FigureValue } from "../../../src/scan/statistics/column-figures.ts";
import type { ScanOptions } from "../../../src/scan/threads/run-scan.ts";
import { tableIn } from "./check-groups.ts";
import { type Found, firstDifference } from "./compare.ts";
import { type Expectation, expectCase } from "./expect-case.ts";
import type { ScanCase } from "./generate.ts";
import { type Cell, type Expected, referenceGroups } from "./reference.ts";

/** Where the statistics of columns are not what the reference computes of all their values. */
export async function differenceInStatistics(
  file: string,
  one: ScanCase,
  options: ScanOptions,
): Promise<object | undefined> {
  const expected = expectCase({ ...one, request: { keys: [], aggregates: [] } });
  try {
    const { columns, rows } = await scanStatistics(tableIn(file, one), {}, options);
    if (expected.fault) return { found: "a result", expected: expected.fault.message, options };
    const height = expected.values[0]?.length ?? 0;
    if (rows !== height) return { found: rows, expected: height, options };
    for (const [at, figures] of columns.entries()) {
      const difference = differenceIn(figures, expected, at);
      if (difference) return { ...difference, of: figures.name, options };
    }
    return undefined;
  } catch (failure) {
    // Which error it is, is the check of the groups.
    if (failure instanceof OutgrowError && expected.fault) return undefined;
    throw failure;
  }
}

function differenceIn(figures: ColumnFigures, { columns, values }: Expectation, at: number): object | undefined {
  const column = columns[at] as Expectation["columns"][number];
  const { kind } = column.type;
  const isNumber = kind === "int" || kind === "decimal" || kind === "double";
  const all = values[at] ?? [];
  // Least, greatest, mean and spread are those of finite numbers.
  const finite = all.map((cell) => (typeof cell === "number" && !Number.isFinite(cell) ? null : cell));
  const isHuge = kind === "double" && finite.some((cell) => Math.abs(Number(cell)) > 1e150);
  const ofAll: GroupFunction[] = ["count", "nunique"];
  const ofFinite: GroupFunction[] = ["min", "max", ...(isNumber && !isHuge ? (["mean", "std"] as const) : [])];
  const wanted = [
    ...(["count", "nunique"] as const).map((fn) => expectedOf(column, all, fn)),
    ...ofFinite.map((fn) => {
      const { name, cells } = expectedOf(column, finite, fn);
      return { name, cells: cells.map((cell) => asShown(cell, kind)) };
    }),
  ];
  const { rows, nulls, distinct, min, max, mean, std } = figures;
  const cells = { count: rows - nulls, nunique: distinct, min, max, mean: mean ?? null, std: std ?? null };
  const found = [...ofAll, ...ofFinite].map((fn): Found => {
    const cell = plain(cells[fn as keyof typeof cells], kind);
    return { name: fn, cells: [cell] };
  });
  return firstDifference(found, wanted, 0, "loose");
}

function expectedOf(column: Expectation["columns"][number], values: readonly Cell[], fn: GroupFunction) {
  const aggregates = [{ fn, column: column.name, name: fn }];
  return referenceGroups([column], [values], { keys: [], aggregates }).columns[0] as {
    name: string;
    cells: ReturnType<typeof referenceGroups>["columns"][number]["cells"];
  };
}

/** Days of dates; milliseconds of timestamps, which is what a Date holds. */
function plain(value: FigureValue | null, kind: string): Cell {
  if (typeof value === "string") return value.slice(0, SHOWN);
  if (!(value instanceof Date)) return value;
  return kind === "date" ? value.getTime() / 86_400_000 : BigInt(value.getTime());
}

/** Of a long text only the beginning is kept. */
const SHOWN = 75;

/** A text's beginning; a moment in whole milliseconds. */
function asShown(expected: Expected, kind: string): Expected {
  const { cell } = expected;
  if (typeof cell === "string") return { ...expected, cell: cell.slice(0, SHOWN) };
  if (kind !== "timestamp" || typeof cell !== "bigint") return expected;
  const millis = cell / 1000n - (cell % 1000n < 0n ? 1n : 0n);
  return { cell: millis, slack: 0, loose: 0 };
}
