import type { Kernel } from "../kernel.ts";
import { noMemory } from "../refused.ts";

/** A copy of eight bytes at the same place of each record of a kernel table, in the order of the records' numbers. */
export function fieldOf(kernel: Kernel, table: number, at: number): BigInt64Array<ArrayBuffer> {
  const { calls } = kernel;
  const size = calls.tableSize(table);
  const out = calls.alloc(Math.max(size, 1) * 8) >>> 0;
  if (out === 0) throw noMemory("the groups");
  calls.tableField(table, at, 8, out);
  const copy = new BigInt64Array(size);
  copy.set(new BigInt64Array(kernel.bytes.buffer, out, size));
  calls.free(out);
  return copy;
}

/** A copy of the records' keys. */
export function keysOf(kernel: Kernel, table: number): BigInt64Array<ArrayBuffer> {
  return fieldOf(kernel, table, 0);
}
