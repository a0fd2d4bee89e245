import { arrow, type DataType } from "../frame/arrow.ts";
import { readSchemaMessage } from "../frame/read-arrow.ts";
import type { EngineColumn } from "../query/engine-table.ts";
import type { FileSource } from "../source/source.ts";
import type { DuckdbSession } from "./session.ts";
import { quoteList } from "./sql.ts";

export type SpansOfTime = ReadonlyMap<string, DataType>;

/**
 * The columns of Parquet files that Arrow wrote as spans of time, with their types: Parquet has no such type, so that they are whole numbers there, and
 * the schema that Arrow leaves beside them alone knows.
 */
export async function spansOfTime(session: DuckdbSession, { files, format, what }: FileSource): Promise<SpansOfTime> {
  if (format !== "parquet" || what !== undefined) return new Map();
  const paths = quoteList(files.map((file) => file.path));
  const { columns } = await session.query(
    `SELECT DISTINCT decode(value) AS schema FROM parquet_kv_metadata(${paths}) WHERE decode(key) = 'ARROW:schema'`,
  );
  const { DataType } = arrow();
  const fields = (columns[0]?.dictionary ?? []).flatMap((text) => readSchemaMessage(text)?.fields ?? []);
  return new Map(fields.flatMap(({ name, type }) => (DataType.isDuration(type) ? [[name, type] as const] : [])));
}

/** Whole numbers that are spans of time are shown as such; to code they stay the numbers that they are. */
export function withSpans(columns: readonly EngineColumn[], spans: SpansOfTime): EngineColumn[] {
  return columns.map((column) => {
    const span = column.type === "int64" ? spans.get(column.name) : undefined;
    return span ? { ...column, arrowType: span } : column;
  });
}
