import { DataError, UsageError } from "../errors.ts";
import { arrow, type Data, isTable, type Table } from "../frame/arrow.ts";
import type { Column } from "../frame/column.ts";
import { sizeOfData } from "../frame/data-size.ts";
import { type DataFrame, isFrame } from "../frame/frame.ts";
import { columnOfVector } from "../frame/from-arrow.ts";
import { mixedData, mixedFailure } from "../frame/mixed.ts";
import { columnsOfRows, type PlainRow } from "../frame/plain-rows.ts";
import { tableOfColumns } from "../frame/to-arrow.ts";
import { pauses } from "../pauses.ts";
import { commonType } from "../source/common-type.ts";
import { formatCount } from "../units.ts";
import { batchesOf } from "./frame-tables.ts";
import { asMixed, tableBatch } from "./table-batch.ts";
import { schemaOfFields, type TableBatch, type TableSource } from "./table-source.ts";

/** Rows that become columns together. */
const BATCH_ROWS = 8192;

type Rows = AsyncIterable<unknown> | Iterable<unknown>;

/** Whether a value gives rows one after another; texts do not. */
export function isIterable(value: unknown): value is Rows {
  if (typeof value !== "object" || value === null) return false;
  return Symbol.asyncIterator in value || Symbol.iterator in value;
}

/**
 * Rows as plain objects, or frames, of an iterable as tables. It is read once, from its first row to its last. A key that a row does not have is null
 * there; a column that is used is of one kind in all of the rows.
 */
export function tablesOfRows(rows: Rows, label = "rows in memory"): TableSource {
  return { kind: "tables", label, what: "an iterable", bytes: 0, files: [], batches: () => checked(read(rows)) };
}

async function* read(rows: Rows): AsyncGenerator<TableBatch, void, undefined> {
  let [gathered, first]: [Record<string, unknown>[], number] = [[], 0];
  let count = 0;
  const pause = pauses();
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
    // The rows of an iterable that never waits give no turn.
    await pause();
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

function batchOfRows(rows: readonly PlainRow[], first: number): TableBatch {
  const columns = columnsOfRows(rows);
  const placed = (column: Column, failure: DataError) => {
    const place = `rows ${formatCount(first + 1)} to ${formatCount(first + rows.length)}`;
    const told = { cause: failure, hint: failure.hint ?? "" };
    return asMixed(column, new DataError(failure.code, `${place}: ${failure.message}`, told));
  };
  const [batch] = tableOfColumns(columns, rows.length, placed).batches;
  if (!batch) return { columns: [], rows: rows.length, fraction: undefined };
  const sizes = columns.map(({ name, type }, i) => ({ name, type, ...sizeOfData(batch.data.children[i] as Data) }));
  return { ...tableBatch(batch), sizes, fraction: undefined };
}

/** Batches whose columns are of one kind from the first row to the last, or stand for none. */
async function* checked(batches: AsyncIterable<TableBatch>): AsyncGenerator<TableBatch, void, undefined> {
  const types = new Map<string, string>();
  const mixed = new Map<string, DataError>();
  let rows = 0;
  for await (const batch of batches) {
    const columns = batch.columns.map((column) => {
      const { name, data } = column;
      if (!mixed.has(name)) {
        const failure = mixedFailure(data.type) ?? changeOf(column, types, rows, batch.rows);
        if (failure) mixed.set(name, failure);
      }
      const failure = mixed.get(name);
      return failure ? { name, data: mixedData(valuesOf(column), failure) } : column;
    });
    rows += batch.rows;
    yield { ...batch, columns };
  }
}

/** Notes the type of a column, or says that it was another before. */
function changeOf(
  { name, data }: TableBatch["columns"][number],
  types: Map<string, string>,
  before: number,
  now: number,
): DataError | undefined {
  if (data.nullCount === data.length) return undefined;
  const type = schemaOfFields([{ name, type: data.type }]).columns[0]?.type as string;
  const known = types.get(name) ?? type;
  const common = commonType(known, type);
  if (common !== undefined) {
    types.set(name, common);
    return undefined;
  }
  return new DataError(
    "E_MIXED_COLUMN",
    `"${name}" was ${known} up to row ${formatCount(before)}, and is ${type} in the ${formatCount(now)} rows after it`,
    { hint: "turn its values into one kind first, for example into text" },
  );
}

function valuesOf({ name, data }: TableBatch["columns"][number]): unknown[] {
  return columnOfVector(name, data.type, new (arrow().Vector)([data])).toArray();
}
