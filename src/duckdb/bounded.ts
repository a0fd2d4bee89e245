import { mkdir } from "node:fs/promises";
import path from "node:path";
import { MemoryLimitError } from "../errors.ts";
import type { EngineTable } from "../query/engine-table.ts";
import type { DuckdbSession, QueryOptions } from "./session.ts";
import { quoteName, quoteText } from "./sql.ts";

/**
 * The whole result of a query; when the engine runs out of memory, tries once more with one thread and the result written
 * to a file, which needs the least.
 *
 * @throws {MemoryLimitError} when that is not enough either
 */
export async function queryBounded(
  session: DuckdbSession,
  sql: string,
  options: QueryOptions = {},
): Promise<EngineTable> {
  try {
    return await session.query(sql, options);
  } catch (failure) {
    if (!(failure instanceof MemoryLimitError)) throw failure;
  }
  await session.execute("SET threads = 1");
  const table = await queryThroughFile(session, sql, options);
  await session.execute(`SET threads = ${session.threads}`);
  return table;
}

async function queryThroughFile(session: DuckdbSession, sql: string, options: QueryOptions): Promise<EngineTable> {
  await mkdir(session.tempFolder, { recursive: true });
  const file = quoteText(path.join(session.tempFolder, "result.parquet"));
  // Parquet has no 128-bit integers: they go through as decimals.
  const shapes = await session.describe(sql);
  const wide = shapes.filter(({ sqlType }) => sqlType === "HUGEINT").map(({ name }) => quoteName(name));
  await session.execute(
    `COPY (SELECT *${casting(wide, "DECIMAL(38, 0)")} FROM (${sql})) TO ${file} (FORMAT parquet)`,
    options,
  );
  const all = `SELECT *${casting(wide, "HUGEINT")} FROM read_parquet(${file})`;
  for await (const table of session.stream(all, Number.POSITIVE_INFINITY, options)) return table;
  return { columns: [], rows: 0 };
}

function casting(names: readonly string[], type: string): string {
  return names.length === 0 ? "" : ` REPLACE (${names.map((name) => `${name}::${type} AS ${name}`).join(", ")})`;
}
