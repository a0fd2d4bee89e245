import { collectGarbage, collectYoungest, readMemory } from "../../memory.ts";

/** Bytes of messages after which the youngest objects are collected: half as many save 3 MB, and cost an eighth of a result's processor time. */
const EVERY_BYTES = 2 * 2 ** 20;
/** Bytes of results after which all is. */
const OLD_BYTES = 16 * 2 ** 20;
/** A heap of this size is collected in some ten milliseconds; what a larger one holds is not for us to walk through. */
const SMALL_HEAP_BYTES = 64 * 2 ** 20;

let spent = 0;
let old = 0;
/** Whether what loading the library and the transport left is collected: ten megabytes, of use to a result that is large. */
let isTidy = false;

/**
 * Told of bytes that have come, lets the buffers go in which they came. The transport copies each message out of hundreds of small ones,
 * which V8 counts first when they are 64 MB; collecting the youngest objects frees them, in a millisecond.
 */
export function spendBuffers(bytes: number): void {
  old += bytes;
  spent += bytes;
  if (spent < EVERY_BYTES) return;
  spent = 0;
  if (isTidy || !isHeapSmall()) return collectYoungest();
  isTidy = true;
  collectGarbage();
}

/** Told that a result begins, lets those of before go that nobody holds any more, so that the memory of one is enough for both. */
export function beginResult(): void {
  if (old < OLD_BYTES || !isHeapSmall()) return;
  old = 0;
  collectGarbage();
}

function isHeapSmall(): boolean {
  return readMemory().heap <= SMALL_HEAP_BYTES;
}
