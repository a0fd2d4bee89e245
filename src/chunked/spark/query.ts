import type { Expression } from "../../query/expression.ts";
import type { QueryPlan } from "../../query/plan.ts";
import { ORDERED } from "../../query/query.ts";
import type { SparkDataFrame } from "../../spark/dataframe.ts";
import { sqlColumn } from "../../spark/expressions.ts";
import { sparkAggregate } from "./aggregate.ts";
import { sparkExpression } from "./expression.ts";
import type { SparkColumn } from "./source.ts";

/** A plan in which everything is known to mean the same on Spark. */
export interface SparkPlan {
  readonly query: QueryPlan;
  readonly keys: readonly Expression[];
  readonly where: Expression | undefined;
  /** What is read, under aliases. */
  readonly columns: readonly SparkColumn[];
  /** Name of the column that counts the rows that went in. */
  readonly rowsName: string;
}

/** The plan over a frame of its columns: keys as `k0`…, aggregates as `a0`…, rows in the order of the result. */
export function sparkQuery(frame: SparkDataFrame, plan: SparkPlan): SparkDataFrame {
  const { query, keys, where, columns, rowsName } = plan;
  const aliases = new Map(columns.map((column) => [column.name, column]));
  const aliasOf = (name: string) => aliases.get(name)?.alias ?? "";
  const names = keys.map((_, i) => `k${i}`);
  const filtered = where ? frame.where(sparkExpression(where, aliasOf)) : frame;
  const keyed = filtered.selectExpr("*", ...keys.map((key, i) => `${sparkExpression(key, aliasOf)} AS ${names[i]}`));
  const aggregates = query.aggregates.map((one, i) => {
    const { alias = "", type = "" } = aliases.get(one.column) ?? {};
    const sql = one.column === "*" ? "count(*)" : sparkAggregate(one, alias, type, `r_${alias}`);
    return sqlColumn(sql).alias(`a${i}`);
  });
  const grouped = ranked(keyed, plan, names, aliasOf)
    .groupBy(...names)
    .agg(...aggregates, sqlColumn("count(*)").alias(rowsName));
  // Of the groups that a limit leaves out the rows went in as well.
  const counted =
    query.limit === undefined ? grouped : grouped.withColumn(rowsName, sqlColumn(`sum(${rowsName}) OVER ()`));
  const ordered = names.length === 0 ? counted : counted.orderBy(...resultOrder(query).map(orderColumn));
  return query.limit === undefined ? ordered : ordered.limit(query.limit);
}

/** The rank of each row in its group, by the order asked for and then by the value, for `first`, `last` and `list`. */
function ranked(
  frame: SparkDataFrame,
  { query }: SparkPlan,
  names: readonly string[],
  aliasOf: (name: string) => string,
): SparkDataFrame {
  const columns = new Set(query.aggregates.filter(({ fn }) => ORDERED.has(fn)).map(({ column }) => aliasOf(column)));
  if (columns.size === 0) return frame;
  const terms = query.rowOrder
    .map(({ name, isDescending }) => `${aliasOf(name)} ${direction(isDescending)}`)
    .join(", ");
  const partition = names.length === 0 ? "" : `PARTITION BY ${names.join(", ")} `;
  const ranks = [...columns].map(
    (alias) => `row_number() OVER (${partition}ORDER BY ${terms}, ${alias} ASC NULLS LAST) AS r_${alias}`,
  );
  return frame.selectExpr("*", ...ranks);
}

interface Ordering {
  readonly column: string;
  readonly isDescending: boolean;
}

/** What was asked for, and the keys behind it. */
function resultOrder({ order, keys, aggregates }: QueryPlan): Ordering[] {
  const columns = new Map([
    ...keys.map(({ name }, i) => [name, `k${i}`] as const),
    ...aggregates.map(({ name }, i) => [name, `a${i}`] as const),
  ]);
  const asked = order.map(({ name, isDescending }) => ({ column: columns.get(name) ?? "", isDescending }));
  const rest = keys.flatMap((_, i) =>
    asked.some(({ column }) => column === `k${i}`) ? [] : [{ column: `k${i}`, isDescending: false }],
  );
  return [...asked, ...rest];
}

function orderColumn({ column, isDescending }: Ordering) {
  const expression = sqlColumn(column);
  return isDescending ? expression.desc_nulls_last() : expression.asc_nulls_last();
}

function direction(isDescending: boolean): string {
  return `${isDescending ? "DESC" : "ASC"} NULLS LAST`;
}
