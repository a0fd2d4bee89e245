import type { Cell, Dataset } from "./datasets.ts";

interface Wanted {
  readonly columns: string[];
  readonly rows: Cell[][];
  /** How large what was added is, where a result may differ by 1e-12 of it. */
  readonly scales: (number | undefined)[][];
}

/** The aggregate as one would write it on paper: all rows of each group in a list. */
export function reference(
  data: Dataset,
  by: readonly string[],
  aggregates: readonly { readonly column: string; readonly fn: string }[],
): Wanted {
  const at = (name: string) => data.columns.findIndex((column) => column.name === name);
  const groups = new Map<string, { keys: Cell[]; rows: (readonly Cell[])[] }>();
  if (by.length === 0) groups.set("", { keys: [], rows: [] });
  for (const row of data.rows) {
    const keys = by.map((name) => row[at(name)] as Cell);
    const label = keys.map((key) => `${typeof key}:${key instanceof Date ? key.getTime() : String(key)}`).join("\0");
    const group = groups.get(label) ?? { keys, rows: [] };
    group.rows.push(row);
    groups.set(label, group);
  }
  const sorted = [...groups.values()].sort((a, b) => compareAll(a.keys, b.keys));
  const made = sorted.map(({ keys, rows }) => [
    ...keys.map((key) => ({ value: key, scale: undefined })),
    ...aggregates.map(({ column, fn }) =>
      column === "*"
        ? { value: rows.length, scale: undefined }
        : aggregate(
            fn,
            rows.map((row) => row[at(column)] as Cell),
          ),
    ),
  ]);
  return {
    columns: [...by, ...aggregates.map(({ column, fn }) => (column === "*" ? "count" : `${column}_${fn}`))],
    rows: made.map((row) => row.map(({ value }) => value)),
    scales: made.map((row) => row.map(({ scale }) => scale)),
  };
}

function aggregate(fn: string, cells: readonly Cell[]): { value: Cell; scale: number | undefined } {
  const present = cells.filter((cell) => cell !== null);
  const exact = (value: Cell) => ({ value, scale: undefined });
  if (fn === "count") return exact(present.length);
  if (fn === "nunique")
    return exact(new Set(present.map((cell) => (cell instanceof Date ? cell.getTime() : cell))).size);
  if (present.length === 0) return exact(null);
  if (fn === "min" || fn === "max") {
    const sorted = [...present].sort(compare);
    return exact((fn === "min" ? sorted[0] : sorted.at(-1)) as Cell);
  }
  if (fn === "any") return exact(present.some(Boolean));
  if (fn === "all") return exact(present.every(Boolean));
  if (fn === "sum" && present.some((cell) => typeof cell === "bigint"))
    return exact(present.reduce<bigint>((sum, cell) => sum + BigInt(cell as bigint), 0n));
  const numbers = present.map(Number);
  const size = numbers.reduce((sum, value) => sum + Math.abs(value), 0);
  const sum = neumaier(numbers);
  if (fn === "sum") return { value: sum, scale: size };
  const mean = sum / numbers.length;
  if (fn === "mean") return { value: mean, scale: size / numbers.length };
  if (fn === "median") {
    const sorted = [...numbers].sort((a, b) => compare(a, b));
    const middle = (sorted.length - 1) / 2;
    const [low, high] = [sorted[Math.floor(middle)] as number, sorted[Math.ceil(middle)] as number];
    return { value: (low + high) / 2, scale: Math.abs(low) + Math.abs(high) };
  }
  if (numbers.length < 2) return exact(null);
  if (numbers.some((value) => !Number.isFinite(value))) return exact(Number.NaN);
  const variance = neumaier(numbers.map((value) => (value - mean) ** 2)) / (numbers.length - 1);
  const spread = numbers.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  // The digits of the deviation that large values leave.
  if (fn === "var") return { value: variance, scale: variance + spread * Math.sqrt(variance) + spread ** 2 * 1e-3 };
  return { value: Math.sqrt(variance), scale: Math.sqrt(variance) + spread };
}

function neumaier(numbers: readonly number[]): number {
  let [sum, lost] = [0, 0];
  for (const value of numbers) {
    const next = sum + value;
    lost += Math.abs(sum) >= Math.abs(value) ? sum - next + value : value - next + sum;
    sum = next;
  }
  return sum + lost;
}

function compareAll(a: readonly Cell[], b: readonly Cell[]): number {
  for (const [i, key] of a.entries()) {
    const order = compare(key, b[i] as Cell);
    if (order !== 0) return order;
  }
  return 0;
}

/** Null last, NaN after every number, texts by code point. */
function compare(a: Cell, b: Cell): number {
  if (a === null || b === null) return Number(a === null) - Number(b === null);
  if (typeof a === "string" && typeof b === "string") return Buffer.compare(Buffer.from(a), Buffer.from(b));
  const [x, y] = [a, b] as [number, number];
  if (Number.isNaN(x) || Number.isNaN(y)) return Number(Number.isNaN(x)) - Number(Number.isNaN(y));
  return x < y ? -1 : x > y ? 1 : 0;
}
