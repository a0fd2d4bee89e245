import { arrow } from "../frame/arrow.ts";
import { readArrowBatches, readArrowColumns, readArrowSchema } from "../frame/read-arrow.ts";
import { commonType } from "../source/common-type.ts";
import { compareSchemas } from "../source/drift.ts";
import { namesApart } from "../source/names-apart.ts";
import type { FileSource } from "../source/source.ts";
import { fieldsOf, tableBatch } from "./table-batch.ts";
import { columnSize, schemaOfFields, type TableBatch, type TableField, type TableSource } from "./table-source.ts";

/**
 * Arrow files and streams as tables, one record batch in memory at a time.
 *
 * @throws {DataError} E_DAMAGED_FILE, E_ZSTD
 */
export async function tablesOfArrow(source: FileSource): Promise<TableSource> {
  const { label, files, bytes } = source;
  const schemas: { readonly file: string; readonly fields: readonly TableField[] }[] = [];
  const apart = namesApart(files.map((file) => file.path));
  for (const [i, { path: file }] of files.entries())
    schemas.push({ file: apart[i] ?? "", fields: fieldsOf((await readArrowSchema(file)).fields) });
  const fields = new Map<string, TableField>();
  for (const schema of schemas)
    for (const field of schema.fields) fields.set(field.name, widest(fields.get(field.name), field));
  const { drift, conflicts } = compareSchemas(
    schemas.map((schema) => ({ file: schema.file, columns: schema.fields.map(typed) })),
  );
  return {
    kind: "tables",
    label,
    what: "Arrow",
    bytes,
    files,
    fields: [...fields.values()],
    drift,
    conflicts,
    batches: (isWanted) => read(source, isWanted),
  };
}

/** Of two types of a column the one that holds both, where one of them does. */
function widest(one: TableField | undefined, other: TableField): TableField {
  if (one === undefined) return other;
  const [a, b] = [typed(one).type, typed(other).type];
  return a !== b && commonType(a, b) === b ? other : one;
}

function typed({ name, type }: TableField): { readonly name: string; readonly type: string } {
  const isNothing = arrow().DataType.isNull(type);
  return { name, type: isNothing ? "null" : (schemaOfFields([{ name, type }]).columns[0]?.type ?? "object") };
}

async function* read(
  { files, bytes }: FileSource,
  isWanted: ((name: string) => boolean) | undefined,
): AsyncGenerator<TableBatch, void, undefined> {
  let before = 0;
  for (const file of files) {
    for await (const batch of isWanted ? readChosen(file.path, isWanted) : readAll(file.path))
      yield { ...batch, fraction: (before + (batch.fraction ?? 0) * file.bytes) / Math.max(1, bytes) };
    before += file.bytes;
  }
}

async function* readAll(file: string): AsyncGenerator<TableBatch, void, undefined> {
  for await (const { batch, fraction } of readArrowBatches(file)) yield { ...tableBatch(batch), fraction };
}

async function* readChosen(
  file: string,
  isWanted: (name: string) => boolean,
): AsyncGenerator<TableBatch, void, undefined> {
  const choose = (fields: Parameters<typeof fieldsOf>[0]) => fieldsOf(fields).map(({ name }) => isWanted(name));
  for await (const { fields, data, sizes: found, rows, fraction } of readArrowColumns(file, choose)) {
    const named = fieldsOf(fields);
    const columns = named.flatMap(({ name }, i) => (data[i] ? [{ name, data: data[i] }] : []));
    const sizes = found.map((size, i) => columnSize(named[i] as TableField, size));
    yield { columns, sizes, rows, fraction };
  }
}
