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

/** Words of 64 bits as the nearest numbers, without a bigint for each. */
export function numbersOf(words: BigUint64Array<ArrayBuffer>, isSigned: boolean): Float64Array<ArrayBuffer> {
  const low = new Uint32Array(words.buffer, words.byteOffset, words.length * 2);
  const high = isSigned ? new Int32Array(words.buffer, words.byteOffset, words.length * 2) : low;
  const numbers = new Float64Array(words.length);
  for (let i = 0; i < numbers.length; i++) numbers[i] = (high[2 * i + 1] as number) * HALF + (low[2 * i] as number);
  return numbers;
}

/** Writes an array into kernel memory. */
export function copyIn(kernel: Kernel, address: number, { buffer, byteOffset, byteLength }: ArrayBufferView): void {
  kernel.bytes.set(new Uint8Array(buffer, byteOffset, byteLength), address);
}
