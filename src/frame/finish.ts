import { bitsWhere } from "./bits.ts";
import { Column } from "./column.ts";
import { inferType, packValues } from "./infer.ts";
import { packMoments } from "./moments.ts";
import { NOTHING, type PartialAggregate, type PartialKey, type PartialState } from "./partial.ts";
import { parseType, type TypeInfo } from "./types.ts";

/** The result column of a key. */
export function keyColumn({ name, type, values }: PartialKey): Column {
  return plainColumn(name, type, values);
}

/**
 * The result column of an aggregate: sums of integers are integers (bigint beyond 2^53), of only nulls null; a mean or a sum of
 * others is float64; var and std are null below two values.
 */
export function finishAggregate({ name, type, state }: PartialAggregate): Column {
  switch (state.fn) {
    case "sum":
      return sumColumn(name, type, state);
    case "mean":
      return floats(name, state.n, 1, (i) => total(state, i) / (state.n[i] as number));
    case "count":
      return new Column(name, "int64", state.n.length, { values: new Float64Array(state.n) });
    case "var":
    case "std":
      return floats(name, state.n, 2, (i) => spread(state, i));
    case "nunique":
      return new Column(name, "int64", state.sets.length, { values: Float64Array.from(state.sets, (set) => set.size) });
    case "any":
    case "all":
      return plainColumn(name, "bool", state.values);
    case "min":
    case "max":
      return plainColumn(name, type, state.values);
  }
}

/** The type of `finishAggregate`'s column, known before it is made. */
export function finishedType({ type, state }: PartialAggregate): string {
  if (state.fn === "count" || state.fn === "nunique") return "int64";
  if (state.fn === "any" || state.fn === "all") return "bool";
  const family = familyOf(type);
  if (state.fn === "sum" && (family === "int" || family === "bool")) return "int64";
  if (state.fn !== "min" && state.fn !== "max") return "float64";
  if (family === "decimal") return "float64";
  return family === "category" || family === "other" ? inferType(Array.from(state.values)) : type;
}

type SumState = Extract<PartialState, { fn: "sum" | "mean" }>;

function total({ high, low }: SumState, i: number): number {
  return (high[i] as number) + (low ? (low[i] as number) : 0);
}

function sumColumn(name: string, type: string, state: SumState): Column {
  const { n, high, low } = state;
  const family = familyOf(type);
  const sums = floats(name, n, 1, (i) => total(state, i));
  if (family !== "int" && family !== "bool") return sums;
  const { values, validity } = sums.storage;
  if ((values as Float64Array).every(Number.isSafeInteger))
    return new Column(name, "int64", n.length, { values, validity });
  const exact = Array.from(n, (count, i) =>
    count === 0 ? null : BigInt(high[i] as number) + BigInt(low ? (low[i] as number) : 0),
  );
  return new Column(name, "int64", n.length, () => packValues("int64", exact));
}

function spread({ fn, n, m2 }: Extract<PartialState, { fn: "var" | "std" }>, i: number): number {
  const variance = (m2[i] as number) / ((n[i] as number) - 1);
  return fn === "std" ? Math.sqrt(variance) : variance;
}

/** A float64 column that is null where a group has fewer than `least` values. */
function floats(name: string, n: ArrayLike<number>, least: number, valueAt: (i: number) => number): Column {
  const values = new Float64Array(n.length);
  for (let i = 0; i < values.length; i++) if ((n[i] as number) >= least) values[i] = valueAt(i);
  return new Column(name, "float64", n.length, {
    values,
    validity: bitsWhere(n.length, (i) => (n[i] as number) >= least),
  });
}

/** Plain values under their own type again, as far as plain values tell it. */
function plainColumn(name: string, type: string, values: ArrayLike<unknown>): Column {
  const family = familyOf(type);
  if (family === "timestamp" || family === "date")
    return new Column(name, type, values.length, () => packMoments(type, values));
  if (values instanceof Float64Array && (family === "int" || family === "float"))
    return new Column(name, type, values.length, { values });
  const array = Array.from(values);
  const known =
    family === "decimal" ? "float64" : family === "category" || family === "other" ? inferType(array) : type;
  return new Column(name, known, array.length, () => packValues(known, array));
}

function familyOf(type: string): TypeInfo["family"] {
  return type === NOTHING ? "other" : parseType(type).family;
}
