import { arrow, type DataType } from "../frame/arrow.ts";
import { readSchemaMessage } from "../frame/read-arrow.ts";
import { pandasType } from "../frame/schema.ts";
import type { EngineColumn } from "../query/engine-table.ts";
import type { DuckdbSession } from "./session.ts";
import { quoteList } from "./sql.ts";

/** Columns that are spans of time, with their types. */
export type SpansOfTime = ReadonlyMap<string, DataType>;

export type SpansByFile = ReadonlyMap<string, SpansOfTime>;

/**
 * The columns of Parquet files that Arrow wrote as spans of time: Parquet has no such type, so that they are whole numbers there, and
 * the schema that Arrow leaves beside them alone knows.
 */
export async function spansByFile(session: DuckdbSession, paths: readonly string[]): Promise<SpansByFile> {
  const { columns, rows } = await session.query(
    `SELECT file_name, decode(value) AS schema FROM parquet_kv_metadata(${quoteList(paths)}) WHERE decode(key) = 'ARROW:schema'`,
  );
  const [files, texts] = columns;
  const spans = texts?.dictionary?.map(spansIn) ?? [];
  return new Map(
    Array.from({ length: rows }, (_, row) => [
      files?.dictionary?.[files.values[row] as number] ?? "",
      spans[texts?.values[row] as number] ?? new Map(),
    ]),
  );
}

function spansIn(schema: string): SpansOfTime {
  const { DataType } = arrow();
  const fields = readSchemaMessage(schema)?.fields ?? [];
  return new Map(fields.flatMap(({ name, type }) => (DataType.isDuration(type) ? [[name, type] as const] : [])));
}

/** Those that are the same in all files that have them, `bare` ones left out. */
export function commonSpans(files: SpansByFile, bare: ReadonlySet<string>): SpansOfTime {
  const common = new Map<string, DataType>();
  const odd = new Set(bare);
  for (const spans of files.values())
    for (const [name, span] of spans) {
      if (pandasType(common.get(name) ?? span) !== pandasType(span)) odd.add(name);
      common.set(name, span);
    }
  return new Map([...common].filter(([name]) => !odd.has(name)));
}

/** Whole numbers that are spans of time are shown as such; to code they stay the numbers that they are. */
export function withSpans(columns: readonly EngineColumn[], spans: SpansOfTime = new Map()): EngineColumn[] {
  return columns.map((column) => {
    const span = column.type === "int64" ? spans.get(column.name) : undefined;
    return span ? { ...column, arrowType: span } : column;
  });
}
