import type { Kernel } from "../kernel.ts";
import { ScanRefused } from "../refused.ts";

/** An address or handle that a kernel function made, refused when there was no memory for it. */
export function made(handle: number, what: string): number {
  if (handle === 0) throw new ScanRefused("memory", `no memory for ${what} within the scanner's limit`);
  return handle >>> 0;
}

/** A copy of kernel memory in a buffer of its own, which can be sent to another thread. */
export function copyOut(kernel: Kernel, address: number, bytes: number): Uint8Array<ArrayBuffer> {
  return kernel.bytes.slice(address, address + bytes) as Uint8Array<ArrayBuffer>;
}

/** Numbers of 8 bytes as they lie in kernel memory. */
export function copyWords(kernel: Kernel, address: number, count: number): BigUint64Array<ArrayBuffer> {
  return new BigUint64Array(copyOut(kernel, address, count * 8).buffer);
}

const HALF = 2 ** 32;

/** Words of 64 bits as their lower and upper halves. */
export function halvesOf({ buffer, byteOffset, length }: BigUint64Array<ArrayBuffer>): Uint32Array<ArrayBuffer> {
  return new Uint32Array(buffer, byteOffset, length * 2);
}

/** The nearest number to a word of 64 bits, without a bigint. */
export function wordAt(halves: Uint32Array, index: number): number {
  return (halves[2 * index + 1] as number) * HALF + (halves[2 * index] as number);
}

/** The same of a word with a sign. */
export function signedAt(halves: Uint32Array, index: number): number {
  return ((halves[2 * index + 1] as number) | 0) * HALF + (halves[2 * index] as number);
}

/** Writes an array into kernel memory. */
export function copyIn(kernel: Kernel, address: number, { buffer, byteOffset, byteLength }: ArrayBufferView): void {
  kernel.bytes.set(new Uint8Array(buffer, byteOffset, byteLength), address);
}
