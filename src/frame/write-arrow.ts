import { open } from "node:fs/promises";
import { arrow } from "./arrow.ts";
import type { Column } from "./column.ts";
import { tableOfColumns } from "./to-arrow.ts";

/** Writes an Arrow file batch by batch, and gives its rows. */
export async function writeArrowFile(
  file: string,
  batches: AsyncIterable<{ readonly columns: readonly Column[]; readonly rows: number }>,
): Promise<number> {
  await using target = await open(file, "w");
  const writer = new (arrow().RecordBatchFileWriter)();
  const failed: unknown[] = [];
  const written = (async () => {
    for await (const bytes of writer)
      await target.writeFile(bytes).catch((why: unknown) => {
        failed.push(why);
        throw why;
      });
  })();
  // It may fail while the next batch is computed and nobody waits for it.
  written.catch(() => undefined);
  let count = 0;
  try {
    for await (const { columns, rows } of batches) {
      if (failed.length > 0) break;
      // A table as a whole would be the end of the file.
      for (const batch of tableOfColumns(columns, rows).batches) writer.write(batch);
      count += rows;
    }
    if (failed.length === 0) writer.finish();
    await written;
    return count;
  } catch (failure) {
    // The writer is closed once its reader is gone, and says only that.
    if (failed.length > 0) throw failed[0];
    writer.abort(failure);
    await written.catch(() => undefined);
    throw failure;
  }
}
