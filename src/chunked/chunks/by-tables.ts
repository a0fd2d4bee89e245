import { setImmediate } from "node:timers/promises";
import { arrow, type Data } from "../../frame/arrow.ts";
import type { Column } from "../../frame/column.ts";
import { columnOfVector } from "../../frame/from-arrow.ts";
import { inferColumn } from "../../frame/infer.ts";
import { typeKey } from "../../frame/type-key.ts";
import type { EngineColumn } from "../../query/engine-table.ts";
import { mentions, planColumns } from "../../query/plan.ts";
import { refuseConflicts } from "../../source/drift.ts";
import { schemaOfFields, type TableBatch, type TableSource } from "../../tables/table-source.ts";
import { untilStopped } from "../../tables/until-stopped.ts";
import { bytesOf, type CallbackOptions, rowsPerChunk } from "../options.ts";
import { rowBytes } from "../whole.ts";
import { type ChunkCut, type EngineChunk, UNLIMITED } from "./chunk-stream.ts";

/** Rows whose memory is measured, where the size of chunks depends on it. */
const SAMPLE_ROWS = 2000;

/** Whether chunks are cut from tables as they are: a condition and other types are the general engine's. */
export function isPlain({ where, dtype }: CallbackOptions): boolean {
  return where === undefined && dtype === undefined;
}

/** The chunks of tables, each of so many rows whatever the batches are that the rows came in. */
export async function* chunksByTables(
  source: TableSource,
  options: CallbackOptions,
  { size, resume, limit = UNLIMITED }: ChunkCut,
  onFraction: (fraction: number | undefined) => void,
): AsyncGenerator<EngineChunk, void, undefined> {
  const taken = resume?.rows ?? 0;
  refuseConflicts(source.conflicts ?? [], mentions(options), {});
  let wanted = source.fields && namesOf(source.fields, options);
  let sizedRows: number | undefined;
  let [parts, rows, firstRow]: [TableBatch[], number, number] = [[], 0, taken];
  let [chunkRows, skip] = [0, taken];
  const chunk = (): EngineChunk => {
    const made = { columns: columnsOf(parts), rows, firstRow };
    [parts, firstRow, rows] = [[], firstRow + rows, 0];
    return made;
  };
  for await (const given of untilStopped(source.batches(), options.signal)) {
    wanted ??= namesOf(
      given.columns.map(({ name, data }) => ({ name, type: data.type })),
      options,
    );
    const batch = only(given, wanted, options.usecols === undefined);
    sizedRows ??= rowsPerChunk(size, rowBytes(sampleOf(batch)), bytesOf(options.memoryLimit));
    const passed = Math.min(skip, batch.rows);
    skip -= passed;
    for (let from = passed; from < batch.rows; ) {
      if (rows === 0) chunkRows = Math.min(sizedRows, limit.mostRows);
      const to = Math.min(batch.rows, from + chunkRows - rows);
      parts.push(slice(batch, from, to));
      rows += to - from;
      from = to;
      if (rows < chunkRows) continue;
      yield chunk();
      // Of data in memory all is promises: without a turn of the loop Stop would not be heard.
      await setImmediate();
    }
    onFraction(batch.fraction);
    await setImmediate();
  }
  if (rows > 0) yield chunk();
  else if (firstRow === 0) yield { columns: emptyColumns(source, wanted), rows: 0, firstRow: 0 };
}

/** @throws {UsageError} E_NO_COLUMN */
function namesOf(fields: NonNullable<TableSource["fields"]>, options: CallbackOptions): ReadonlySet<string> {
  return new Set(planColumns(schemaOfFields(fields), options).map(({ name }) => name));
}

/** A later batch of an iterable may have columns that the first does not. */
function only(batch: TableBatch, wanted: ReadonlySet<string>, isAll: boolean): TableBatch {
  return isAll ? batch : { ...batch, columns: batch.columns.filter(({ name }) => wanted.has(name)) };
}

function slice(batch: TableBatch, from: number, to: number): TableBatch {
  if (from === 0 && to === batch.rows) return batch;
  const columns = batch.columns.map(({ name, data }) => ({ name, data: data.slice(from, to - from) }));
  return { columns, rows: to - from, fraction: undefined };
}

function sampleOf(batch: TableBatch) {
  const rows = Math.min(SAMPLE_ROWS, batch.rows);
  return { columns: columnsOf([slice(batch, 0, rows)]), rows };
}

/** The columns of some batches below each other. */
function columnsOf(parts: readonly TableBatch[]): EngineColumn[] {
  const names = new Set(parts.flatMap(({ columns }) => columns.map(({ name }) => name)));
  return [...names].map((name) => {
    const found = parts.map(({ columns }) => columns.find((column) => column.name === name)?.data);
    return engineColumn(joined(name, found, parts));
  });
}

/** Batches of an iterable may differ in their types: those are brought together value by value. */
function joined(name: string, found: readonly (Data | undefined)[], parts: readonly TableBatch[]): Column {
  const { Vector } = arrow();
  const [first] = found;
  const key = first && typeKey(first.type);
  if (first && found.every((data) => data && typeKey(data.type) === key))
    return columnOfVector(name, first.type, new Vector(found as Data[]));
  const values = found.map((data, i) =>
    data
      ? columnOfVector(name, data.type, new Vector([data])).toArray()
      : new Array<null>((parts[i] as TableBatch).rows).fill(null),
  );
  return inferColumn(name, values.flat(1));
}

function engineColumn({ name, type, storage, arrowType }: Column): EngineColumn {
  return { name, type, ...storage, arrowType } as EngineColumn;
}

function emptyColumns({ fields = [] }: TableSource, wanted: ReadonlySet<string> | undefined): EngineColumn[] {
  const { Vector, makeData } = arrow();
  return fields
    .filter(({ name }) => wanted?.has(name))
    .map(({ name, type }) => {
      const data = makeData({ type, length: 0, nullCount: 0 } as never) as Data;
      return engineColumn(columnOfVector(name, type, new Vector([data])));
    });
}
