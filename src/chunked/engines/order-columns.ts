import { isSet } from "../../frame/bits.ts";
import type { Column } from "../../frame/column.ts";
import { columnOfInput } from "../../frame/input.ts";
import type { EngineColumn } from "../../query/engine-table.ts";
import type { QueryPlan } from "../../query/plan.ts";
import { sortedOrder } from "../order.ts";

/** Rows of a result in the order of their keys, in the order and number that the plan asks for. */
export async function orderColumns(
  columns: readonly EngineColumn[],
  { order, limit = Number.POSITIVE_INFINITY }: Pick<QueryPlan, "order" | "limit">,
): Promise<readonly EngineColumn[]> {
  const rows = columns[0]?.values.length ?? 0;
  if (order.length === 0 && rows <= limit) return columns;
  const all = columns.map(columnOfInput);
  const sorted =
    order.length === 0
      ? Uint32Array.from({ length: Math.min(rows, limit) }, (_, i) => i)
      : await sortedOrder(
          order.map(({ name }) => comparable(all.find((column) => column.name === name) as Column)),
          rows,
          new Set(order.flatMap(({ isDescending }, i) => (isDescending ? [i] : []))),
        );
  const taken = sorted.subarray(0, Math.min(rows, limit));
  return all.map((column) => {
    const { name, type, storage } = column.take(taken);
    return { name, type, ...storage } as EngineColumn;
  });
}

/** Values that `<` compares, with every digit; null where there is none. */
function comparable({ storage }: Column): ArrayLike<unknown> {
  const { values, validity, dictionary } = storage;
  if (validity === undefined && dictionary === undefined) return values;
  return Array.from(values as ArrayLike<unknown>, (value, i) => {
    if (validity && !isSet(validity, i)) return null;
    return dictionary ? (dictionary[value as number] ?? null) : value;
  });
}
