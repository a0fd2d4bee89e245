import type { DuckdbSession } from "../duckdb/session.ts";
import { isSet } from "../frame/bits.ts";
import type { ProgressListener } from "../progress.ts";
import type { EngineTable } from "../query/engine-table.ts";
import type { ColumnFacts } from "./facts.ts";
import { factsOf, judge, operationOf, type PassColumn, type PassResult } from "./pass-facts.ts";
import { passSql } from "./pass-sql.ts";

type Found = ReadonlyMap<string, number | string | null>;

/** Each column takes about a megabyte while it is measured, so that very wide data are read in several passes. */
const MOST_AT_ONCE = 250;
/** Later rounds may keep all different values of a column. */
const MOST_EXACT_AT_ONCE = 40;

/**
 * Reads all of the data once, wide data some columns at a time; what did not fit its kind, or needs an exact figure after all, is read again in further rounds, and
 * only those columns.
 */
export async function runPass(
  session: DuckdbSession,
  scan: string,
  columns: readonly PassColumn[],
  onProgress?: ProgressListener,
): Promise<PassResult> {
  const facts: (ColumnFacts | undefined)[] = columns.map(() => undefined);
  let todo = columns.map((column, at) => ({ column, at }));
  let [rows, rounds] = [0, 0];
  do {
    const operation = operationOf(rounds, todo.length);
    const again: typeof todo = [];
    for (const part of batches(todo, rounds === 0 ? MOST_AT_ONCE : MOST_EXACT_AT_ONCE)) {
      const measures = part.map(({ column }) => column.measure);
      const found = firstRow(await session.query(passSql(measures, scan), { operation, onProgress }));
      rows = Number(found.get("n") ?? 0);
      for (const [i, { column, at }] of part.entries()) {
        const get = (what: string) => found.get(`${what}_${i}`) ?? null;
        const next = judge(column, get);
        if (next) again.push({ column: next, at });
        else facts[at] = factsOf(column, get, rows);
      }
    }
    todo = again;
    rounds++;
  } while (todo.length > 0);
  return { rows, facts: facts as ColumnFacts[], rounds };
}

/** No columns still make one batch, which counts the rows. */
function batches<T>(all: readonly T[], most: number): T[][] {
  const count = Math.max(1, Math.ceil(all.length / most));
  return Array.from({ length: count }, (_, i) => all.slice(i * most, (i + 1) * most));
}

function firstRow({ columns }: EngineTable): Found {
  return new Map(
    columns.map(({ name, values, validity, dictionary }) => {
      if (validity && !isSet(validity, 0)) return [name, null];
      const value = values[0] as number | string;
      return [name, dictionary ? (dictionary[value as number] ?? null) : value];
    }),
  );
}
