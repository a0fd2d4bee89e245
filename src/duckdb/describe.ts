import type { SourceSchema } from "../query/plan.ts";
import type { FileSource } from "../source/source.ts";
import { pandasType } from "./column.ts";
import { explainRagged } from "./ragged.ts";
import type { ScanColumn } from "./scan.ts";
import { scanOf } from "./scan.ts";
import type { DuckdbSession } from "./session.ts";

/** Names and types of a source's columns, from its footer or its first rows. */
export interface DescribedSource extends SourceSchema {
  readonly columns: readonly { readonly name: string; readonly type: string; readonly sqlType: string }[];
}

/**
 * The schema of a source as the engine finds it.
 *
 * @throws {DataError} E_RAGGED_ROW, E_BAD_JSON, E_DAMAGED_FILE, E_ENCODING
 * @throws {UsageError} E_FORMAT
 */
export async function describeSource(session: DuckdbSession, source: FileSource): Promise<DescribedSource> {
  const scan = scanOf(source);
  const shapes = await session.describe(`SELECT * FROM ${scan}`).catch(async (failure: unknown) => {
    throw await explainRagged(failure, source);
  });
  // The engine takes what has no rows for text, and what is text has rows.
  const mayBeEmpty = source.format === "csv" && shapes.every(({ sqlType }) => sqlType === "VARCHAR");
  const isEmpty = mayBeEmpty && (await session.query(`SELECT 1 FROM ${scan} LIMIT 1`)).rows === 0;
  return { columns: shapes.map(({ name, sqlType }) => ({ name, sqlType, type: pandasType(sqlType) })), isEmpty };
}

/** The columns of a description as they are read, under the types that a plan gives them. */
export function scanColumns(
  described: DescribedSource,
  columns: readonly { readonly name: string; readonly type: string }[],
): ScanColumn[] {
  const found = new Map(described.columns.map(({ name, sqlType }) => [name, sqlType]));
  return columns.map(({ name, type }) => ({ name, type, found: found.get(name) ?? "VARCHAR" }));
}
