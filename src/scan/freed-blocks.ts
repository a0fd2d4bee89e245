import { MessageChannel } from "node:worker_threads";

/** Larger than the arrays of a chunk as a rule. */
const KEPT_BYTES = 4 * 2 ** 20;

let isKeeping = false;

/**
 * Lets the C library keep freed blocks of up to 4 MiB for those that come after them. glibc gives what is larger than 128 KiB back to the system when it is
 * freed, so that each page of each chunk would be mapped and cleared anew, until one larger block has been freed: this is one, in which
 * nothing is written. Elsewhere it changes nothing.
 */
export function keepFreedBlocks(): void {
  if (isKeeping) return;
  isKeeping = true;
  const block = Buffer.allocUnsafeSlow(KEPT_BYTES - 4096).buffer as ArrayBuffer;
  const { port1, port2 } = new MessageChannel();
  // What a closed channel still holds is freed at once; a collector would come later.
  port1.postMessage(block, [block]);
  port1.close();
  port2.close();
}
