import { setImmediate as nextTurn } from "node:timers/promises";
import { isSet } from "../../frame/bits.ts";
import { type Column, takeInTurns } from "../../frame/column.ts";
import { columnOfInput } from "../../frame/input.ts";
import type { EngineColumn } from "../../query/engine-table.ts";
import type { QueryPlan } from "../../query/plan.ts";
import { sortedOrder, upTo } from "../order.ts";

/** Values looked at between two turns of the event loop. */
const SLICE = 65_536;

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
      ? upTo(Math.min(rows, limit))
      : await sortedOrder(
          await comparableKeys(order.map(({ name }) => all.find((column) => column.name === name) as Column)),
          rows,
          new Set(order.flatMap(({ isDescending }, i) => (isDescending ? [i] : []))),
        );
  const taken = sorted.subarray(0, Math.min(rows, limit));
  const ordered: EngineColumn[] = [];
  for (const column of all)
    ordered.push({ name: column.name, type: column.type, ...(await takeInTurns(column, taken)) } as EngineColumn);
  return ordered;
}

async function comparableKeys(columns: readonly Column[]): Promise<ArrayLike<unknown>[]> {
  const keys: ArrayLike<unknown>[] = [];
  for (const column of columns) keys.push(await comparable(column));
  return keys;
}

/** Values that `<` compares, with every digit; null where there is none. */
async function comparable({ storage }: Column): Promise<ArrayLike<unknown>> {
  const { values, validity, dictionary } = storage;
  if (validity === undefined && dictionary === undefined) return values;
  const all = new Array<unknown>(values.length);
  for (let i = 0; i < all.length; i++) {
    const value = validity && !isSet(validity, i) ? null : values[i];
    all[i] = value === null || !dictionary ? value : (dictionary[value as number] ?? null);
    if (i % SLICE === SLICE - 1) await nextTurn();
  }
  return all;
}
