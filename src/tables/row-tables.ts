import { DataError, UsageError } from "../errors.ts";
import { isTable, type Table } from "../frame/arrow.ts";
import { type DataFrame, isFrame } from "../frame/frame.ts";
import { inferColumn } from "../frame/infer.ts";
import { tableOfColumns } from "../frame/to-arrow.ts";
import { commonType } from "../source/common-type.ts";
import { formatCount } from "../units.ts";
import { batchesOf } from "./frame-tables.ts";
import { tableBatch } from "./table-batch.ts";
import { schemaOfFields, type TableBatch, type TableSource } from "./table-source.ts";

/** Rows that become columns together. */
const BATCH_ROWS = 20_000;

type Rows = AsyncIterable<unknown> | Iterable<unknown>;

/** Whether a value gives rows one after another; texts do not. */
export function isIterable(value: unknown): value is Rows {
  if (typeof value !== "object" || value === null) return false;
  return Symbol.asyncIterator in value || Symbol.iterator in value;
}

/**
 * Rows as plain objects, or frames, of an iterable as tables. It is read once, from its first row to its last. A key that a row does not have is null
 * there; a column is of one kind in all of the rows.
 */
export function tablesOfRows(rows: Rows, label = "rows in memory"): TableSource {
  return { kind: "tables", label, what: "an iterable", bytes: 0, files: [], batches: () => checked(read(rows)) };
}

async function* read(rows: Rows): AsyncGenerator<TableBatch, void, undefined> {
  let [gathered, first]: [Record<string, unknown>[], number] = [[], 0];
  let count = 0;
  for await (const item of rows) {
    if (isFrame(item) || isTable(item)) {
      if (gathered.length > 0) yield batchOfRows(gathered, first);
      gathered = [];
      for await (const batch of batchesOf(item as DataFrame | Table)) {
        count += batch.rows;
        yield { ...batch, fraction: undefined };
      }
      first = count;
      continue;
    }
    gathered.push(rowOf(item, count));
    count++;
    if (gathered.length < BATCH_ROWS) continue;
    yield batchOfRows(gathered, first);
    [gathered, first] = [[], count];
  }
  if (gathered.length > 0) yield batchOfRows(gathered, first);
  if (count === 0)
    throw new DataError("E_EMPTY_SOURCE", "the iterable gave no rows, so there are no columns", {
      hint: "check that it was not read before: most iterables can be read only once",
    });
}

function rowOf(item: unknown, index: number): Record<string, unknown> {
  if (typeof item === "object" && item !== null && !Array.isArray(item)) return item as Record<string, unknown>;
  throw new UsageError("E_BAD_ROW", `item ${formatCount(index + 1)} of the iterable is no row: ${wordOf(item)}`, {
    hint: "give rows as objects, as in { user_id: 7, amount: 2.5 }, or frames",
  });
}

function wordOf(item: unknown): string {
  return Array.isArray(item) ? "an array" : item === null || item === undefined ? String(item) : `a ${typeof item}`;
}

function batchOfRows(rows: readonly Record<string, unknown>[], first: number): TableBatch {
  const names = new Set<string>();
  for (const row of rows) for (const name of Object.keys(row)) names.add(name);
  const columns = [...names].map((name) =>
    inferColumn(
      name,
      rows.map((row) => (Object.hasOwn(row, name) ? row[name] : null)),
    ),
  );
  try {
    const [batch] = tableOfColumns(columns, rows.length).batches;
    return batch
      ? { ...tableBatch(batch), fraction: undefined }
      : { columns: [], rows: rows.length, fraction: undefined };
  } catch (failure) {
    if (!(failure instanceof DataError)) throw failure;
    const place = `rows ${formatCount(first + 1)} to ${formatCount(first + rows.length)}`;
    throw new DataError(failure.code, `${place}: ${failure.message}`, { cause: failure, hint: failure.hint ?? "" });
  }
}

/** Batches whose columns are of one kind from the first row to the last. */
async function* checked(batches: AsyncIterable<TableBatch>): AsyncGenerator<TableBatch, void, undefined> {
  const types = new Map<string, string>();
  let rows = 0;
  for await (const batch of batches) {
    for (const { name, data } of batch.columns) {
      if (data.nullCount === data.length) continue;
      const type = schemaOfFields([{ name, type: data.type }]).columns[0]?.type as string;
      const before = types.get(name) ?? type;
      const common = commonType(before, type);
      if (common === undefined)
        throw new DataError(
          "E_MIXED_COLUMN",
          `"${name}" was ${before} up to row ${formatCount(rows)}, and is ${type} in the ${formatCount(batch.rows)} rows after it`,
          { hint: "turn its values into one kind first, for example into text" },
        );
      types.set(name, common);
    }
    rows += batch.rows;
    yield batch;
  }
}
