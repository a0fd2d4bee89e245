import type { EngineColumn } from "../../../src/query/engine-table.ts";
import { nearestDouble } from "./exact.ts";
import { type Cell, compare, type Expected } from "./reference.ts";

/** A result of any engine, column by column. */
export interface Found {
  readonly name: string;
  readonly cells: readonly Cell[];
}

export function foundIn(columns: readonly EngineColumn[]): Found[] {
  return columns.map((column) => ({ name: column.name, cells: cellsOf(column) }));
}

/** The values of an engine's column in the words of the reference. */
export function cellsOf({ values, validity, dictionary, type }: EngineColumn): Cell[] {
  const scale = /^decimal\(\d+, (\d+)\)$/.exec(type)?.[1];
  return Array.from(values as ArrayLike<unknown>, (value, row) => {
    const isMissing = validity && (((validity[row >> 3] as number) >> (row & 7)) & 1) === 0;
    if (isMissing || value === null || value === undefined) return null;
    if (dictionary) return dictionary[value as number] ?? null;
    if (type === "bool") return Boolean(value);
    if (scale !== undefined) return nearestDouble({ top: value as bigint, bottom: 10n ** BigInt(scale) });
    return value as Cell;
  });
}

export interface Difference {
  readonly column: string;
  readonly row: number;
  readonly found: unknown;
  readonly expected: unknown;
}

/** The first place in which a result is not what the reference gives, both sorted by their first `keys` columns. */
export function firstDifference(
  found: readonly Found[],
  expected: readonly { readonly name: string; readonly cells: readonly Expected[] }[],
  keys: number,
  slackOf: "slack" | "loose",
): Difference | undefined {
  const names = [found, expected].map((columns) => columns.map(({ name }) => name).join());
  if (names[0] !== names[1]) return { column: "names", row: 0, found: names[0], expected: names[1] };
  const heights = [found, expected].map((columns) => columns[0]?.cells.length ?? 0);
  if (heights[0] !== heights[1]) return { column: "rows", row: 0, found: heights[0], expected: heights[1] };
  const ours = sorted(found.map(({ cells }) => cells).slice(0, keys));
  const theirs = sorted(expected.map(({ cells }) => cells.map(({ cell }) => cell)).slice(0, keys));
  const [rows, wanted] = keys === 0 ? [[...Array(heights[0]).keys()], [...Array(heights[0]).keys()]] : [ours, theirs];
  for (const [i, { name, cells }] of found.entries()) {
    for (const [row, at] of rows.entries()) {
      const cell = cells[at] ?? null;
      const want = expected[i]?.cells[wanted[row] as number] as Expected;
      if (!isSame(cell, want.cell, want[slackOf]))
        return { column: name, row, found: written(cell), expected: written(want.cell) };
    }
  }
  return undefined;
}

function sorted(keys: readonly (readonly Cell[])[]): number[] {
  const order = (a: Cell, b: Cell) =>
    a === null || b === null ? Number(a === null) - Number(b === null) : compare(a, b);
  const byKeys = (a: number, b: number) => {
    for (const cells of keys) {
      const found = order(cells[a] ?? null, cells[b] ?? null);
      if (found !== 0) return found;
    }
    return 0;
  };
  return [...(keys[0] ?? []).keys()].sort(byKeys);
}

function isSame(found: Cell, expected: Cell, slack: number): boolean {
  if (found === null || expected === null) return found === expected;
  const isNumber = (cell: Cell) => typeof cell === "number" || typeof cell === "bigint";
  if (!isNumber(found) || !isNumber(expected)) return found === expected;
  if (Number.isNaN(found) || Number.isNaN(expected)) return Number.isNaN(found) && Number.isNaN(expected);
  // biome-ignore lint/suspicious/noDoubleEquals: a bigint is the number that it is.
  return found == expected || Math.abs(Number(found) - Number(expected)) <= slack;
}

function written(cell: Cell): string {
  return typeof cell === "string" ? JSON.stringify(cell) : `${String(cell)}${typeof cell === "bigint" ? "n" : ""}`;
}
