import { DataError, OutgrowError } from "../errors.ts";
import type { QueryPlan } from "../query/plan.ts";
import { type Aggregate, NEEDS_NUMBERS } from "../query/query.ts";
import type { FileSource } from "../source/source.ts";
import { aggregateSql, type ExactScale } from "./aggregate-sql.ts";
import { checkSql } from "./check-sql.ts";
import { type DescribedSource, scanColumns } from "./describe.ts";
import { explainInteger } from "./locate.ts";
import { guardFailure, type ScanColumn, selectOf } from "./scan.ts";
import type { DuckdbSession } from "./session.ts";

/** Name of the column that counts the rows that went in. */
export const ROWS = "outgrow rows";

/** What came of one query, and the columns of its result in which NaN is. */
export interface Attempt<T> {
  readonly value: T;
  readonly withNaN: ReadonlySet<string>;
}

/** Asks until types and methods of adding fit the data: what does not fit is found by the engine as it reads. */
export async function answerOf<T>(
  session: DuckdbSession,
  source: FileSource,
  described: DescribedSource,
  plan: QueryPlan,
  ask: (sql: string) => Promise<Attempt<T>>,
): Promise<T> {
  let columns = scanColumns(described, typedFor(plan));
  await checkSql(session, source, columns, plan);
  let exact = plan.isEmpty ? {} : await sampleScales(session, source, columns, plan.aggregates);
  const plain = new Set<string>();
  for (;;) {
    try {
      const sql = aggregateSql(selectOf(source, columns), columns, plan, { exact, plain, rowsName: ROWS });
      const { value, withNaN } = await ask(sql);
      const spoiled = sumsWithNaN(withNaN, plan.aggregates, plain);
      if (spoiled.length === 0) return value;
      // Compensation turns infinities into NaN: only a plain sum tells them apart.
      for (const name of spoiled) plain.add(name);
    } catch (failure) {
      const guard = guardFailure(
        failure instanceof OutgrowError ? String((failure.cause as Error | undefined)?.message) : "",
      );
      if (guard === undefined) throw failure;
      if (guard.kind === "decimal")
        exact = Object.fromEntries(Object.entries(exact).filter(([name]) => name !== guard.column));
      else
        columns = await retyped(session, source, columns, guard.column, Object.hasOwn(plan.dtype ?? {}, guard.column));
    }
  }
}

/** Without rows text has no types: what numbers are asked of is read as numbers. */
function typedFor(plan: QueryPlan): QueryPlan["columns"] {
  if (!plan.isEmpty) return plan.columns;
  const numeric = new Set(plan.aggregates.filter(({ fn }) => NEEDS_NUMBERS.has(fn)).map(({ column }) => column));
  return plan.columns.map(({ name, type }) => ({ name, type: numeric.has(name) && type === "str" ? "float64" : type }));
}

/** Decimal places of the double columns that are summed, found in the first rows; a column without a scale is left out. */
async function sampleScales(
  session: DuckdbSession,
  source: FileSource,
  columns: readonly ScanColumn[],
  aggregates: readonly Aggregate[],
): Promise<ExactScale> {
  const summed = new Set(aggregates.filter(({ fn }) => fn === "sum" || fn === "mean").map(({ column }) => column));
  const wanted = columns.filter(({ name, type }) => type === "float64" && summed.has(name));
  if (wanted.length === 0) return {};
  const table = await session.query(`SELECT * FROM (${selectOf(source, wanted)}) LIMIT 2000`);
  const scales = table.columns.map(({ name, values }) => [name, scaleOf(values as Float64Array)] as const);
  return Object.fromEntries(scales.filter((entry): entry is [string, number] => entry[1] !== undefined));
}

/** The most decimal places of any value; undefined for values that are no decimals of up to six places. */
function scaleOf(values: Float64Array): number | undefined {
  let scale = 0;
  for (const value of values) {
    while (scale <= 6 && Math.round(value * 10 ** scale) / 10 ** scale !== value) scale++;
    if (scale > 6) return undefined;
  }
  return scale;
}

/** A column that was taken for integers and holds something else gets the type that fits, unless the user gave the type. */
export async function retyped(
  session: DuckdbSession,
  source: FileSource,
  columns: readonly ScanColumn[],
  name: string,
  isDeclared: boolean,
): Promise<ScanColumn[]> {
  const column = columns.find((one) => one.name === name) as ScanColumn;
  const fault = await explainInteger(session, source, column);
  const isWideInteger = /^\s*[+-]?\d+\s*$/.test(fault.value) && /^u?int64$/.test(column.type) && !column.isWide;
  if (isDeclared && !isWideInteger) throw fault.error;
  if (column.type === "float64")
    throw new DataError("E_BAD_VALUE", fault.error.message, { hint: fault.error.hint ?? "", cause: fault.error });
  const better: ScanColumn = isWideInteger
    ? { ...column, isWide: true }
    : { ...column, type: "float64", isWide: false };
  return columns.map((one) => (one.name === name ? better : one));
}

/** Compensated sums that came out as NaN. */
function sumsWithNaN(
  names: ReadonlySet<string>,
  aggregates: readonly Aggregate[],
  plain: ReadonlySet<string>,
): string[] {
  const sums = aggregates.filter(
    ({ fn, name, column }) => (fn === "sum" || fn === "mean") && names.has(name) && !plain.has(column),
  );
  return [...new Set(sums.map(({ column }) => column))];
}
