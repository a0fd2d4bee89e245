import { isSet } from "../frame/bits.ts";
import { columnOfInput } from "../frame/input.ts";
import type { EngineColumn } from "../query/engine-table.ts";
import type { QueryPlan } from "../query/plan.ts";
import type { Aggregate } from "../query/query.ts";
import { wrongFooter } from "./failures.ts";
import type { FileStatistics } from "./file-statistics.ts";
import { type ToldKey, toldKeys } from "./told-keys.ts";

/** Whole numbers so close together that each combination of them can have a place in a table: the engine need not hash them then, nor sort. */
export interface CloseKeys {
  /** As many bits as number the places. */
  readonly bits: number;
  readonly keys: readonly ToldKey[];
}

/** Bytes that a group's state takes at its most. Aggregates that are not named keep more than that, or cannot be put in a table. */
const STATE: Partial<Record<Aggregate["fn"], number>> = {
  count: 8,
  sum: 48,
  mean: 56,
  min: 32,
  max: 32,
  var: 48,
  std: 48,
  any: 16,
  all: 16,
};
/** Of the memory limit, for the tables of all threads: the engine does not count them. */
const SHARE = 1 / 4;

/** Each key's range where footers tell it, and tables of it are small beside the memory limit and beside the rows. */
export function closeKeys(
  plan: QueryPlan,
  statistics: FileStatistics | undefined,
  limits: { readonly memoryLimit: number; readonly threads: number },
): CloseKeys | undefined {
  const { aggregates, columns } = plan;
  const keys = toldKeys(plan, statistics);
  if (statistics === undefined || keys.length === 0 || !keys.every((key) => key !== undefined)) return undefined;
  const types = new Map(columns.map(({ name, type }) => [name, type]));
  // The engine has a place for null, and one that it leaves empty.
  const bits = keys.reduce((sum, key) => sum + Math.ceil(Math.log2(spanOf(key) + 2)), 0);
  const isSmall = aggregates.every(
    ({ fn, column }) => fn in STATE && !/^(str|category|object)/.test(types.get(column) ?? ""),
  );
  const state = aggregates.reduce((sum, { fn }) => sum + (STATE[fn] ?? 0), 8);
  const most = Math.min(statistics.rows, (SHARE * limits.memoryLimit) / (limits.threads * state));
  return isSmall && 2 ** bits <= most ? { bits, keys } : undefined;
}

/** How many values there may be. */
export function spanOf({ low, high }: ToldKey): number {
  return high - low + 1;
}

/**
 * Groups in the order of their keys, null last, however they come.
 *
 * @throws {DataError} E_WRONG_FOOTER where a key lies outside of what was said of it
 */
export function inOrderOfKeys(
  columns: readonly EngineColumn[],
  rows: number,
  { keys }: CloseKeys,
): readonly EngineColumn[] {
  const places = new Uint32Array(rows);
  for (const [i, key] of keys.entries()) addPlaces(places, columns[i] as EngineColumn, key);
  if (isAscending(places)) return columns;
  const rowAt = new Uint32Array(keys.reduce((product, key) => product * (spanOf(key) + 1), 1));
  for (let row = 0; row < rows; row++) rowAt[places[row] as number] = row + 1;
  const order = rowAt.filter((row) => row > 0).map((row) => row - 1);
  if (order.length !== rows) throw wrongFooter();
  return columns.map((column) => {
    const { name, type, storage } = columnOfInput(column).take(order);
    return { name, type, ...storage } as EngineColumn;
  });
}

/** The place of each row by one more key. */
function addPlaces(places: Uint32Array, column: EngineColumn, key: ToldKey): void {
  const span = spanOf(key);
  const aboveLow = distances(column, key.low);
  const { validity } = column;
  for (let row = 0; row < places.length; row++) {
    const isThere = !validity || isSet(validity, row);
    const place = isThere ? aboveLow(row) : span;
    if (isThere ? !(place >= 0 && place < span) : !key.hasNull) throw wrongFooter();
    places[row] = (places[row] as number) * (span + 1) + place;
  }
}

/** How far the value of a row is above the least; those of 64 bits in halves, which are ten times as fast as bigints. */
function distances({ values }: EngineColumn, low: number): (row: number) => number {
  if (!(values instanceof BigInt64Array || values instanceof BigUint64Array))
    return (row) => (values[row] as number) - low;
  const halves = new Int32Array(values.buffer, values.byteOffset, values.length * 2);
  const high = Math.floor(low / 2 ** 32);
  const rest = low - high * 2 ** 32;
  return (row) => ((halves[2 * row + 1] as number) - high) * 2 ** 32 + ((halves[2 * row] as number) >>> 0) - rest;
}

function isAscending(places: Uint32Array): boolean {
  for (let row = 1; row < places.length; row++)
    if ((places[row - 1] as number) >= (places[row] as number)) return false;
  return true;
}
