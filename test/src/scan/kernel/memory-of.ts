import type { TypedColumn } from "../../../../src/query/engine-table.ts";
import type { Kernel } from "../../../../src/scan/kernel.ts";

/** Copies values into the kernel's memory. The block is never given back: the instance belongs to the test. */
export function put(kernel: Kernel, values: TypedColumn): number {
  const at = room(kernel, values.byteLength);
  kernel.bytes.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), at);
  return at;
}

export function room(kernel: Kernel, bytes: number): number {
  return kernel.calls.alloc(Math.max(bytes, 1));
}

export function bigints(kernel: Kernel, at: number, count: number): bigint[] {
  return Array.from(new BigInt64Array(kernel.bytes.buffer, at, count));
}

export function doubles(kernel: Kernel, at: number, count: number): number[] {
  return Array.from(new Float64Array(kernel.bytes.buffer, at, count));
}

export function uints(kernel: Kernel, at: number, count: number): number[] {
  return Array.from(new Uint32Array(kernel.bytes.buffer, at, count));
}
