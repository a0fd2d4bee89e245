import { Checkpoint, LEAST_RATIO, type SavedRun } from "./checkpoint.ts";
import { Reading } from "./chunks/reading.ts";
import type { CallbackOptions, ChunkInfo } from "./options.ts";
import type { ChunkedRun } from "./run.ts";
import type { LocalSource } from "./source.ts";

/** What is done with chunks, and what comes of it. */
export interface KeptWork {
  /** Says that the work is still the same. */
  readonly code: string;
  /** What was gathered so far, as data that a file can keep. */
  save(): unknown;
  /** Goes on from what was saved; asked before any chunk. */
  restore(saved: unknown): void;
  /** Of work that may change in place what was gathered: whether it is at it, so that chunks that were not taken may be in it by halves. */
  isTorn?(): boolean;
}

/** Work that gathers nothing. */
export function keptNothing(code: string): KeptWork {
  return { code, save: () => undefined, restore: () => undefined };
}

/** One run over chunks, with the checkpoint from which another goes on where that is asked for. */
export class KeptRun {
  readonly reading: Reading;
  readonly #work: KeptWork;
  readonly #checkpoint: Checkpoint | undefined;
  #isOver = false;
  /** As it was behind a chunk, for the case that what comes then is torn. */
  #copy: SavedRun | undefined;
  #copyDueAt = 0;

  private constructor(reading: Reading, work: KeptWork, checkpoint: Checkpoint | undefined) {
    this.reading = reading;
    this.#work = work;
    this.#checkpoint = checkpoint;
  }

  /** @throws {UsageError | DataError} E_CHECKPOINT */
  static async begin(source: LocalSource, work: KeptWork, options: CallbackOptions): Promise<KeptRun> {
    if (options.checkpoint === undefined) return new KeptRun(new Reading(source, options), work, undefined);
    const { checkpoint, saved } = await Checkpoint.open(options.checkpoint, source, work.code, options);
    if (saved) work.restore(saved.state);
    const reading = new Reading(source, options);
    if (saved) reading.resume(saved.taken);
    return new KeptRun(reading, work, checkpoint);
  }

  /** What a chunk gave is gathered. */
  async took(info: ChunkInfo): Promise<void> {
    this.reading.took(info);
    if (this.#checkpoint?.isDue) await this.#save();
    else if (this.#checkpoint && this.#work.isTorn && performance.now() >= this.#copyDueAt) this.#makeCopy();
  }

  /** All chunks were taken. */
  async finish(): Promise<ChunkedRun> {
    this.#isOver = true;
    await this.#checkpoint?.remove();
    return this.reading.finish(true);
  }

  /** Something ended the run, and nothing may take its place. */
  async fail(): Promise<ChunkedRun> {
    await this.leave().catch((why: unknown) => this.reading.note(`the checkpoint was not written: ${String(why)}`));
    return this.reading.finish(false);
  }

  /** Whoever asked for chunks wants no more of them. */
  async leave(): Promise<void> {
    if (this.#isOver) return;
    this.#isOver = true;
    if (!this.#work.isTorn?.()) await this.#save();
    else if (this.#copy) await this.#checkpoint?.write(this.#copy);
  }

  async #save(): Promise<void> {
    const { taken } = this.reading;
    if (taken.chunks > 0) await this.#checkpoint?.write({ taken, state: this.#work.save() });
    // What is in the file is newer.
    this.#copy = undefined;
  }

  #makeCopy(): void {
    const begun = performance.now();
    this.#copy = structuredClone({ taken: this.reading.taken, state: this.#work.save() });
    const now = performance.now();
    this.#copyDueAt = now + LEAST_RATIO * (now - begun);
  }
}
