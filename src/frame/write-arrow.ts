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
  const written = (async () => {
    for await (const bytes of writer) await target.writeFile(bytes);
  })();
  let count = 0;
  try {
    for await (const { columns, rows } of batches) {
      // A table as a whole would be the end of the file.
      for (const batch of tableOfColumns(columns, rows).batches) writer.write(batch);
      count += rows;
    }
    writer.finish();
  } catch (failure) {
    writer.abort(failure);
    await written.catch(() => undefined);
    throw failure;
  }
  await written;
  return count;
}
