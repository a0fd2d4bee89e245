import { withQuotedColumns } from "../query/parse-expression.ts";
import type { QueryPlan } from "../query/plan.ts";
import { type Aggregate, ORDERED } from "../query/query.ts";
import { compensatedSum, type ExactScale, exactSum, unitOf } from "./exact-sum.ts";
import type { ScanColumn } from "./select.ts";
import { quoteName } from "./sql.ts";
import { sqlTypeOf } from "./types.ts";

export interface SumMethods {
  /** Double columns that hold decimals. */
  readonly exact: ReadonlyMap<string, ExactScale>;
  /** Columns whose sums are neither exact nor compensated: they hold infinities. */
  readonly plain: ReadonlySet<string>;
  /** Name of the column that counts the rows of each group. */
  readonly rowsName: string;
  /** Groups come as they are found. */
  readonly isUnordered?: boolean | undefined;
}

/** The aggregate query over `input` in SQL. */
export function aggregateSql(
  input: string,
  columns: readonly ScanColumn[],
  plan: QueryPlan,
  methods: SumMethods,
): string {
  const types = new Map(columns.map(({ name, type }) => [name, type]));
  const names = [...types.keys()];
  const keys = plan.keys.map(({ name, expression }) =>
    expression === undefined ? quoteName(name) : `(${withQuotedColumns(expression, names)}) AS ${quoteName(name)}`,
  );
  const order = rowOrderOf(plan);
  const results = plan.aggregates.map(
    (one) => `${expressionOf(one, types.get(one.column) ?? "", order, methods)} AS ${quoteName(one.name)}`,
  );
  const isLimited = plan.limit !== undefined;
  // Of the groups that a limit leaves out the rows went in as well.
  const count = isLimited && keys.length > 0 ? "sum(count(*)) OVER ()" : "count(*)";
  const list = [...keys, ...results, `${count} AS ${quoteName(methods.rowsName)}`].join(", ");
  const where = plan.where === undefined ? "" : ` WHERE (${withQuotedColumns(plan.where, names)})`;
  const rows = order === FILE_ORDER ? `SELECT *, row_number() OVER () AS ${FILE_ORDER} FROM (${input})` : input;
  const positions = keys.map((_, i) => i + 1);
  const sorted = methods.isUnordered ? "" : ` ORDER BY ${resultOrder(plan).join(", ")}`;
  const group = keys.length === 0 ? "" : ` GROUP BY ${positions.join(", ")}${sorted}`;
  return `SELECT ${list} FROM (${rows})${where}${group}${isLimited ? ` LIMIT ${plan.limit}` : ""}`;
}

/** Name of the column that numbers the rows as they come. */
const FILE_ORDER = '"outgrow row"';

/** The terms by which `first`, `last` and `list` take rows; undefined where none of them is asked for. */
function rowOrderOf({ aggregates, rowOrder }: QueryPlan): string | undefined {
  if (!aggregates.some(({ fn }) => ORDERED.has(fn))) return undefined;
  if (rowOrder.length === 0) return FILE_ORDER;
  return rowOrder.map(({ name, isDescending }) => `${quoteName(name)} ${directionOf(isDescending)}`).join(", ");
}

/** What was asked for, and the keys behind it, so that equal rows have one order. */
function resultOrder({ order, keys, aggregates }: QueryPlan): string[] {
  const names = [...keys, ...aggregates].map(({ name }) => name);
  const asked = order.map(({ name, isDescending }) => `${names.indexOf(name) + 1} ${directionOf(isDescending)}`);
  const rest = keys.flatMap(({ name }, i) => (order.some((term) => term.name === name) ? [] : [`${i + 1} NULLS LAST`]));
  return [...asked, ...rest];
}

function directionOf(isDescending: boolean): string {
  return `${isDescending ? "DESC" : "ASC"} NULLS LAST`;
}

function expressionOf(
  { fn, column, at = 0.5 }: Aggregate,
  type: string,
  order: string | undefined,
  methods: SumMethods,
): string {
  const name = quoteName(column);
  const number = type === "bool" ? `CAST(${name} AS INTEGER)` : name;
  switch (fn) {
    case "sum":
      return sumOf(column, type, methods);
    case "mean":
      return meanOf(column, type, methods);
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
    case "quantile":
      return `quantile_cont(CAST(${number} AS DOUBLE), ${at})`;
    case "mode":
      return mode(name, type);
    case "first":
    case "last":
      // Of rows that the order leaves equal, the value decides.
      return order === FILE_ORDER
        ? `${fn === "first" ? "arg_min" : "arg_max"}(${name}, ${order}) FILTER (${name} IS NOT NULL)`
        : `${fn}(${name} ORDER BY ${order}, ${name}) FILTER (${name} IS NOT NULL)`;
    case "list":
      return `list(${name} ORDER BY ${order}${order === FILE_ORDER ? "" : `, ${name} NULLS LAST`})`;
    case "any":
    case "all":
      return `${fn === "any" ? "bool_or" : "bool_and"}(${type === "bool" ? name : `${name} <> 0`})`;
  }
}

/** One division, of a sum that is exact or compensated. */
function meanOf(column: string, type: string, methods: SumMethods): string {
  const count = `count(${quoteName(column)})`;
  const decimals = Number(/^decimal\(\d+, (\d+)\)$/.exec(type)?.[1] ?? 0);
  // As a decimal point the sum would be rounded before it is divided.
  if (decimals > 0)
    return `CAST(CAST(replace(CAST(${sumOf(column, type, methods)} AS VARCHAR), '.', '') AS HUGEINT) AS DOUBLE) / (${unitOf(decimals)} * ${count})`;
  const scale = methods.exact.get(column);
  if (scale !== undefined) return exactSum(column, scale, count);
  return `CAST(${sumOf(column, type, methods)} AS DOUBLE) / ${count}`;
}

function sumOf(column: string, type: string, methods: SumMethods): string {
  const name = quoteName(column);
  const scale = methods.exact.get(column);
  if (scale !== undefined) return exactSum(column, scale);
  if (type === "bool") return `sum(CAST(${name} AS INTEGER))`;
  if (!type.startsWith("float")) return `sum(${name})`;
  return methods.plain.has(column) ? `sum(CAST(${name} AS DOUBLE))` : compensatedSum(column);
}

/**
 * The engine's own takes any of those that are equally frequent; ours the smallest. NaN is counted apart: it has no place in the order
 * of the engine's histogram, and spoils it.
 */
function mode(name: string, type: string): string {
  const isFloat = type.startsWith("float");
  const histogram = `histogram(${name})${isFloat ? ` FILTER (NOT isnan(${name}))` : ""}`;
  const most = `list_max(map_values(${histogram}))`;
  const smallest = `list_min(list_transform(list_filter(map_entries(${histogram}), lambda e: e.value = ${most}), lambda e: e.key))`;
  if (!isFloat) return smallest;
  return `CASE WHEN count(*) FILTER (isnan(${name})) > coalesce(${most}, 0) THEN CAST('nan' AS ${sqlTypeOf(type)}) ELSE ${smallest} END`;
}

/** The engine refuses to take the deviation of NaN and infinities; it is NaN. */
function deviation(fn: "var" | "std", number: string): string {
  const engine = fn === "var" ? "var_samp" : "stddev_samp";
  const finite = `isfinite(${number})`;
  return `CASE WHEN count(${number}) < 2 THEN NULL WHEN bool_or(NOT ${finite}) THEN CAST('nan' AS DOUBLE) ELSE ${engine}(${number}) FILTER (WHERE ${finite}) END`;
}
