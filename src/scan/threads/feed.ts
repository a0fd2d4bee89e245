import { MessageChannel, type MessagePort, receiveMessageOnPort } from "node:worker_threads";
import { KernelBug } from "../../errors.ts";
import type { ByteSource } from "../rows/text-buffer.ts";

/** So many bytes wait for the reader at most. */
const MOST_BYTES = 16 * 2 ** 20;
/** And so many until it takes the first: finding out how a text is to be read takes as long as unpacking them. */
const MOST_BEFORE = 48 * 2 ** 20;
/** A block, however short, counts for so many bytes more. */
const BLOCK_COST = 2 ** 16;
/** How long a thread waits before it looks again whether the scan was cancelled. */
const LOOK_MS = 50;

/** Who fills a feed. */
export interface Feeding {
  readonly feed: Feed;
  /** Starts to fill; a rejection ends the scan. */
  start(): Promise<void>;
  /** The reader has made room. */
  onRoom(): void;
  stop(): void;
}

/** A feed's end in the thread that reads it, to which the port is moved. */
export interface FeedEnd {
  readonly words: SharedArrayBuffer;
  readonly port: MessagePort;
}

/** `taken`: bytes of the blocks that were read, modulo 2^32. */
const WORD = { written: 0, read: 1, isAwaited: 2, taken: 3 } as const;

/**
 * Blocks of bytes on their way from the thread that unpacks them to the one that reads them. They are moved: a
 * copy into shared memory and one out of it took an eighth of the time. The writer goes on with other things while there are enough of them, the reader sleeps while there is none.
 */
export class Feed {
  readonly end: FeedEnd;
  readonly #words: Int32Array;
  readonly #port: MessagePort;
  /** Bytes of the blocks that were written, modulo 2^32. */
  #sent = 0;

  constructor() {
    const { port1, port2 } = new MessageChannel();
    const words = new SharedArrayBuffer(16);
    this.#port = port1;
    this.#words = new Int32Array(words);
    this.end = { words, port: port2 };
  }

  /**
   * Sends a block, whose memory goes with it where the block is all of it; undefined marks the end of a file. False when there are enough on
   * their way: then the reader will say when there is room.
   */
  tryWrite(bytes: Uint8Array<ArrayBuffer> | undefined): boolean {
    if (bytes?.length === 0) return true;
    if (this.#isFull()) {
      Atomics.store(this.#words, WORD.isAwaited, 1);
      // The reader may have made room before it could see that somebody waits.
      if (this.#isFull()) return false;
      Atomics.store(this.#words, WORD.isAwaited, 0);
    }
    this.#sent = (this.#sent + costOf(bytes)) | 0;
    const own = bytes && (bytes.length === bytes.buffer.byteLength ? bytes : new Uint8Array(bytes));
    this.#port.postMessage(own, own ? [own.buffer] : []);
    Atomics.add(this.#words, WORD.written, 1);
    Atomics.notify(this.#words, WORD.written);
    return true;
  }

  #isFull(): boolean {
    const waiting = (this.#sent - Atomics.load(this.#words, WORD.taken)) >>> 0;
    return waiting >= (Atomics.load(this.#words, WORD.read) === 0 ? MOST_BEFORE : MOST_BYTES);
  }

  /** Blocks at an end that no thread took would stay: it hears that this end is closed behind them, and nobody reads them. */
  close(): void {
    this.#port.close();
    this.end.port.close();
  }
}

/** The reading end of a feed. */
export class FeedReader {
  readonly #words: Int32Array;
  readonly #port: MessagePort;
  readonly #closed = closedPort();

  constructor({ words, port }: FeedEnd) {
    this.#words = new Int32Array(words);
    this.#port = port;
  }

  /** The bytes of the next file. `onRoom` is called when a writer waits and there is room again; `check` while nothing comes. */
  nextFile(onRoom: () => void, check: () => void): ByteSource {
    let block: Uint8Array | undefined = new Uint8Array(0);
    let at = 0;
    return {
      read: (into) => {
        if (block?.length === at) {
          this.#free(block);
          block = this.#nextBlock(onRoom, check);
          at = 0;
        }
        if (block === undefined) return 0;
        const part = block.subarray(at, at + into.length);
        into.set(part);
        at += part.length;
        return part.length;
      },
    };
  }

  /** Waits for a block; undefined where a file ends. */
  #nextBlock(onRoom: () => void, check: () => void): Uint8Array | undefined {
    const read = Atomics.load(this.#words, WORD.read);
    for (check(); Atomics.load(this.#words, WORD.written) === read; check())
      Atomics.wait(this.#words, WORD.written, read, LOOK_MS);
    const received = receiveMessageOnPort(this.#port) as { readonly message: Uint8Array | undefined } | undefined;
    if (!received) throw new KernelBug("a block that was unpacked has not come");
    Atomics.add(this.#words, WORD.taken, costOf(received.message));
    Atomics.add(this.#words, WORD.read, 1);
    if (Atomics.exchange(this.#words, WORD.isAwaited, 0) === 1) onRoom();
    return received.message;
  }

  /** What is sent to a closed port is gone at once; the collector would let some 64 MB of blocks wait. */
  #free(block: Uint8Array): void {
    this.#closed.postMessage(undefined, [block.buffer as ArrayBuffer]);
  }

  close(): void {
    this.#port.close();
  }
}

function costOf(block: Uint8Array | undefined): number {
  return BLOCK_COST + (block?.length ?? 0);
}

function closedPort(): MessagePort {
  const { port1 } = new MessageChannel();
  port1.close();
  return port1;
}
