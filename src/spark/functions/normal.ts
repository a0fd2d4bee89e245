import { Column, type ColumnOrName, namedColumn } from "../column.ts";
import type { SparkDataFrame } from "../dataframe.ts";
import { sqlColumn } from "../expressions.ts";
import { invoke } from "./invoke.ts";

export { col, col as column, lit } from "../column.ts";

/** An expression in the words of SQL, as in `F.expr("amount * 1.2")`. */
export function expr(str: string): Column {
  return sqlColumn(str);
}

/** A function of the server by its name, built in or registered in a catalog. */
export function call_function(funcName: string, ...cols: readonly ColumnOrName[]): Column {
  const value = { functionName: funcName, arguments: cols.map((column) => namedColumn(column).expression) };
  return new Column({ exprType: { case: "callFunction", value } });
}

/** A function that somebody registered in this session, by its name. */
export function call_udf(udfName: string, ...cols: readonly ColumnOrName[]): Column {
  return invoke(udfName, ...cols);
}

/** The frame, marked as small enough to be sent whole to every executor of a join. */
export function broadcast(df: SparkDataFrame): SparkDataFrame {
  return df.hint("broadcast");
}
