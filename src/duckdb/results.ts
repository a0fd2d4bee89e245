import { setImmediate as nextTurn } from "node:timers/promises";
import type { DuckDBConnection, DuckDBDataChunk, DuckDBResult, DuckDBValueConverter } from "@duckdb/node-api";
import { EngineError, type OutgrowError } from "../errors.ts";
import type { EngineTable } from "../query/engine-table.ts";
import { createBuilder } from "./builder.ts";
import type { ColumnBuilder } from "./builder-base.ts";
import type { QueryOptions, StreamedTable } from "./query-options.ts";

/** Name of the column that marks the last row of a stream. */
const END = "outgrow end";

/** What a session lends to who reads its results. */
export interface ResultAccess {
  readonly connection: DuckDBConnection;
  readonly convert: DuckDBValueConverter<unknown>;
  /** Runs a call of the engine as long as the session is open, and translates its failure. */
  guard<T>(call: () => Promise<T>, sourceTypes: QueryOptions["sourceTypes"]): Promise<T>;
}

/** A result as typed columns, computed as a whole before its first row is read. */
export async function readWhole(access: ResultAccess, sql: string, options: QueryOptions): Promise<EngineTable> {
  const { sourceTypes } = options;
  const result = await access.guard(() => access.connection.run(sql), sourceTypes);
  const builders = buildersOf(access, result, result.columnCount, options);
  let rows = 0;
  let next = fetchAhead(access, result, options);
  for (let chunk = await next; chunk; chunk = await next) {
    next = fetchAhead(access, result, options);
    for (const [column, builder] of builders.entries()) await builder.append(chunk, column, 0, chunk.rowCount);
    rows += chunk.rowCount;
  }
  return { columns: builders.map((builder) => builder.finish()), rows };
}

/** A result in tables, read while the engine computes it. The end of the tables is the end of the data. */
export async function* readTables(
  access: ResultAccess,
  sql: string,
  tableRows: number | (() => number),
  options: QueryOptions,
): AsyncGenerator<StreamedTable, void, undefined> {
  // The engine ends a stream that failed as it ends one that is done, so that a last row of our own tells them apart.
  const marked = `SELECT *, false AS "${END}" FROM (${sql}) UNION ALL BY NAME SELECT true AS "${END}"`;
  const result = await access.guard(() => access.connection.stream(marked), options.sourceTypes);
  const end = result.columnCount - 1;
  const start = () => buildersOf(access, result, end, options);
  const sizeOf = typeof tableRows === "number" ? () => tableRows : tableRows;
  let { skip = 0 } = options;
  let [builders, rows, firstRow, isDone, size] = [start(), 0, skip, false, sizeOf()];
  let next = fetchAhead(access, result, options);
  while (!isDone) {
    const chunk = await next;
    if (!chunk) throw await hiddenFailure(access, sql, options);
    // Also behind the last: the engine takes a result for abandoned, and takes back the list of rows that it left out, until its end was asked for.
    next = fetchAhead(access, result, options);
    isDone = chunk.getColumnVector(end).getItem(chunk.rowCount - 1) === true;
    const available = chunk.rowCount - (isDone ? 1 : 0);
    const passed = Math.min(skip, available);
    skip -= passed;
    for (let from = passed; from < available; ) {
      const count = Math.min(available - from, size - rows);
      for (const [column, builder] of builders.entries()) await builder.append(chunk, column, from, count);
      from += count;
      rows += count;
      if (rows < size) continue;
      // Whoever has the table may ask the engine for something else.
      await next.catch(() => undefined);
      yield { columns: builders.map((builder) => builder.finish()), rows, firstRow };
      [builders, firstRow, rows, size] = [start(), firstRow + rows, 0, sizeOf()];
    }
  }
  await next;
  if (rows > 0 || firstRow === 0) yield { columns: builders.map((builder) => builder.finish()), rows, firstRow };
}

function buildersOf(
  { convert, guard }: ResultAccess,
  result: DuckDBResult,
  count: number,
  { types = {}, rows }: QueryOptions,
): ColumnBuilder[] {
  const known = new Map(Object.entries(types));
  const reading = { convert, pause: () => guard(() => nextTurn(), undefined) };
  return Array.from({ length: count }, (_, i) => {
    const name = result.columnName(i);
    return createBuilder(name, result.columnType(i).toString(), reading, known.get(name), rows);
  });
}

/** The next chunk, which the engine looks for while the one before it is taken; undefined at the end. */
function fetchAhead(
  access: ResultAccess,
  result: DuckDBResult,
  { sourceTypes }: QueryOptions,
): Promise<DuckDBDataChunk | undefined> {
  const fetched = access
    .guard(() => result.fetchChunk(), sourceTypes)
    .then((chunk) => (chunk && chunk.rowCount > 0 ? chunk : undefined));
  // Who fails with the chunk before it does not wait for this one.
  fetched.catch(() => undefined);
  return fetched;
}

/** A stream does not say why it failed: the same query, each value looked at, does. */
async function hiddenFailure(access: ResultAccess, sql: string, { sourceTypes }: QueryOptions): Promise<OutgrowError> {
  try {
    await access.guard(() => access.connection.run(`SELECT max(hash(COLUMNS(*))) FROM (${sql})`), sourceTypes);
  } catch (failure) {
    return failure as OutgrowError;
  }
  return new EngineError("E_STREAM_ENDED", "DuckDB ended the data before their end and does not say why", {
    hint: "run it again, with a higher --memory-limit if it stays",
  });
}
