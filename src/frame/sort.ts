import { compareValues } from "./compare-values.ts";
import { isNullAt, type View } from "./view.ts";

/** The order of some rows by their keys: ascending, NaN after every number, null last. Rows of equal keys keep their order. */
export function sortRows(keys: readonly View[], rows: Uint32Array): Uint32Array {
  const [only] = keys;
  if (keys.length === 1 && only?.kind === "number") return sortNumbers(only, rows);
  const compares = keys.map(comparison);
  const order = Uint32Array.from(rows, (_, i) => i);
  return order.sort((a, b) => {
    for (const compare of compares) {
      const result = compare(rows[a] as number, rows[b] as number);
      if (result !== 0) return result;
    }
    return a - b;
  });
}

/** One numeric key, the usual one: its values are lifted out so that the comparison touches nothing else. */
function sortNumbers(view: Extract<View, { kind: "number" }>, rows: Uint32Array): Uint32Array {
  const values = Float64Array.from(rows, (row) => (isNullAt(view, row) ? Number.NaN : (view.values[row] as number)));
  const isNull = view.bits ? Uint8Array.from(rows, (row) => (isNullAt(view, row) ? 1 : 0)) : undefined;
  const order = Uint32Array.from(rows, (_, i) => i);
  return order.sort((a, b) => {
    const difference = (values[a] as number) - (values[b] as number);
    if (difference < 0 || difference > 0) return difference;
    if (values[a] === values[b]) return a - b;
    const rank = (i: number) => (isNull?.[i] === 1 ? 2 : Number.isNaN(values[i]) ? 1 : 0);
    return rank(a) - rank(b) || a - b;
  });
}

function comparison(view: View): (a: number, b: number) => number {
  const { values } = view;
  const read: (i: number) => unknown =
    view.kind === "codes" ? (i) => view.dictionary[view.values[i] as number] : (i) => values[i];
  return (a, b) => {
    const nulls = Number(isNullAt(view, a)) - Number(isNullAt(view, b));
    return nulls !== 0 || isNullAt(view, a) ? nulls : compareValues(read(a), read(b));
  };
}
