import { KernelBug } from "../../errors.ts";
import type { ByteSource } from "../rows/text-buffer.ts";

/** While the reading thread starts, so much is unpacked already. */
const SLOTS = 12;
const SLOT_BYTES = 2 ** 20;
/** Instead of a slot's length: a file ends here. */
const END_OF_FILE = -1;
/** How long a thread waits before it looks again whether the scan was cancelled. */
const LOOK_MS = 50;

/** Who fills a ring. */
export interface Feeding {
  readonly feed: Feed;
  /** Starts to fill; a rejection ends the scan. */
  start(): Promise<void>;
  /** The reader has made room. */
  onRoom(): void;
  stop(): void;
}

const WORD = { written: 0, read: 1, isAwaited: 2, lengths: 4 } as const;

/**
 * Bytes on their way from the thread that unpacks them to the one that reads them: a ring of shared memory. The writer goes on
 * with other things while the ring is full, the reader sleeps while it is empty.
 */
export class Feed {
  readonly buffer: SharedArrayBuffer;
  readonly #words: Int32Array;
  readonly #bytes: Uint8Array;

  constructor(buffer = new SharedArrayBuffer(64 + SLOTS * SLOT_BYTES)) {
    this.buffer = buffer;
    this.#words = new Int32Array(buffer, 0, WORD.lengths + SLOTS);
    this.#bytes = new Uint8Array(buffer, 64);
  }

  /** Bytes that fit into one slot. */
  static readonly slotBytes = SLOT_BYTES;

  /** Puts bytes into the next slot, at most `slotBytes`; undefined marks the end of a file. False when the ring is full: then the reader will say when there is room. */
  tryWrite(bytes: Uint8Array | undefined): boolean {
    if (bytes?.length === 0) return true;
    if (bytes && bytes.length > SLOT_BYTES) throw new KernelBug(`a slot has no room for ${bytes.length} bytes`);
    const written = Atomics.load(this.#words, WORD.written);
    if (written - Atomics.load(this.#words, WORD.read) >= SLOTS) {
      Atomics.store(this.#words, WORD.isAwaited, 1);
      // The reader may have made room before it could see that somebody waits.
      if (written - Atomics.load(this.#words, WORD.read) >= SLOTS) return false;
      Atomics.store(this.#words, WORD.isAwaited, 0);
    }
    const slot = written % SLOTS;
    if (bytes) this.#bytes.set(bytes, slot * SLOT_BYTES);
    this.#words[WORD.lengths + slot] = bytes ? bytes.length : END_OF_FILE;
    Atomics.add(this.#words, WORD.written, 1);
    Atomics.notify(this.#words, WORD.written);
    return true;
  }

  /** The bytes of the next file. `onRoom` is called when a writer waits and there is room again; `check` while nothing comes. */
  nextFile(onRoom: () => void, check: () => void): ByteSource {
    let at = 0;
    let isEnded = false;
    return {
      read: (into) => {
        if (isEnded) return 0;
        const slot = this.#awaitSlot(check);
        const length = this.#words[WORD.lengths + slot] as number;
        const count = Math.min(into.length, length - at);
        if (length !== END_OF_FILE)
          into.set(this.#bytes.subarray(slot * SLOT_BYTES + at, slot * SLOT_BYTES + at + count));
        at += Math.max(0, count);
        if (length !== END_OF_FILE && at < length) return count;
        at = 0;
        isEnded = length === END_OF_FILE;
        Atomics.add(this.#words, WORD.read, 1);
        if (Atomics.exchange(this.#words, WORD.isAwaited, 0) === 1) onRoom();
        return isEnded ? 0 : count;
      },
    };
  }

  #awaitSlot(check: () => void): number {
    const read = Atomics.load(this.#words, WORD.read);
    for (;;) {
      check();
      const written = Atomics.load(this.#words, WORD.written);
      if (written !== read) return read % SLOTS;
      Atomics.wait(this.#words, WORD.written, written, LOOK_MS);
    }
  }
}
