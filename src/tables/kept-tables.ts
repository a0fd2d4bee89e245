import { formatBytes } from "../units.ts";
import type { TableBatch, TableSource } from "./table-source.ts";
import { untilStopped } from "./until-stopped.ts";

/** What is kept at most. */
const MOST_BYTES = 128 * 2 ** 20;

export interface KeptOptions {
  readonly signal?: AbortSignal | undefined;
  /** What a work may take; of it a quarter is kept. */
  readonly memoryLimit?: number | undefined;
  /** Throws where more than is kept would have been given out. */
  readonly refuse: (why: string) => Error;
}

/**
 * An iterable, which is read once, for a work that may be left to another one in its midst: what was read is kept for that one, as long as it is
 * little.
 */
export class KeptTables implements AsyncDisposable {
  readonly #source: TableSource;
  readonly #left: AsyncGenerator<TableBatch, void, undefined>;
  readonly #most: number;
  readonly #refuse: KeptOptions["refuse"];
  readonly #kept: TableBatch[] = [];
  #bytes = 0;

  constructor(source: TableSource, { signal, memoryLimit = Number.POSITIVE_INFINITY, refuse }: KeptOptions) {
    this.#source = source;
    this.#left = untilStopped(source.batches(), signal);
    this.#most = Math.min(MOST_BYTES, memoryLimit / 4);
    this.#refuse = refuse;
  }

  /** All rows with the columns of the first of them; refused where they are too many to be kept. */
  async first(): Promise<TableSource> {
    const { columns = [] } = (await this.#next(true)) ?? {};
    const fields = columns.map(({ name, data }) => ({ name, type: data.type }));
    return { ...this.#source, fields, isOfFirst: true, batches: () => this.#all(true) };
  }

  /** All rows once more, for the last time. */
  again(): TableSource {
    return { ...this.#source, batches: () => this.#all(false) };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#left.return();
  }

  async *#all(isKept: boolean): AsyncGenerator<TableBatch, void, undefined> {
    for (let i = 0; ; i++) {
      const batch = (isKept ? this.#kept[i] : this.#kept.shift()) ?? (await this.#next(isKept));
      if (!batch) return;
      yield batch;
    }
  }

  async #next(isKept: boolean): Promise<TableBatch | undefined> {
    if (isKept && this.#bytes > this.#most)
      throw this.#refuse(`an iterable is read only once, and this one has more than ${formatBytes(this.#most)}`);
    const step = await this.#left.next();
    if (step.done) return undefined;
    if (isKept) this.#kept.push(step.value);
    this.#bytes += step.value.columns.reduce((sum, { data }) => sum + data.byteLength, 0);
    return step.value;
  }
}
