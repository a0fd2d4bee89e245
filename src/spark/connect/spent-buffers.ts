import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

type Collect = (options: { readonly type: "minor" }) => void;

const EVERY_BYTES = 4 * 2 ** 20;
let spent = 0;
let collect: Collect | undefined;

/**
 * Told of bytes that have come, lets the buffers go in which they came. The transport copies each message out of hundreds of small ones,
 * which V8 counts first when they are 64 MB; collecting the youngest objects frees them, in a millisecond.
 */
export function spendBuffers(bytes: number): void {
  spent += bytes;
  if (spent < EVERY_BYTES) return;
  spent = 0;
  collect ??= collector();
  collect({ type: "minor" });
}

/** V8 gives its collector to contexts that are made while the flag is set; nobody else sees it. */
function collector(): Collect {
  setFlagsFromString("--expose-gc");
  try {
    return runInNewContext("gc") as Collect;
  } finally {
    setFlagsFromString("--no-expose-gc");
  }
}
