import type { SourceFile } from "../../source/source.ts";
import { createFeed, type FeedEnd, FeedWatch } from "./feed.ts";
import { ScanThread } from "./thread.ts";
import type { UnpackTask } from "./unpack-worker.ts";

/** Files that a thread of their own unpacks, from its start on, for one that reads their text. */
export class Unpacking {
  readonly files: readonly SourceFile[];
  readonly end: FeedEnd = createFeed();
  /** Ends when all is on its way. */
  readonly done: Promise<void>;
  readonly #watch = new FeedWatch(this.end);
  readonly #thread = new ScanThread<UnpackTask, void>("unpack-worker");

  constructor(files: readonly SourceFile[]) {
    this.files = files;
    this.done = this.#thread.run({ files, end: this.end });
    // The thread that takes the text is held while somebody waits for it.
    this.#thread.hold(false);
    // Who takes it waits for the same, and is told.
    this.done.catch(() => undefined);
  }

  /** Packed bytes read so far. */
  get bytes(): number {
    return this.#watch.packedBytes;
  }

  async stop(): Promise<void> {
    this.#watch.stop();
    await this.#thread.end();
  }
}
