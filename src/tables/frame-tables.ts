import { type Data, isTable, type Table } from "../frame/arrow.ts";
import { isSet } from "../frame/bits.ts";
import { Column } from "../frame/column.ts";
import { sizeOfData } from "../frame/data-size.ts";
import { columnsOf, type DataFrame, rowsOf } from "../frame/frame.ts";
import { type EncodedWords, tableOfColumns } from "../frame/to-arrow.ts";
import { parseType } from "../frame/types.ts";
import { pauses } from "../pauses.ts";
import { columnNames } from "../source/column-names.ts";
import { asMixed, fieldsOf, tableBatch } from "./table-batch.ts";
import type { ColumnSize, TableBatch, TableField, TableSource } from "./table-source.ts";

type NamedData = TableBatch["columns"][number];

/** Texts become bytes on the way: of so many rows at a time. */
const BATCH_ROWS = 65_536;
/** Of each batch, those that say how large it is. */
const SIZED_ROWS = 1024;

/** A frame in memory, or an Arrow table, as tables. */
export function tablesOfFrame(frame: DataFrame | Table, label = "a frame in memory"): TableSource {
  const fields = isTable(frame) ? fieldsOf(frame.schema.fields) : fieldsOfColumns(columnsOf(frame));
  return {
    kind: "tables",
    label,
    what: "a frame in memory",
    bytes: 0,
    files: [],
    fields,
    batches: (isWanted) => batchesOf(frame, isWanted),
  };
}

/** The rows of a frame from the first to the last. */
export async function* batchesOf(
  frame: DataFrame | Table,
  isWanted: (name: string) => boolean = () => true,
): AsyncGenerator<TableBatch, void, undefined> {
  const rows = rowsOf(frame);
  if (isTable(frame)) {
    let done = 0;
    for (const batch of frame.batches) {
      done += batch.numRows;
      yield { ...tableBatch(batch), fraction: done / Math.max(1, rows) };
    }
    return;
  }
  const all = columnsOf(frame);
  const names = columnNames(all.map(({ name }) => name));
  const named = all.map((column, i) => column.named(names[i] as string));
  const words: EncodedWords = new Map();
  const columns = named.filter(({ name }) => isWanted(name));
  const pause = pauses();
  for (let from = 0; from < rows; from += BATCH_ROWS) {
    const to = Math.min(rows, from + BATCH_ROWS);
    const data: NamedData[] = [];
    for (const column of columns) {
      data.push({ name: column.name, data: dataOf(pieceOf(column, from, to), words) });
      await pause();
    }
    const sizes: ColumnSize[] = [];
    for (const column of named) {
      sizes.push(sizeFromSome(column, from, to, words));
      await pause();
    }
    yield { columns: data, rows: to - from, sizes, fraction: to / rows };
  }
}

/** Some rows, with texts of their own where the column's dictionary has more words than a batch has rows: all of them would be bytes for each batch. */
function pieceOf(column: Column, from: number, to: number): Column {
  const { name, type, length } = column;
  const { values, validity, dictionary } = column.storage;
  if (!dictionary || dictionary.length <= BATCH_ROWS || parseType(type).family !== "text")
    return column.slice(from, to);
  const texts = Array.from({ length: Math.min(to, length) - from }, (_, i) => {
    const row = from + i;
    return validity && !isSet(validity, row) ? null : dictionary[values[row] as number];
  });
  return new Column(name, type, texts.length, { values: texts });
}

function dataOf(column: Column, words: EncodedWords): Data {
  return tableOfColumns([column], column.length, asMixed, words).batches[0]?.data.children[0] as Data;
}

/** Of rows of which every value of a few is looked at. */
function sizeFromSome(column: Column, from: number, to: number, encoded: EncodedWords): ColumnSize {
  const count = Math.min(SIZED_ROWS, to - from);
  const { nulls, textBytes, words } = sizeOfData(dataOf(pieceOf(column, from, from + count), encoded));
  const times = (some: number) => Math.round((some * (to - from)) / count);
  return {
    name: column.name,
    type: column.type,
    nulls: times(nulls),
    textBytes: words > 0 ? textBytes : times(textBytes),
    words,
  };
}

function fieldsOfColumns(columns: readonly Column[]): TableField[] {
  const names = columnNames(columns.map(({ name }) => name));
  return columns.map((column, i) => {
    // The type of plain values is that of all of them; of typed ones the values need no look.
    const { length } = column;
    const isPlain = parseType(column.type).family === "other";
    const [field] = tableOfColumns([isPlain ? column : pieceOf(column, 0, 0)], isPlain ? length : 0, asMixed).schema
      .fields;
    return { name: names[i] as string, type: (field as TableField).type };
  });
}
