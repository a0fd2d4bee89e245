import type { StreamName } from "./left-out.ts";
import { MOST_IN_PIECE, wellFormed } from "./text-pieces.ts";

/** Text of one cell and stream is merged for this long, or until a piece is full. */
const MERGE_MS = 60;

/** Merges what a cell prints line by line into few texts. Text of another cell or stream, or whatever else is told, comes after it. */
export class MergedText {
  readonly #onText: (cell: number, stream: StreamName, text: string) => void;
  #merging:
    | { readonly cell: number; readonly stream: StreamName; readonly texts: string[]; length: number }
    | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(onText: (cell: number, stream: StreamName, text: string) => void) {
    this.#onText = onText;
  }

  add(cell: number, stream: StreamName, text: string): void {
    if (text === "") return;
    if (this.#merging && (this.#merging.cell !== cell || this.#merging.stream !== stream)) this.flush();
    this.#merging ??= { cell, stream, texts: [], length: 0 };
    this.#merging.texts.push(text);
    this.#merging.length += text.length;
    if (this.#merging.length > MOST_IN_PIECE) this.flush();
    else this.#timer ??= setTimeout(() => this.flush(), MERGE_MS);
  }

  /** Gives what is being merged. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const merged = this.#merging;
    this.#merging = undefined;
    if (merged) this.#onText(merged.cell, merged.stream, wellFormed(merged.texts.join("")));
  }
}
