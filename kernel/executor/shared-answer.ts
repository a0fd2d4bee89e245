/** Bytes of an answer; a longer one is cut. */
const MOST_BYTES = 64 * 1024;
const [STATE, CELL, LENGTH, WORDS] = [0, 1, 2, 3];
const [NOBODY, WAITING, ANSWERED] = [0, 1, 2];

export function answerBuffer(): SharedArrayBuffer {
  return new SharedArrayBuffer(WORDS * Int32Array.BYTES_PER_ELEMENT + MOST_BYTES);
}

/** An answer that the main thread waits for without turning its loop, so that `prompt()` can give a value: the sentinel hears it in its place. */
export class SharedAnswer {
  readonly #state: Int32Array;
  readonly #bytes: Uint8Array;

  constructor(buffer: SharedArrayBuffer) {
    this.#state = new Int32Array(buffer, 0, WORDS);
    this.#bytes = new Uint8Array(buffer, WORDS * Int32Array.BYTES_PER_ELEMENT);
  }

  /** On the main thread: `ask` is said when an answer can come. Stop unwinds the wait as any other. */
  wait(cell: number, ask: () => void): string {
    Atomics.store(this.#state, CELL, cell);
    Atomics.store(this.#state, STATE, WAITING);
    ask();
    Atomics.wait(this.#state, STATE, WAITING);
    Atomics.store(this.#state, STATE, NOBODY);
    return new TextDecoder().decode(this.#bytes.slice(0, Atomics.load(this.#state, LENGTH)));
  }

  /** On the sentinel: what nobody waits for, as after Stop, is dropped. */
  answer(cell: number, text: string): void {
    if (Atomics.load(this.#state, STATE) !== WAITING || Atomics.load(this.#state, CELL) !== cell) return;
    Atomics.store(this.#state, LENGTH, new TextEncoder().encodeInto(text, this.#bytes).written);
    Atomics.store(this.#state, STATE, ANSWERED);
    Atomics.notify(this.#state, STATE);
  }
}
