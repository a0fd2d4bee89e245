import type { GroupAggregate, GroupRequest } from "../../../src/scan/request.ts";
import type { Kind, ScanColumn, ScanTable } from "../../../src/scan/table.ts";
import { abs, nearestDouble, type Rational, UNITS, unitsOf } from "./exact.ts";
import { type CutText, ReferenceFault } from "./reference-rows.ts";
import { passes } from "./reference-tests.ts";
import { readValue, type Value } from "./reference-values.ts";

/** A result's value: decimals are numbers, dates days, timestamps microseconds. */
export type Cell = Value | null;

export interface ReferenceResult {
  readonly columns: readonly { readonly name: string; readonly cells: readonly Expected[] }[];
  readonly rows: number;
  readonly matched: number;
  readonly groups: number;
}

export interface Expected {
  readonly cell: Cell;
  /** How far a result that was computed in doubles may lie beside it. */
  readonly slack: number;
  /** The same for an engine that adds doubles as they come. */
  readonly loose: number;
}

/** Values by column and row, null where one is missing, of texts that all fit. */
export function readColumns(
  rows: CutText["rows"],
  { dialect, columns }: Pick<ScanTable, "dialect" | "columns">,
): Cell[][] {
  return columns.map(({ type, isDeclared }, at) => {
    const rules = {
      decimal: dialect.decimal,
      thousands: dialect.thousands,
      keepsZeros: !isDeclared,
      takesWhole: isDeclared,
    };
    return rows.map((row) => {
      const text = row[at];
      return text === undefined ? null : (readValue(text, type, rules).value ?? null);
    });
  });
}

/** The groups of a request, with the rows of each in a list; columns as in the request, groups in the order of the file. */
export function referenceGroups(
  columns: readonly ScanColumn[],
  values: readonly (readonly Cell[])[],
  request: GroupRequest,
): ReferenceResult {
  const at = (name: string) => columns.findIndex((column) => column.name === name);
  const rows = values[0]?.length ?? 0;
  const groups = new Map<string, number[]>();
  if (request.keys.length === 0) groups.set("", []);
  let matched = 0;
  for (let row = 0; row < rows; row++) {
    const isIn = (request.where ?? []).every((one) =>
      passes(one, (columns[at(one.column)] as ScanColumn).type, values[at(one.column)]?.[row] ?? null),
    );
    if (!isIn) continue;
    matched++;
    const label = request.keys.map((key) => labelOf(values[at(key)]?.[row] ?? null)).join("\0");
    groups.set(label, [...(groups.get(label) ?? []), row]);
  }
  const lists = [...groups.values()];
  const keys = request.keys.map((name) => {
    const { type } = columns[at(name)] as ScanColumn;
    return { name, cells: lists.map((list) => exactly(shown(values[at(name)]?.[list[0] as number] ?? null, type))) };
  });
  const results = request.aggregates.map((one) => ({
    name: one.name,
    cells: lists.map((list) => {
      if (one.column === "*") return exactly(list.length);
      const { type } = columns[at(one.column)] as ScanColumn;
      return aggregate(
        one.fn,
        list.map((row) => values[at(one.column)]?.[row] ?? null),
        type,
      );
    }),
  }));
  return { columns: [...keys, ...results], rows, matched, groups: lists.length };
}

/** Same label, same key: NaN is one key, and so are 0 and -0. */
function labelOf(cell: Cell): string {
  return `${typeof cell}:${String(cell)}`;
}

function exactly(cell: Cell): Expected {
  return { cell, slack: 0, loose: 0 };
}

/** A decimal's value as the number that it is. */
function shown(cell: Cell, type: Kind): Cell {
  if (cell === null || type.kind !== "decimal") return cell;
  return nearestDouble({ top: cell as bigint, bottom: 10n ** BigInt(type.scale) });
}

function aggregate(fn: GroupAggregate["fn"], cells: readonly Cell[], type: Kind): Expected {
  const present = cells.filter((cell) => cell !== null);
  if (fn === "count") return exactly(present.length);
  if (fn === "nunique") return exactly(new Set(present.map(labelOf)).size);
  if (present.length === 0) return exactly(null);
  switch (fn) {
    case "min":
      return exactly(
        shown(
          present.reduce((best, cell) => (compare(cell, best) < 0 ? cell : best)),
          type,
        ),
      );
    case "max":
      return exactly(
        shown(
          present.reduce((best, cell) => (compare(cell, best) > 0 ? cell : best)),
          type,
        ),
      );
    case "first":
      return exactly(shown(present[0] as Cell, type));
    case "last":
      return exactly(shown(present.at(-1) as Cell, type));
    case "any":
      return exactly(present.some((cell) => cell !== 0 && cell !== 0n && cell !== false));
    case "all":
      return exactly(present.every((cell) => cell !== 0 && cell !== 0n && cell !== false));
    default:
      return moment(fn, present, type);
  }
}

/** Sums, means and spreads from sums of whole numbers without bounds. */
function moment(fn: "sum" | "mean" | "var" | "std", present: readonly Value[], type: Kind): Expected {
  if (!["int", "decimal", "double", "bool"].includes(type.kind)) throw new ReferenceFault("no numbers", 0);
  const special = present.filter((value) => typeof value === "number" && !Number.isFinite(value)) as number[];
  const n = BigInt(present.length);
  if ((fn === "var" || fn === "std") && n < 2n) return exactly(null);
  if (special.length > 0) {
    const sum = special.reduce((all, value) => all + value, 0);
    return exactly(fn === "sum" || fn === "mean" ? sum : Number.NaN);
  }
  const unit = type.kind === "double" ? UNITS : type.kind === "decimal" ? 10n ** BigInt(type.scale) : 1n;
  const units = present.map((value) => (type.kind === "double" ? unitsOf(value as number) : BigInt(value as bigint)));
  const sum = units.reduce((all, value) => all + value, 0n);
  const size = nearestDouble({ top: units.reduce((all, value) => all + abs(value), 0n), bottom: unit });
  if (fn === "sum" && type.kind !== "double" && type.kind !== "decimal") return exactly(sum);
  if (fn === "sum") return near({ top: sum, bottom: unit }, type.kind === "double" ? size : 0, size);
  if (fn === "mean") {
    const one = size / present.length;
    const { loose, ...mean } = near({ top: sum, bottom: unit * n }, one, one);
    // Below the least normal number a mean that grows by parts is off by up to a step for each.
    return { ...mean, loose: loose + present.length * Number.MIN_VALUE };
  }
  const squares = units.reduce((all, value) => all + value * value, 0n);
  const variance = { top: n * squares - sum * sum, bottom: n * (n - 1n) * unit * unit };
  const value = nearestDouble(variance);
  const most = nearestDouble({ top: units.reduce((a, b) => (abs(b) > a ? abs(b) : a), 0n), bottom: unit });
  const deviation = Math.sqrt(value);
  // The digits of the spread that large values leave to who computes in doubles.
  const slack =
    fn === "var"
      ? 1e-13 * (value + most * deviation) + 1e-28 * most * most
      : 1e-13 * (deviation + most * 1e-1) + 1e-14 * most;
  return { cell: fn === "var" ? value : deviation, slack, loose: slack * 100 };
}

/** Rounded twice at most, and with what compensation cannot see of the size of what was added. */
function near(exact: Rational, size: number, loose: number): Expected {
  const cell = nearestDouble(exact);
  return { cell, slack: size === 0 ? 0 : Math.abs(cell) * 4.5e-16 + size * 1e-28, loose: loose * 1e-12 };
}

/** NaN is the greatest number, texts are in the order of their bytes. */
export function compare(a: Value, b: Value): number {
  if (typeof a === "string" && typeof b === "string") return Buffer.compare(Buffer.from(a), Buffer.from(b));
  if (Number.isNaN(a) || Number.isNaN(b)) return Number(Number.isNaN(a)) - Number(Number.isNaN(b));
  return a < b ? -1 : a > b ? 1 : 0;
}
