import { UsageError } from "../../errors.ts";
import { Column } from "../column.ts";

const NAMES = ["x", "y", "z"];
let variables = 0;

/** A function over the elements of a column as the server runs it: called once here, with columns that stand for its parameters. */
export function lambda(f: (...parameters: Column[]) => Column, parameterCount: 1 | 2 | 3): Column {
  // Every variable has a name of its own: a lambda inside a lambda would otherwise hide the outer one's.
  const parameters = NAMES.slice(0, parameterCount).map((name) => ({ nameParts: [`${name}_${variables++}`] }));
  const columns = parameters.map((value) => new Column({ exprType: { case: "unresolvedNamedLambdaVariable", value } }));
  const result: unknown = f(...columns);
  if (!(result instanceof Column))
    throw new UsageError("E_SPARK_LAMBDA", "the function for a Spark column must return a column", {
      hint: 'write it with the operators of columns: (x) => x.gt(1), (x) => x.plus("…"), () => F.lit(0)',
    });
  const value = { function: result.expression, arguments: parameters };
  return new Column({ exprType: { case: "lambdaFunction", value } });
}
