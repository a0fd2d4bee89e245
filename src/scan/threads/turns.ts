/** How long a thread waits before it looks again whether the scan was cancelled. */
const LOOK_MS = 50;

const WORD = { isTaken: 0, isOver: 1 } as const;
const FIGURE = { piece: 0, offset: 1, row: 2, chunk: 3 } as const;

/** Where the rows begin that nobody has cut yet. */
export interface TurnPlace {
  readonly piece: number;
  /** Offset in the piece's file; -1 where the piece has not been begun. */
  readonly offset: number;
  /** Rows of the piece before it, those that were left out included. */
  readonly row: number;
  /** The number of the chunk that begins there. */
  readonly chunk: number;
}

/** Threads cut the rows of one chunk after the other, one thread at a time; who has cut its rows reads them while the next one cuts. */
export class Turns {
  readonly buffer: SharedArrayBuffer;
  readonly #words: Int32Array;
  readonly #figures: Float64Array;

  constructor(buffer: SharedArrayBuffer) {
    this.buffer = buffer;
    this.#words = new Int32Array(buffer, 0, 2);
    this.#figures = new Float64Array(buffer, 8);
  }

  static from(offset: number): Turns {
    const turns = new Turns(new SharedArrayBuffer(8 + 4 * 8));
    turns.place = { piece: 0, offset, row: 0, chunk: 0 };
    return turns;
  }

  /** Waits until no other thread cuts; false when there is nothing more to cut. */
  take(isCancelled: () => boolean): boolean {
    while (Atomics.compareExchange(this.#words, WORD.isTaken, 0, 1) !== 0) {
      if (this.isOver || isCancelled()) return false;
      Atomics.wait(this.#words, WORD.isTaken, 1, LOOK_MS);
    }
    if (!this.isOver && !isCancelled()) return true;
    this.give();
    return false;
  }

  give(): void {
    Atomics.store(this.#words, WORD.isTaken, 0);
    Atomics.notify(this.#words, WORD.isTaken, 1);
  }

  /** Nothing more is to be cut: the text has ended, or something is wrong with what was cut already. */
  end(): void {
    Atomics.store(this.#words, WORD.isOver, 1);
  }

  get isOver(): boolean {
    return Atomics.load(this.#words, WORD.isOver) !== 0;
  }

  /** For who has the turn. */
  get place(): TurnPlace {
    const [piece = 0, offset = 0, row = 0, chunk = 0] = this.#figures;
    return { piece, offset, row, chunk };
  }

  set place({ piece, offset, row, chunk }: TurnPlace) {
    this.#figures[FIGURE.piece] = piece;
    this.#figures[FIGURE.offset] = offset;
    this.#figures[FIGURE.row] = row;
    this.#figures[FIGURE.chunk] = chunk;
  }
}
