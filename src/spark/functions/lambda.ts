import { wrong } from "../check.ts";
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
    throw wrong(
      `the function over a column gives ${typeof result}, not a column`,
      "write it with the operators of columns, as (x) => x.gt(1), and lit(value) for a value",
    );
  const value = { function: result.expression, arguments: parameters };
  return new Column({ exprType: { case: "lambdaFunction", value } });
}
