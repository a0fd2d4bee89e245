import { UsageError } from "../errors.ts";
import type { SourceSchema } from "../query/plan.ts";
import type { Drift } from "../source/drift.ts";
import type { FileSource } from "../source/source.ts";
import { groupedColumns } from "./grouped-columns.ts";
import { ignoreFooters } from "./ignore-footers.ts";
import { momentColumns, type Shape } from "./moment-columns.ts";
import { pandasType } from "./pandas-type.ts";
import { parquetColumns } from "./parquet-columns.ts";
import { explainRagged } from "./ragged.ts";
import { isAbove, scanOf } from "./scan.ts";
import type { ScanColumn } from "./select.ts";
import type { DuckdbSession } from "./session.ts";
import type { SpansOfTime } from "./spans-of-time.ts";
import { quoteName } from "./sql.ts";

interface DescribedColumn extends Shape {
  /** pandas' name. */
  readonly type: string;
}

/** Names and types of a source's columns, from its footer or its first rows. */
export interface DescribedSource extends SourceSchema, Partial<Drift> {
  readonly columns: readonly DescribedColumn[];
  /** Whole numbers that are shown as spans of time. */
  readonly spans?: SpansOfTime | undefined;
}

/**
 * The schema of a source as the engine finds it. What it has to look at all rows for it finds in `mostRows` of them, where nobody needs more.
 *
 * @throws {DataError} E_RAGGED_ROW, E_BAD_JSON, E_DAMAGED_FILE, E_ENCODING
 * @throws {UsageError} E_FORMAT
 */
export async function describeSource(
  session: DuckdbSession,
  source: FileSource,
  { mostRows }: { readonly mostRows?: number } = {},
): Promise<DescribedSource> {
  const scan = scanOf(source);
  const found = await session.describe(`SELECT * FROM ${scan}`).catch(async (failure: unknown) => {
    throw await explainRagged(failure, source);
  });
  const above = new Set(source.partitions?.above);
  if (above.size > 0) await refuseHidden(session, source, above);
  const inData = found.filter(({ name }) => !isAbove(source, name));
  const shapes = await momentColumns(session, source, inData, mostRows ?? LOOKED_AT);
  // The engine takes what has no rows for text, and what is text has rows.
  const mayBeEmpty = source.format === "csv" && shapes.every(({ sqlType }) => sqlType === "VARCHAR");
  const isEmpty = mayBeEmpty && (await session.query(`SELECT 1 FROM ${scan} LIMIT 1`)).rows === 0;
  const columns =
    source.text.thousands === undefined
      ? await typedColumns(session, source, shapes)
      : await groupedColumns(session, source, shapes, mostRows);
  const { isBehindFolders, ...inFiles } = await parquetColumns(session, source);
  // What footers tell of such a column is not what the folders say.
  if (isBehindFolders) await ignoreFooters(session);
  return { columns, isEmpty, ...inFiles };
}

/** To the engine a folder above the data is a column as well, and takes the place of one in the files. */
async function refuseHidden(session: DuckdbSession, source: FileSource, above: ReadonlySet<string>): Promise<void> {
  const inFiles = await session.describe(`SELECT * FROM ${scanOf({ ...source, partitions: undefined })}`);
  const hidden = inFiles.find(({ name }) => above.has(name));
  if (hidden)
    throw new UsageError(
      "E_HIDDEN_COLUMN",
      `a folder "${hidden.name}=…" above the data hides the column "${hidden.name}" of the files`,
      {
        hint: `rename that folder, or name the one above it, so that "${hidden.name}" is a column of the folders`,
      },
    );
}

async function typedColumns(
  session: DuckdbSession,
  source: FileSource,
  shapes: readonly Shape[],
): Promise<DescribedSource["columns"]> {
  const digits = await columnsOfDigits(session, source, shapes);
  return shapes.map((shape) =>
    digits.has(shape.name)
      ? { ...shape, sqlType: "BIGINT", type: "int64" }
      : { ...shape, type: pandasType(shape.sqlType) },
  );
}

/** Rows that the engine's own look takes in. */
export const LOOKED_AT = 20_480;

/**
 * Columns that the engine takes for doubles because some whole number is longer than 64 bits, as card numbers are: as doubles
 * different ones become the same.
 */
async function columnsOfDigits(
  session: DuckdbSession,
  source: FileSource,
  shapes: readonly { readonly name: string; readonly sqlType: string }[],
): Promise<Set<string>> {
  const names = source.format === "csv" ? shapes.filter(({ sqlType }) => sqlType === "DOUBLE") : [];
  if (names.length === 0) return new Set();
  const scan = scanOf(source, Object.fromEntries(names.map(({ name }) => [name, "VARCHAR"])));
  const tests = names.map(
    ({ name }, i) => `bool_and(regexp_full_match(${quoteName(name)}, '\\s*[+-]?[0-9]+\\s*')) AS d${i}`,
  );
  const list = names.map(({ name }) => quoteName(name)).join(", ");
  const { columns } = await session.query(
    `SELECT ${tests.join(", ")} FROM (SELECT ${list} FROM ${scan} LIMIT ${LOOKED_AT})`,
  );
  return new Set(
    names.filter((_, i) => columns[i]?.values[0] === 1 && columns[i]?.validity === undefined).map(({ name }) => name),
  );
}

/**
 * The description with the used columns that hold no value at all as float64, as pandas has them: the engine takes them for text. Reads the source
 * up to the first value of each, so only where a type is in the way.
 */
export async function retypeVoid(
  session: DuckdbSession,
  source: FileSource,
  described: DescribedSource,
  isUsed: (name: string) => boolean,
): Promise<DescribedSource> {
  const columns: DescribedSource["columns"][number][] = [];
  for (const column of described.columns) {
    const mayBeVoid = source.format === "csv" && column.type === "str" && isUsed(column.name);
    const isVoid = mayBeVoid && (await hasNoValue(session, source, column.name));
    columns.push(isVoid ? { ...column, type: "float64" } : column);
  }
  return { ...described, columns };
}

async function hasNoValue(session: DuckdbSession, source: FileSource, name: string): Promise<boolean> {
  const { rows } = await session.query(`SELECT 1 FROM ${scanOf(source)} WHERE ${quoteName(name)} IS NOT NULL LIMIT 1`);
  return rows === 0;
}

/** The columns of a description as they are read, under the types that a plan gives them. */
export function scanColumns(
  described: DescribedSource,
  columns: readonly { readonly name: string; readonly type: string }[],
): ScanColumn[] {
  const found = new Map(described.columns.map((column) => [column.name, column]));
  return columns.map(({ name, type }) => {
    const { sqlType = "VARCHAR", isWritten, format } = found.get(name) ?? {};
    return { name, type, found: sqlType, ...(isWritten && { isWritten, format }) };
  });
}
