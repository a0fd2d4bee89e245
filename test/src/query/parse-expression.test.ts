import { expect, test } from "vitest";
import { columnsIn, type Expression } from "../../../src/query/expression.ts";
import { parseExpression, withQuotedColumns } from "../../../src/query/parse-expression.ts";

const COLUMNS = ["amount", "City", "the day", "A", "a"];

/** The expression with every part in parentheses. */
function written(expression: Expression): string {
  switch (expression.kind) {
    case "column":
      return `[${expression.name}]`;
    case "number":
      return expression.text;
    case "text":
      return `'${expression.value}'`;
    case "word":
      return expression.word;
    case "negative":
      return `(-${written(expression.of)})`;
    case "not":
      return `(not ${written(expression.of)})`;
    case "binary":
      return `(${written(expression.left)} ${expression.sign} ${written(expression.right)})`;
    case "call":
      return `${expression.name}(${expression.values.map(written).join(", ")})`;
    case "is null":
      return `(${written(expression.of)} is ${expression.isNot ? "not " : ""}null)`;
    case "in":
      return `(${written(expression.of)} ${expression.isNot ? "not " : ""}in ${expression.list.map(written).join("|")})`;
    case "between":
      return `(${written(expression.of)} ${expression.isNot ? "not " : ""}between ${written(expression.low)} and ${written(expression.high)})`;
    case "like":
      return `(${written(expression.of)} ${expression.isNot ? "not " : ""}like '${expression.pattern}')`;
    case "case":
      return `case${expression.cases.map(({ when, result }) => ` ${written(when)} -> ${written(result)}`).join("")} else ${expression.otherwise ? written(expression.otherwise) : "null"}`;
  }
}

test.each([
  ["amount > 1 OR city = 'x' AND NOT A is null", "(([amount] > 1) or (([City] = 'x') and (not ([A] is null))))"],
  ["1 - 2 - 3 * -amount % 4", "((1 - 2) - ((3 * (-[amount])) % 4))"],
  ["amount NOT BETWEEN 1 AND 2 AND a IN (1, 2)", "(([amount] not between 1 and 2) and ([a] in 1|2))"],
  [`lower(City) || '-' LIKE 'it''s%'`, "((lower([City]) || '-') like 'it's%')"],
  [`date_trunc('month', "the day")`, "date_trunc('month', [the day])"],
  ["CASE WHEN amount != 0 THEN 1.5e3 ELSE null END", "case ([amount] <> 0) -> 1.5e3 else null"],
  ["City || A + 1 || 'x'", "(([City] || ([A] + 1)) || 'x')"],
  ["a - -1 - - -A", "(([a] - (-1)) - (-(-[A])))"],
  ["NOT NOT a = 1 AND a NOT IN (1, -2, NULL)", "((not (not ([a] = 1))) and ([a] not in 1|(-2)|null))"],
  ["now()", "now()"],
])("%s", (sql, expected) => {
  const expression = parseExpression(sql, COLUMNS);
  expect(expression && written(expression)).toBe(expected);
});

test.each([
  "amount::int > 1",
  "amount > 1; drop",
  "cityy = 'x'",
  "aa > 1",
  "amount >",
  "(amount > 1",
  "amount > 1)",
  "amount is distinct from 1",
  "city like amount",
  "x -> y",
  "case end",
  "list_filter(a, lambda x: x)",
])("%s says what not every engine knows", (sql) => expect(parseExpression(sql, COLUMNS)).toBeUndefined());

test.each([
  ["a = 1 OR ", "a = 1", ""],
  ["a IN (-1, ", "-1", ")"],
])("%s… may be long", (start, middle, end) => {
  const sql = `${start}${Array.from({ length: 20_000 }, () => middle).join(start.includes("(") ? ", " : " OR ")}${end}`;
  const expression = parseExpression(sql, COLUMNS) as Expression;
  expect(columnsIn(expression)).toContain("a");
});

test.each([
  ["parentheses", `${"(".repeat(50_000)}a${")".repeat(50_000)} = 1`],
  ["signs", `a = ${"- ".repeat(50_000)}1`],
  ["negations", `${"NOT ".repeat(50_000)}a = 1`],
  ["sums", `a = 1${" + 1".repeat(50_000)}`],
  ["calls", `${"abs(".repeat(50_000)}a${")".repeat(50_000)} = 1`],
])("%s that are too deep are left to the engine's own parser", (_, sql) => {
  expect(parseExpression(sql, COLUMNS)).toBeUndefined();
});

test("the columns of an expression are found wherever they stand", () => {
  const sql = "case when amount in (1, a) then lower(city) else -A end like 'x' and \"the day\" between a and A";
  const expression = parseExpression(sql, COLUMNS) as Expression;
  expect(new Set(columnsIn(expression))).toEqual(new Set(COLUMNS));
});

test.each([
  ["hour(at) > 1 OR AT IS NULL", 'hour("at") > 1 OR "at" IS NULL'],
  [`"Row ""x""" = 'at' AND order<2`, `"Row ""x""" = 'at' AND "order"<2`],
  ["at::date > x", "at::date > x"],
])("%s with quoted columns", (sql, quoted) => expect(withQuotedColumns(sql, ["at", "order", 'Row "x"'])).toBe(quoted));
