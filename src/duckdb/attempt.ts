import { DataError } from "../errors.ts";
import type { QueryPlan } from "../query/plan.ts";
import { type Aggregate, NEEDS_NUMBERS } from "../query/query.ts";
import { decimalPlaces } from "../query/unit-sums.ts";
import type { FileSource } from "../source/source.ts";
import { aggregateSql } from "./aggregate-sql.ts";
import { checkSql } from "./check-sql.ts";
import { type CloseKeys, closeKeys } from "./close-keys.ts";
import { type DescribedSource, scanColumns } from "./describe.ts";
import type { ExactScale } from "./exact-sum.ts";
import { type FileStatistics, fileStatistics, type Range } from "./file-statistics.ts";
import { explainInteger } from "./locate.ts";
import { guardFailure, type ScanColumn, selectOf } from "./select.ts";
import type { DuckdbSession } from "./session.ts";

/** Name of the column that counts the rows that went in. */
export const ROWS = "outgrow rows";

/** What came of one query, and the columns of its result in which NaN or an infinity is. */
export interface Attempt<T> {
  readonly value: T;
  readonly notFinite: ReadonlySet<string>;
}

/** A query over a source, and what its files say beforehand. */
export interface Question {
  readonly session: DuckdbSession;
  readonly source: FileSource;
  readonly described: DescribedSource;
  readonly plan: QueryPlan;
  readonly statistics: FileStatistics | undefined;
  readonly close: CloseKeys | undefined;
  /** Groups may come as they are found. */
  readonly isUnordered?: boolean;
}

export async function questionOf(
  session: DuckdbSession,
  source: FileSource,
  described: DescribedSource,
  plan: QueryPlan,
): Promise<Question> {
  const doubles = new Set(summedOf(plan));
  const keys = new Set(plan.keys.map(({ name }) => name));
  const columns = scanColumns(described, plan.columns).filter(({ name, type }) =>
    type === "float64" ? doubles.has(name) : keys.has(name),
  );
  const statistics = await fileStatistics(session, source, columns);
  return { session, source, described, plan, statistics, close: closeKeys(plan, statistics, session) };
}

/** Columns that are added up. */
function summedOf({ aggregates }: QueryPlan): string[] {
  return aggregates.flatMap(({ fn, column }) => (fn === "sum" || fn === "mean" ? [column] : []));
}

/** Asks until types and methods of adding fit the data: what does not fit is found by the engine as it reads. */
export async function answerOf<T>(question: Question, ask: (sql: string) => Promise<Attempt<T>>): Promise<T> {
  const { session, source, described, plan, isUnordered } = question;
  let columns = scanColumns(described, typedFor(plan));
  await checkSql(session, source, columns, plan);
  const exact = new Map(plan.isEmpty ? [] : await sampleScales(question, columns));
  const plain = new Set<string>();
  for (;;) {
    try {
      const methods = { exact, plain, rowsName: ROWS, isUnordered };
      const sql = aggregateSql(selectOf(source, columns), columns, plan, methods);
      const { value, notFinite } = await withPlaces(question, () => ask(sql));
      const spoiled = spoiledSums(notFinite, plan.aggregates, plain);
      if (spoiled.length === 0) return value;
      for (const name of spoiled) {
        const scale = exact.get(name);
        if (scale && !scale.isOneSigned && !scale.isCounted) {
          // Large values may have cancelled out.
          exact.set(name, { ...scale, isCounted: true });
          continue;
        }
        // Compensation turns infinities into NaN: only a plain sum tells them apart.
        exact.delete(name);
        plain.add(name);
      }
    } catch (failure) {
      const guard = guardFailure(failure);
      if (guard === undefined) throw failure;
      columns = await retyped(session, source, columns, guard, Object.hasOwn(plan.dtype ?? {}, guard));
    }
  }
}

/** Lets the engine have a table of as many groups as there can be. */
async function withPlaces<T>({ session, close }: Question, work: () => Promise<T>): Promise<T> {
  if (close === undefined) return work();
  await session.execute(`SET perfect_ht_threshold = ${close.bits}`);
  try {
    return await work();
  } finally {
    await session.execute("RESET perfect_ht_threshold").catch(() => undefined);
  }
}

/** Without rows text has no types: what numbers are asked of is read as numbers. */
function typedFor(plan: QueryPlan): QueryPlan["columns"] {
  if (!plan.isEmpty) return plan.columns;
  const numeric = new Set(plan.aggregates.filter(({ fn }) => NEEDS_NUMBERS.has(fn)).map(({ column }) => column));
  return plan.columns.map(({ name, type }) => ({ name, type: numeric.has(name) && type === "str" ? "float64" : type }));
}

/** Of the double columns that are summed the decimal places, found in the first rows; a column without a scale is left out. */
async function sampleScales(
  { session, source, plan, statistics }: Question,
  columns: readonly ScanColumn[],
): Promise<(readonly [string, ExactScale])[]> {
  const summed = new Set(summedOf(plan));
  const wanted = columns.filter(({ name, type }) => type === "float64" && summed.has(name));
  if (wanted.length === 0) return [];
  const table = await session.query(`SELECT * FROM (${selectOf(source, wanted)}) LIMIT 2000`);
  return table.columns.flatMap(({ name, values }) => {
    const places = decimalPlaces(values as Float64Array);
    if (places === undefined) return [];
    return [[name, { places, isOneSigned: isOneSigned(statistics?.ranges.get(name)) }] as const];
  });
}

function isOneSigned(range: Range | undefined): boolean {
  return range !== undefined && (range.low >= 0 || range.high <= 0);
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

/** Columns whose sums are no numbers, and might be with another method. */
function spoiledSums(
  names: ReadonlySet<string>,
  aggregates: readonly Aggregate[],
  plain: ReadonlySet<string>,
): string[] {
  const sums = aggregates.filter(
    ({ fn, name, column }) => (fn === "sum" || fn === "mean") && names.has(name) && !plain.has(column),
  );
  return [...new Set(sums.map(({ column }) => column))];
}
