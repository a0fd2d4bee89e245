import { aggregate, type ColumnAggregate } from "./aggregate.ts";
import type { Column } from "./column.ts";
import type { PartialAggregate } from "./partial.ts";
import { parseType } from "./types.ts";

export const REDUCTIONS = ["sum", "mean", "min", "max", "count", "std", "var"] as const satisfies ColumnAggregate[];
export type Reduction = (typeof REDUCTIONS)[number];

/** Whether a reduction can run on the column with Danfo's own result. */
export function canReduce(column: Column, fn: Reduction): boolean {
  const { view } = column;
  return fn === "count" || (view.kind === "number" && !view.date) || view.kind === "bool" || view.kind === "bigint";
}

/** The state of a reduction as Danfo defines it: null and NaN take no part. */
export function reduce(column: Column, fn: Reduction): PartialAggregate {
  const state = aggregate(fn, { view: numbersOf(column.view), groups: 1, length: column.length, skipNan: true });
  const { name, type } = column;
  return { name: `${name}_${fn}`, column: name, type, state };
}

/** Danfo counts true as 1. */
function numbersOf(view: Column["view"]): Column["view"] {
  return view.kind === "bool" ? { kind: "number", values: view.values, bits: view.bits } : view;
}

/**
 * The value of a reduction: NaN where there is nothing to reduce (0 for a sum and a count), 0 for the spread of one value, as
 * Danfo has it; a bigint where the sum or the extreme of bigints is one.
 */
export function reducedValue({ type, state }: PartialAggregate): number | bigint {
  switch (state.fn) {
    case "sum": {
      const sum = (state.high[0] as number) + (state.low?.[0] ?? 0);
      if (Number.isSafeInteger(sum) || parseType(type).family !== "int") return sum;
      return BigInt(state.high[0] as number) + BigInt(state.low?.[0] ?? 0);
    }
    case "mean":
      return ((state.high[0] as number) + (state.low?.[0] ?? 0)) / (state.n[0] as number);
    case "count":
      return state.n[0] as number;
    case "var":
    case "std": {
      const n = state.n[0] as number;
      const variance = n === 0 ? Number.NaN : n === 1 ? 0 : (state.m2[0] as number) / (n - 1);
      return state.fn === "std" ? Math.sqrt(variance) : variance;
    }
    default:
      return "values" in state ? ((state.values[0] ?? Number.NaN) as number | bigint) : Number.NaN;
  }
}
