import { setTimeout as sleep, setImmediate as turn } from "node:timers/promises";
import { type Frame, SendQueue } from "./send-queue.ts";

/** Messages that wait in zeromq for one subscriber. Few, since one may be a large picture: what else waits does so here, counted in bytes. */
export const MOST_IN_PIPE = 16;
/** What waits here for the slowest subscriber until the cells are told to wait too. */
const FULL_BYTES = 64 * 2 ** 20;
const EMPTIER_BYTES = FULL_BYTES / 2;
/** So long all wait for one that does not read, beyond what each message was worth: then it is left behind. */
const PATIENCE_MS = 10_000;
/** One that was left behind and reads again. */
const PATIENCE_AGAIN_MS = 1000;
/** What Jupyter's server takes of a kernel in a millisecond; who takes less is slow. */
const BYTES_IN_MS = 1000;
/** Turns of the loop in which a subscriber that reads has mostly made room. */
const QUICK_TRIES = 20;
const LOOK_EVERY_MS = 2;
/** A loop that was held up itself, as in a process that was stopped, has not waited for others. */
const MOST_WAITED_MS = 50;

/** A socket that publishes: with `noDrop` a send fails with EAGAIN while a subscriber's pipe is full; without, the message is dropped for that one. */
interface Publisher {
  noDrop: boolean;
  send(frames: Frame[]): Promise<void>;
}

/**
 * Sends publications to all subscribers in order. A subscriber that is slow holds them up, and in the end the cells, for as long as it takes about as much as Jupyter's
 * server would. One that has not read for ten seconds loses what does not fit its pipe, which zeromq then leaves out until it reads again; the others get everything.
 */
export class Publications {
  readonly #socket: Publisher;
  readonly #onFull: (isFull: boolean) => void;
  readonly #queue = new SendQueue({ send: (frames) => this.#publish(frames) });
  #bytes = 0;
  #isFull = false;
  #waited = 0;

  /** `onFull` is told when too much waits, and when there is room again. */
  constructor(socket: Publisher, onFull: (isFull: boolean) => void) {
    this.#socket = socket;
    this.#onFull = onFull;
    socket.noDrop = true;
  }

  push(frames: Frame[]): void {
    this.#count(sizeOf(frames));
    this.#queue.push(frames);
  }

  /** Whoever does not read now is not waited for much longer. */
  hurry(): void {
    this.#waited = Math.max(this.#waited, PATIENCE_MS - PATIENCE_AGAIN_MS);
  }

  /** Resolves when all that was pushed has been handed to zeromq. */
  flush(): Promise<void> {
    return this.#queue.flush();
  }

  async #publish(frames: Frame[]): Promise<void> {
    const bytes = sizeOf(frames);
    await this.#send(frames);
    this.#waited = Math.max(0, this.#waited - 1 - bytes / BYTES_IN_MS);
    this.#count(-bytes);
  }

  async #send(frames: Frame[]): Promise<void> {
    for (let tries = 0; this.#waited < PATIENCE_MS; tries++) {
      if ((await this.#try(frames)) !== "full") return;
      await this.#wait(tries);
    }
    this.#waited = Math.min(this.#waited, PATIENCE_MS - PATIENCE_AGAIN_MS);
    this.#socket.noDrop = false;
    await this.#try(frames);
    this.#socket.noDrop = true;
  }

  async #try(frames: Frame[]): Promise<"full" | undefined> {
    try {
      await this.#socket.send(frames);
    } catch (error) {
      // Anything else is a socket that is closed: nobody is there to be told.
      if ((error as NodeJS.ErrnoException).code === "EAGAIN") return "full";
    }
    return undefined;
  }

  async #wait(tries: number): Promise<void> {
    const start = performance.now();
    await (tries < QUICK_TRIES ? turn() : sleep(LOOK_EVERY_MS));
    this.#waited += Math.min(MOST_WAITED_MS, performance.now() - start);
  }

  #count(bytes: number): void {
    this.#bytes += bytes;
    const isFull = this.#bytes > (this.#isFull ? EMPTIER_BYTES : FULL_BYTES);
    if (isFull === this.#isFull) return;
    this.#isFull = isFull;
    this.#onFull(isFull);
  }
}

function sizeOf(frames: readonly Frame[]): number {
  return frames.reduce((sum, frame) => sum + Buffer.byteLength(frame), 0);
}
