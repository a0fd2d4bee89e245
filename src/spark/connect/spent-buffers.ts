import { collectGarbage, collectYoungest, readMemory } from "../../memory.ts";

/** Bytes of messages after which the youngest objects are collected: half as many save 3 MB, and cost an eighth of a result's processor time. */
const EVERY_BYTES = 2 * 2 ** 20;
/** Bytes of results after which all is. */
const OLD_BYTES = 16 * 2 ** 20;
/** A heap of this size is collected in some ten milliseconds; what a larger one holds is not for us to walk through. */
const SMALL_HEAP_BYTES = 64 * 2 ** 20;
/** A question whose answer has not come by then is no small one, and this process has nothing to do. */
const WAITING_MS = 60;

let spent = 0;
/** Bytes that came since all was collected. Loading the library and the transport left ten megabytes, of use to a result that is large. */
let old = OLD_BYTES;
/** Whether all is to be collected, since another result has begun. */
let isDue = false;

/**
 * Told of bytes that have come, lets the buffers go in which they came. The transport copies each message out of hundreds of small ones,
 * which V8 counts first when they are 64 MB; collecting the youngest objects frees them, in a millisecond.
 */
export function spendBuffers(bytes: number): void {
  old += bytes;
  spent += bytes;
  if (spent < EVERY_BYTES) return;
  spent = 0;
  if (!collectOld()) collectYoungest();
}

/**
 * Told that a result begins, lets those of before go that nobody holds any more, so that the memory of one is enough for both: while the
 * server works, or else with the first megabytes that come.
 */
export function beginResult(): void {
  if (isDue || old < OLD_BYTES) return;
  isDue = true;
  setTimeout(collectOld, WAITING_MS).unref();
}

function collectOld(): boolean {
  if (!isDue) return false;
  isDue = false;
  old = 0;
  if (readMemory().heap > SMALL_HEAP_BYTES) return false;
  collectGarbage();
  return true;
}
