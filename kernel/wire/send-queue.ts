/** A text is sent as UTF-8. */
export type Frame = Buffer | string;

/** What a zeromq socket that can send looks like. */
interface Sendable {
  send(frames: Frame[]): Promise<void>;
}

/** zeromq allows one pending send for each socket and throws EBUSY for a second, so every socket has a queue. */
export class SendQueue {
  readonly #socket: Sendable;
  #waiting: Frame[][] = [];
  #sending: Promise<void> | undefined;

  constructor(socket: Sendable) {
    this.#socket = socket;
  }

  push(frames: Frame[]): void {
    this.#waiting.push(frames);
    this.#sending ??= this.#drain();
  }

  /** Resolves when all that was pushed has been handed to zeromq. */
  async flush(): Promise<void> {
    await this.#sending;
  }

  async #drain(): Promise<void> {
    while (this.#waiting.length > 0) {
      const batch = this.#waiting;
      this.#waiting = [];
      for (const [i, frames] of batch.entries()) {
        // Large frames go when they are sent, and not with the last of their batch.
        batch[i] = [];
        try {
          await this.#socket.send(frames);
        } catch {
          // A peer that has gone (EHOSTUNREACH) or a socket that is closed: nobody is there to be told.
        }
      }
    }
    this.#sending = undefined;
  }
}
