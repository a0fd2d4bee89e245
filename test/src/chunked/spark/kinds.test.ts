import { expect, test } from "vitest";
import { sparkPlanOf } from "../../../../src/chunked/spark/plan.ts";
import { planQuery } from "../../../../src/query/plan.ts";

const columns = Object.entries({
  n: "int64",
  x: "float64",
  d: "decimal(9, 2)",
  s: "str",
  b: "bool",
  t: "datetime64[us]",
  z: "datetime64[us, UTC]",
}).map(([name, type]) => ({ name, type }));

function refusal(words: { readonly by?: string; readonly where?: string }): string | undefined {
  const plan = sparkPlanOf(planQuery({ columns }, { agg: "rows=*:count", ...words }));
  return "refused" in plan ? plan.refused : undefined;
}

test.each([
  "n",
  "n AND b",
  "NOT n",
  "n = '2.0'",
  "n > 'x'",
  "s > 5",
  "b = 1",
  "t < 5",
  "t < 'soon'",
  "z > '2024-03-31T02:30:00+02:00'",
  "x = 'Infinity'",
  "n IN (1, 'x')",
  "n LIKE '1%'",
  "s = (n = 1)",
  "n < 9223372036854775808",
  "CASE WHEN n THEN b END",
])("Spark is not given the condition %s", (where) => expect(refusal({ where })).toEqual(expect.any(String)));

test.each([
  "s || x",
  "concat(s, 1e3)",
  "length(n)",
  "upper(n)",
  "b + 1",
  "t - 1",
  "-s",
  "abs(s)",
  "year(s)",
  "coalesce(n, 'none')",
  "CASE WHEN b THEN 'p' ELSE n END",
  "date_trunc('decade', t)",
  "date_trunc(s, t)",
])("Spark is not given the key %s", (key) => expect(refusal({ by: `${key} AS k` })).toEqual(expect.any(String)));

test.each([
  "n = '2' OR n IN (-1, 3)",
  "x = 'NaN' AND x < '1.5'",
  "b AND b = 'true'",
  "t < '2024-01-01' AND z >= '2024-03-31T00:30:00Z'",
  "n BETWEEN d AND x",
  "s || n || d || b || t LIKE 'a%'",
  "coalesce(s, 'none') = CASE WHEN n > 0 THEN 'plus' ELSE NULL END",
  "n < 9223372036854775807",
  "date_trunc('MINUTE', t) = date(z)",
])("Spark is given the condition %s", (where) => expect(refusal({ where })).toBeUndefined());
