import { pandasType as nameOfSpan } from "../frame/schema.ts";
import { compareSchemas, type Drift, spelledAlike } from "../source/drift.ts";
import { namesApart } from "../source/names-apart.ts";
import type { FileSource } from "../source/source.ts";
import { pandasType } from "./pandas-type.ts";
import type { DuckdbSession } from "./session.ts";
import { commonSpans, type SpansByFile, type SpansOfTime, spansByFile } from "./spans-of-time.ts";
import { quoteList } from "./sql.ts";

/** What the footers of Parquet files say of their columns beside what the engine makes of it. */
export interface ParquetColumns extends Drift {
  /** Some file has a column that stands in the names of folders as well, whose values are taken for all rows. */
  readonly isBehindFolders: boolean;
  readonly spans: SpansOfTime;
}

const NONE: ParquetColumns = { drift: undefined, conflicts: [], isBehindFolders: false, spans: new Map() };

interface Column {
  readonly name: string;
  readonly sqlType: string;
}

/** How the columns of Parquet files differ: the engine itself joins what it finds, a day and a number to a day, and spans of time whatever their units. */
export async function parquetColumns(session: DuckdbSession, source: FileSource): Promise<ParquetColumns> {
  const { format, files, what, partitions } = source;
  if (format !== "parquet" || what !== undefined) return NONE;
  const paths = files.map((file) => file.path);
  const schemas = await schemasOf(session, paths);
  const inFolders = new Set(partitions?.columns.map(({ name }) => name.toLowerCase()));
  const isInFile = ({ name }: Column) => !inFolders.has(name.toLowerCase());
  const all = [...schemas.values()].flat();
  const spans: SpansByFile = all.some(isWhole) ? await spansByFile(session, paths) : new Map();
  const bare = new Set(
    [...schemas].flatMap(([file, columns]) =>
      columns.filter(({ name }) => !spans.get(file)?.has(name)).map(({ name }) => name),
    ),
  );
  const typeIn = (file: string, { name, sqlType }: Column) => {
    const span = bare.has(name) ? undefined : spans.get(file)?.get(name);
    return span ? nameOfSpan(span) : typeOf(sqlType);
  };
  const apart = namesApart([...schemas.keys()]);
  const alike = spelledAlike(
    [...schemas].map(([file, columns], i) => ({
      file: apart[i] ?? "",
      columns: columns.filter(isInFile).map((column) => ({ name: column.name, type: typeIn(file, column) })),
    })),
  );
  const { drift, conflicts } = compareSchemas(alike.files);
  const words = [...(drift === undefined ? [] : [drift]), ...alike.words].join(", ");
  return {
    drift: words === "" ? undefined : words,
    conflicts,
    isBehindFolders: !all.every(isInFile),
    spans: commonSpans(spans, bare),
  };
}

function isWhole({ sqlType }: Column): boolean {
  return sqlType === "BIGINT";
}

function typeOf(sqlType: string): string {
  return sqlType === '"NULL"' ? "null" : pandasType(sqlType);
}

/** By file its columns, without what is inside of them. */
async function schemasOf(
  session: DuckdbSession,
  paths: readonly string[],
): Promise<ReadonlyMap<string, readonly Column[]>> {
  const { columns, rows } = await session.query(
    `SELECT file_name, name, coalesce(duckdb_type, 'STRUCT') AS type, coalesce(num_children, 0) AS children FROM parquet_schema(${quoteList(paths)})`,
  );
  const read = (column: number, row: number): unknown => {
    const { values, dictionary } = columns[column] as (typeof columns)[number];
    return dictionary ? dictionary[values[row] as number] : values[row];
  };
  const schemas = new Map<string, Column[]>();
  for (let row = 0; row < rows; row = next(row)) {
    const file = String(read(0, row));
    const found = schemas.get(file);
    // The first line of a file is its root, whose children are the columns.
    if (!found) schemas.set(file, []);
    else found.push({ name: String(read(1, row)), sqlType: String(read(2, row)) });
  }
  return schemas;

  /** The line behind a column and what is inside of it. */
  function next(row: number): number {
    if (row === 0 || read(0, row) !== read(0, row - 1)) return row + 1;
    let [at, open] = [row, 1];
    for (; open > 0; at++) open += Number(read(3, at)) - 1;
    return at;
  }
}
