import type { ScanTable } from "../table.ts";
import type { ThreadsOptions } from "./threads.ts";

/** Who takes a result in parts while the scan goes on; each says its number. */
export interface PartsReader {
  readonly onPart: NonNullable<ThreadsOptions["onPart"]>;
  /** The scan starts, or starts again: parts that came before are void. */
  begin(table: ScanTable): void;
  readonly onThreads: NonNullable<ThreadsOptions["onThreads"]>;
  /** Somebody has had a part, so that nothing of it may change any more. */
  readonly isBound: boolean;
}

/** Parts of what is read in one go: nobody has one before it is known that all values fit. */
export class HeldParts implements PartsReader {
  readonly #reader: PartsReader;
  #parts: Parameters<PartsReader["onPart"]>[] = [];
  readonly isBound = false;

  constructor(reader: PartsReader) {
    this.#reader = reader;
  }

  begin(table: ScanTable): void {
    this.#parts = [];
    this.#reader.begin(table);
  }

  readonly onThreads = (threads: Parameters<PartsReader["onThreads"]>[0]): void => this.#reader.onThreads(threads);

  readonly onPart = (...part: Parameters<PartsReader["onPart"]>): void => {
    this.#parts.push(part);
  };

  release(): void {
    for (const part of this.#parts) this.#reader.onPart(...part);
  }
}
