import { readArrowBatches, readArrowSchema } from "../frame/read-arrow.ts";
import type { FileSource } from "../source/source.ts";
import { fieldsOf, tableBatch } from "./table-batch.ts";
import type { TableBatch, TableField, TableSource } from "./table-source.ts";

/**
 * Arrow files and streams as tables, one record batch in memory at a time.
 *
 * @throws {DataError} E_DAMAGED_FILE, E_ZSTD
 */
export async function tablesOfArrow(source: FileSource): Promise<TableSource> {
  const { label, files, bytes } = source;
  const fields = new Map<string, TableField>();
  for (const { path } of files)
    for (const field of fieldsOf((await readArrowSchema(path)).fields))
      if (!fields.has(field.name)) fields.set(field.name, field);
  const batches = () => read(source);
  return { kind: "tables", label, what: "Arrow", bytes, files, fields: [...fields.values()], batches };
}

async function* read({ files, bytes }: FileSource): AsyncGenerator<TableBatch, void, undefined> {
  let before = 0;
  for (const file of files) {
    for await (const { batch, fraction } of readArrowBatches(file.path))
      yield { ...tableBatch(batch), fraction: (before + fraction * file.bytes) / Math.max(1, bytes) };
    before += file.bytes;
  }
}
