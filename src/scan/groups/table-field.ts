import type { Stepwise } from "../../stepwise.ts";
import { Arena } from "../arena.ts";
import type { Kernel } from "../kernel.ts";

/** Records that are copied together: so few that they are still in a core's cache when their next field is. */
const AT_ONCE = 4096;

/** Some of a table's records: from a number to the one before another, where the places of those that have no number count on. */
export interface RecordRange {
  readonly from: number;
  readonly to: number;
}

export function allRecords(kernel: Kernel, table: number): RecordRange {
  return { from: 1, to: kernel.calls.tableMost(table) + 1 };
}

/** Copies of eight bytes at the same places of each record of a kernel table, in the order of the records' numbers. */
export function* copyFields(
  kernel: Kernel,
  table: number,
  places: readonly number[],
  range = allRecords(kernel, table),
): Stepwise<BigInt64Array<ArrayBuffer>[]> {
  const { calls } = kernel;
  const size = calls.tableCount(table, range.from, range.to);
  const fields = places.map(() => new BigInt64Array(size));
  const arena = new Arena(kernel);
  const out = arena.take(AT_ONCE * 8);
  // Of the places some are empty.
  for (let [from, done] = [range.from, 0]; done < size; from += AT_ONCE) {
    let count = 0;
    for (const [i, at] of places.entries()) {
      count = calls.tableField(table, at, from, Math.min(from + AT_ONCE, range.to), out);
      (fields[i] as BigInt64Array).set(new BigInt64Array(kernel.bytes.buffer, out, count), done);
    }
    done += count;
    yield;
  }
  arena.free();
  return fields;
}

/** The same of records in pages whose codes (u32) lie at an address. */
export function copyFieldsAt(
  kernel: Kernel,
  table: number,
  places: readonly number[],
  codes: number,
  count: number,
): BigInt64Array<ArrayBuffer>[] {
  const fields = places.map(() => new BigInt64Array(count));
  const arena = new Arena(kernel);
  const out = arena.take(AT_ONCE * 8);
  for (let from = 0; from < count; from += AT_ONCE) {
    const some = Math.min(AT_ONCE, count - from);
    for (const [i, at] of places.entries()) {
      kernel.calls.tableFieldAt(table, at, codes + 4 * from, some, out);
      (fields[i] as BigInt64Array).set(new BigInt64Array(kernel.bytes.buffer, out, some), from);
    }
  }
  arena.free();
  return fields;
}

/** A copy of the records' keys. */
export function* copyKeys(kernel: Kernel, table: number): Stepwise<BigInt64Array<ArrayBuffer>> {
  return (yield* copyFields(kernel, table, [0]))[0] as BigInt64Array<ArrayBuffer>;
}
