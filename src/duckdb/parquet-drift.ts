import { compareSchemas, type Drift } from "../source/drift.ts";
import { namesApart } from "../source/names-apart.ts";
import type { FileSource } from "../source/source.ts";
import { pandasType } from "./pandas-type.ts";
import type { DuckdbSession } from "./session.ts";
import { quoteList } from "./sql.ts";

function typeOf(sqlType: string): string {
  return sqlType === '"NULL"' ? "null" : pandasType(sqlType);
}

export interface ParquetDrift extends Drift {
  /** Some file has a column that stands in the names of folders as well, whose values are taken for all rows. */
  readonly isBehindFolders: boolean;
}

const NONE: ParquetDrift = { drift: undefined, conflicts: [], isBehindFolders: false };

/** How the columns of Parquet files differ, from their footers: the engine itself joins what it finds, a day and a number to a day. */
export async function parquetDrift(
  session: DuckdbSession,
  { format, files, what, partitions }: FileSource,
): Promise<ParquetDrift> {
  if (format !== "parquet" || (files.length < 2 && !partitions) || what !== undefined) return NONE;
  const inFolders = new Set(partitions?.columns.map(({ name }) => name.toLowerCase()));
  let isBehindFolders = false;
  const paths = quoteList(files.map((file) => file.path));
  const { columns, rows } = await session.query(
    `SELECT file_name, name, coalesce(duckdb_type, 'STRUCT') AS type, coalesce(num_children, 0) AS children FROM parquet_schema(${paths})`,
  );
  const read = (column: number, row: number): unknown => {
    const { values, dictionary } = columns[column] as (typeof columns)[number];
    return dictionary ? dictionary[values[row] as number] : values[row];
  };
  const schemas = new Map<string, { name: string; type: string }[]>();
  for (let row = 0; row < rows; row = next(row)) {
    const file = String(read(0, row));
    const [found, name] = [schemas.get(file), String(read(1, row))];
    // The first line of a file is its root, whose children are the columns.
    if (!found) schemas.set(file, []);
    else if (inFolders.has(name.toLowerCase())) isBehindFolders = true;
    else found.push({ name, type: typeOf(String(read(2, row))) });
  }
  const apart = namesApart([...schemas.keys()]);
  const drift = compareSchemas([...schemas.values()].map((found, i) => ({ file: apart[i] ?? "", columns: found })));
  return { ...drift, isBehindFolders };

  /** The line behind a column and what is inside of it. */
  function next(row: number): number {
    if (row === 0 || read(0, row) !== read(0, row - 1)) return row + 1;
    let [at, open] = [row, 1];
    for (; open > 0; at++) open += Number(read(3, at)) - 1;
    return at;
  }
}
