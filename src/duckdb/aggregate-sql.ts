import type { QueryPlan } from "../query/plan.ts";
import type { Aggregate } from "../query/query.ts";
import { raise, type ScanColumn } from "./scan.ts";
import { quoteName } from "./sql.ts";

/** Decimal places at which the sums of a double column are exact integers, by column. */
export type ExactScale = Readonly<Record<string, number>>;

export interface SumMethods {
  readonly exact: ExactScale;
  /** Columns whose sums are neither exact nor compensated: they hold infinities. */
  readonly plain: ReadonlySet<string>;
  /** Name of the column that counts the rows of each group. */
  readonly rowsName: string;
}

/** The aggregate query over `input` in SQL. */
export function aggregateSql(
  input: string,
  columns: readonly ScanColumn[],
  plan: QueryPlan,
  methods: SumMethods,
): string {
  const types = new Map(columns.map(({ name, type }) => [name, type]));
  const keys = plan.keys.map(quoteName);
  const results = plan.aggregates.map(
    (one) => `${expressionOf(one, types.get(one.column) ?? "", methods)} AS ${quoteName(one.name)}`,
  );
  const list = [...keys, ...results, `count(*) AS ${quoteName(methods.rowsName)}`].join(", ");
  const where = plan.where === undefined ? "" : ` WHERE (${plan.where})`;
  const positions = keys.map((_, i) => i + 1);
  const group =
    keys.length === 0
      ? ""
      : ` GROUP BY ${positions.join(", ")} ORDER BY ${positions.map((at) => `${at} NULLS LAST`).join(", ")}`;
  return `SELECT ${list} FROM (${input})${where}${group}`;
}

function expressionOf({ fn, column }: Aggregate, type: string, methods: SumMethods): string {
  const name = quoteName(column);
  const number = type === "bool" ? `CAST(${name} AS INTEGER)` : name;
  switch (fn) {
    case "sum":
      return sumOf(column, type, methods);
    case "mean":
      // Two divisions, each rounded once, from a sum that is exact or compensated.
      return `CAST(${sumOf(column, type, methods)} AS DOUBLE) / count(${name})`;
    case "count":
      return column === "*" ? "count(*)" : `count(${name})`;
    case "min":
    case "max":
      return `${fn}(${name})`;
    case "var":
    case "std":
      return deviation(fn, `CAST(${number} AS DOUBLE)`);
    case "nunique":
      return `count(DISTINCT ${name})`;
    case "median":
      return `median(CAST(${number} AS DOUBLE))`;
    case "any":
    case "all":
      return `${fn === "any" ? "bool_or" : "bool_and"}(${type === "bool" ? name : `${name} <> 0`})`;
  }
}

function sumOf(column: string, type: string, { exact, plain }: SumMethods): string {
  const name = quoteName(column);
  const scale = Object.hasOwn(exact, column) ? exact[column] : undefined;
  if (scale !== undefined) return exactSum(column, scale);
  if (type === "bool") return `sum(CAST(${name} AS INTEGER))`;
  if (!type.startsWith("float")) return `sum(${name})`;
  return `${plain.has(column) ? "sum" : "fsum"}(CAST(${name} AS DOUBLE))`;
}

/**
 * Sums integers at the scale, checks that each is the very value, and divides once. What is no number or out of range
 * has no integer, and fails the check as well.
 */
function exactSum(column: string, scale: number): string {
  const name = quoteName(column);
  const unit = `CAST(${10 ** scale} AS DOUBLE)`;
  const whole = `TRY_CAST(${name} * ${unit} AS BIGINT)`;
  const failure = `CAST(${raise({ kind: "decimal", column })} AS BIGINT)`;
  const checked = `CASE WHEN ${whole} / ${unit} = ${name} THEN ${whole} WHEN ${name} IS NULL THEN NULL ELSE ${failure} END`;
  return `CAST(sum(${checked}) AS DOUBLE) / ${unit}`;
}

/** The engine refuses to take the deviation of NaN and infinities; it is NaN. */
function deviation(fn: "var" | "std", number: string): string {
  const engine = fn === "var" ? "var_samp" : "stddev_samp";
  const finite = `isfinite(${number})`;
  return `CASE WHEN count(${number}) < 2 THEN NULL WHEN bool_or(NOT ${finite}) THEN CAST('nan' AS DOUBLE) ELSE ${engine}(${number}) FILTER (WHERE ${finite}) END`;
}
