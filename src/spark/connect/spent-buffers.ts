import { collectGarbage, collectYoungest, readMemory } from "../../memory.ts";

/** Bytes of messages after which the youngest objects are collected. */
const EVERY_BYTES = 4 * 2 ** 20;
/** Bytes of results after which all is. */
const OLD_BYTES = 16 * 2 ** 20;
/** A heap of this size is collected in some ten milliseconds; what a larger one holds is not for us to walk through. */
const SMALL_HEAP_BYTES = 64 * 2 ** 20;

let spent = 0;
let old = 0;

/**
 * Told of bytes that have come, lets the buffers go in which they came. The transport copies each message out of hundreds of small ones,
 * which V8 counts first when they are 64 MB; collecting the youngest objects frees them, in a millisecond.
 */
export function spendBuffers(bytes: number): void {
  old += bytes;
  spent += bytes;
  if (spent < EVERY_BYTES) return;
  spent = 0;
  collectYoungest();
}

/** Told that a result begins, lets those of before go that nobody holds any more, so that the memory of one is enough for both. */
export function beginResult(): void {
  if (old < OLD_BYTES || readMemory().heap > SMALL_HEAP_BYTES) return;
  old = 0;
  collectGarbage();
}
