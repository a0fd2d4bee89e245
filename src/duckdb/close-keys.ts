import { isSet } from "../frame/bits.ts";
import { columnOfInput } from "../frame/input.ts";
import type { EngineColumn } from "../query/engine-table.ts";
import type { QueryPlan } from "../query/plan.ts";
import type { Aggregate } from "../query/query.ts";
import type { FileStatistics } from "./file-statistics.ts";
import { isInteger } from "./types.ts";

/** Whole numbers so close together that each combination of them can have a place in a table: the engine need not hash them then, nor sort. */
export interface CloseKeys {
  /** As many bits as number the places. */
  readonly bits: number;
  readonly keys: readonly { readonly low: number; readonly span: number }[];
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
  { keys, aggregates, columns }: QueryPlan,
  statistics: FileStatistics | undefined,
  limits: { readonly memoryLimit: number; readonly threads: number },
): CloseKeys | undefined {
  if (statistics === undefined || keys.length === 0) return undefined;
  const types = new Map(columns.map(({ name, type }) => [name, type]));
  const ranges = keys.map(({ name, expression }) =>
    expression === undefined && isInteger(types.get(name) ?? "") ? statistics.ranges.get(name) : undefined,
  );
  if (!ranges.every((range) => range !== undefined && Number.isSafeInteger(range.high - range.low))) return undefined;
  const places = ranges.map((range) => ({ low: range?.low ?? 0, span: (range?.high ?? 0) - (range?.low ?? 0) + 1 }));
  // The engine has a place for null, and one that it leaves empty.
  const bits = places.reduce((sum, { span }) => sum + Math.ceil(Math.log2(span + 2)), 0);
  const isSmall = aggregates.every(
    ({ fn, column }) => fn in STATE && !/^(str|category|object)/.test(types.get(column) ?? ""),
  );
  const state = aggregates.reduce((sum, { fn }) => sum + (STATE[fn] ?? 0), 8);
  const most = Math.min(statistics.rows, (SHARE * limits.memoryLimit) / (limits.threads * state));
  return isSmall && 2 ** bits <= most ? { bits, keys: places } : undefined;
}

/** Groups in the order of their keys, null last, however they come; undefined where a key lies outside of what was said of it. */
export function inOrderOfKeys(
  columns: readonly EngineColumn[],
  rows: number,
  { keys }: CloseKeys,
): readonly EngineColumn[] | undefined {
  const places = new Uint32Array(rows);
  for (const [i, { low, span }] of keys.entries())
    if (!addPlaces(places, columns[i] as EngineColumn, low, span)) return undefined;
  if (isAscending(places)) return columns;
  const size = keys.reduce((product, { span }) => product * (span + 1), 1);
  const rowAt = new Uint32Array(size);
  for (let row = 0; row < rows; row++) rowAt[places[row] as number] = row + 1;
  const order = rowAt.filter((row) => row > 0).map((row) => row - 1);
  if (order.length !== rows) return undefined;
  return columns.map((column) => {
    const { name, type, storage } = columnOfInput(column).take(order);
    return { name, type, ...storage } as EngineColumn;
  });
}

/** The place of each row by one more key. */
function addPlaces(places: Uint32Array, { values, validity }: EngineColumn, low: number, span: number): boolean {
  // Of 64 bits the lower half says all: keys are closer together than that.
  const words =
    values instanceof BigInt64Array || values instanceof BigUint64Array
      ? new Int32Array(values.buffer, values.byteOffset, values.length * 2)
      : undefined;
  const start = words ? Number(BigInt.asIntN(32, BigInt(low))) : low;
  for (let row = 0; row < places.length; row++) {
    const isThere = !validity || isSet(validity, row);
    const place = isThere ? ((words ? (words[2 * row] as number) : (values[row] as number)) - start) >>> 0 : span;
    if (isThere && place >= span) return false;
    places[row] = (places[row] as number) * (span + 1) + place;
  }
  return true;
}

function isAscending(places: Uint32Array): boolean {
  for (let row = 1; row < places.length; row++)
    if ((places[row - 1] as number) >= (places[row] as number)) return false;
  return true;
}
