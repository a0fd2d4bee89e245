import { MemoryLimitError } from "../errors.ts";
import type { EngineColumn, EngineTable } from "../query/engine-table.ts";
import type { AggregateOptions } from "./aggregate-table.ts";
import { type Attempt, answerOf, type Question } from "./attempt.ts";
import { inOrderOfKeys, spanOf } from "./close-keys.ts";

/** Groups in their order, and the rows that went into them. */
type Groups = EngineTable & { readonly inputRows: number };

/**
 * The groups of close keys, put in their order here: there are not many, so that no table keeps them and nothing is sorted. Undefined where
 * the query wants another order, or the engine has no room for it.
 */
export async function groupsOfCloseKeys(
  question: Question,
  { onProgress }: AggregateOptions,
): Promise<Groups | undefined> {
  const { session, plan, close } = question;
  if (!close || plan.order.length > 0 || plan.limit !== undefined) return undefined;
  const places = close.keys.reduce((product, key) => product * spanOf(key), 1);
  const options = { operation: "aggregate", onProgress, sourceTypes: plan.dtype, rows: places };
  const ask = async (sql: string): Promise<Attempt<Groups>> => {
    const { columns: read, rows } = await session.query(sql, options);
    const notFinite = new Set(read.filter(hasOdd).map(({ name }) => name));
    const inputRows = totalOf(read.at(-1)?.values as BigInt64Array);
    const columns = inOrderOfKeys(read.slice(0, -1), rows, close);
    return { value: { columns, rows, inputRows }, notFinite };
  };
  try {
    return await answerOf({ ...question, isUnordered: true }, ask);
  } catch (failure) {
    if (failure instanceof MemoryLimitError) return undefined;
    throw failure;
  }
}

/** NaN or an infinity among doubles: nothing times any other number is nothing. */
function hasOdd({ values }: EngineColumn): boolean {
  if (!(values instanceof Float64Array)) return false;
  let nothing = 0;
  for (let row = 0; row < values.length; row++) nothing += (values[row] as number) * 0;
  return nothing !== 0;
}

/** Of counts, in halves: ten times as fast as with bigints. */
function totalOf(counts: BigInt64Array): number {
  const halves = new Uint32Array(counts.buffer, counts.byteOffset, counts.length * 2);
  let [low, high] = [0, 0];
  for (let i = 0; i < halves.length; i += 2) {
    low += halves[i] as number;
    high += halves[i + 1] as number;
  }
  return high * 2 ** 32 + low;
}
