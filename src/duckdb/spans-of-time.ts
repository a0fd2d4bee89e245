import { readSchemaMessage } from "../frame/read-arrow.ts";
import { pandasType } from "../frame/schema.ts";
import type { FileSource } from "../source/source.ts";
import type { DuckdbSession } from "./session.ts";
import { quoteList } from "./sql.ts";

/**
 * The columns of Parquet files that Arrow wrote as spans of time, with pandas' names for them: Parquet has no such type, so that they are whole
 * numbers there, and the schema that Arrow leaves beside them alone knows.
 */
export async function spansOfTime(session: DuckdbSession, { files }: FileSource): Promise<ReadonlyMap<string, string>> {
  const paths = quoteList(files.map((file) => file.path));
  const { columns } = await session.query(
    `SELECT DISTINCT decode(value) AS schema FROM parquet_kv_metadata(${paths}) WHERE decode(key) = 'ARROW:schema'`,
  );
  const fields = (columns[0]?.dictionary ?? []).flatMap((text) => readSchemaMessage(text)?.fields ?? []);
  return new Map(
    fields.flatMap(({ name, type }): [string, string][] => {
      const known = pandasType(type);
      return known.startsWith("timedelta64") ? [[name, known]] : [];
    }),
  );
}
