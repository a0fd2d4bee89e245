import { wrong } from "./check.ts";
import { Column, type ColumnOrName, namedColumn } from "./column.ts";
import type { ExpressionInit } from "./connect/literal.ts";

/** Columns as PySpark takes them: one by one or in lists. */
export type Columns = ColumnOrName | readonly ColumnOrName[];

/** Columns and names of columns as expressions. */
export function columnExpressions(columns: readonly Columns[], what = "a column"): ExpressionInit[] {
  return columnList(columns, what).map(({ expression }) => expression);
}

/** Columns and names of columns, one by one. */
export function columnList(columns: readonly Columns[], what = "a column"): Column[] {
  return (columns as readonly unknown[]).flat().map((column) => {
    if (typeof column === "string" || column instanceof Column) return namedColumn(column);
    throw wrong(`${what} is ${typeof column}`, "give names or columns; lit(value) makes a column of a value");
  });
}

/** An expression of SQL as a column. */
export function sqlColumn(expression: string): Column {
  return new Column({ exprType: { case: "expressionString", value: { expression } } });
}

/** A condition: a column, or an expression of SQL. */
export function condition(value: ColumnOrName, what: string): ExpressionInit {
  if (typeof value === "string") return sqlColumn(value).expression;
  if (value instanceof Column) return value.expression;
  throw wrong(`${what} is ${typeof value}`, 'write col("amount").gt(10), or SQL: "amount > 10"');
}
