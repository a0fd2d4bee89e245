import { setImmediate as nextTurn } from "node:timers/promises";
import type { DuckDBConnection } from "@duckdb/node-api";
import { Interrupted } from "../../errors.ts";
import type { Data } from "../../frame/arrow.ts";
import { pauses } from "../../pauses.ts";
import { duckdbApi } from "../api.ts";
import { copyValidity, native, VECTOR_ROWS } from "./native.ts";
import type { WriteRows } from "./vector-writer.ts";

/** A column of a table that gets rows. */
export interface AppendedColumn {
  readonly data: Data;
  readonly write: WriteRows;
}

/** Lays columns of Arrow data into a table of the engine, and lets go of the event loop in between. */
export async function appendColumns(
  connection: DuckDBConnection,
  table: string,
  columns: readonly AppendedColumn[],
  rows: number,
  signal: AbortSignal | undefined,
): Promise<void> {
  const { DuckDBDataChunk } = duckdbApi();
  const appender = await connection.createAppender(table);
  try {
    const types = columns.map((_, i) => appender.columnType(i));
    const pause = pauses(async () => {
      await nextTurn();
      if (signal?.aborted) throw new Interrupted();
    });
    for (let from = 0; from < rows; from += VECTOR_ROWS) {
      const count = Math.min(VECTOR_ROWS, rows - from);
      const chunk = DuckDBDataChunk.create(types, count);
      for (const [i, { data, write }] of columns.entries()) {
        const vector = native().data_chunk_get_vector(chunk.chunk, i);
        copyValidity(vector, data, from, count);
        write(data, from, count, vector);
      }
      appender.appendDataChunk(chunk);
      await pause();
    }
  } finally {
    appender.closeSync();
  }
}
