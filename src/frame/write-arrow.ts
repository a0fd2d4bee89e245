import { open } from "node:fs/promises";
import { setImmediate } from "node:timers/promises";
import { arrow } from "./arrow.ts";
import type { Column } from "./column.ts";
import { tableOfColumns } from "./to-arrow.ts";

/** Writes an Arrow file batch by batch, and gives its rows. A batch is asked for when the one before it is in the file. */
export async function writeArrowFile(
  file: string,
  batches: AsyncIterable<{ readonly columns: readonly Column[]; readonly rows: number }>,
): Promise<number> {
  await using target = await open(file, "w");
  const writer = new (arrow().RecordBatchFileWriter)();
  const drain = new Drain(writer, (bytes) => target.writeFile(bytes));
  let count = 0;
  try {
    for await (const { columns, rows } of batches) {
      // A table as a whole would be the end of the file.
      for (const batch of tableOfColumns(columns, rows).batches) {
        writer.write(batch);
        await drain.isEmpty();
      }
      count += rows;
    }
    writer.finish();
    await drain.isOver;
    return count;
  } catch (failure) {
    writer.abort(failure);
    await drain.isOver.catch(() => undefined);
    // The writer is closed once its reader is gone, and says only that.
    throw drain.failure?.why ?? failure;
  }
}

/** Takes the bytes of a writer, whose queue has no end of its own. */
class Drain {
  readonly isOver: Promise<void>;
  failure: { readonly why: unknown } | undefined;
  #isWaiting = false;
  #wake = (): void => undefined;

  constructor(bytes: AsyncIterable<Uint8Array>, take: (bytes: Uint8Array) => Promise<void>) {
    this.isOver = this.#run(bytes[Symbol.asyncIterator](), take);
    // It may fail while the next batch is computed and nobody waits for it.
    this.isOver.catch(() => undefined);
  }

  /** Waits until all bytes that were written are taken. */
  async isEmpty(): Promise<void> {
    for (;;) {
      // What is in the queue has been handed on by then.
      await setImmediate();
      if (this.failure) throw this.failure.why;
      if (this.#isWaiting) return;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  async #run(bytes: AsyncIterator<Uint8Array>, take: (bytes: Uint8Array) => Promise<void>): Promise<void> {
    for (;;) {
      this.#isWaiting = true;
      const next = await bytes.next();
      this.#isWaiting = false;
      if (next.done) return;
      try {
        await take(next.value);
      } catch (why) {
        this.failure = { why };
        throw why;
      } finally {
        this.#wake();
      }
    }
  }
}
