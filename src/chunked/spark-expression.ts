import type { Expression, Sign } from "../query/expression.ts";

/** How Spark says what the others say; what is not here is not known to be the same. */
const CALLS: Readonly<Record<string, (...values: string[]) => string>> = {
  lower: (text) => `lower(${text})`,
  upper: (text) => `upper(${text})`,
  trim: (text) => `trim(${text})`,
  ltrim: (text) => `ltrim(${text})`,
  rtrim: (text) => `rtrim(${text})`,
  length: (text) => `char_length(${text})`,
  replace: (text, from, to) => `replace(${text}, ${from}, ${to})`,
  concat: (...texts) => `concat_ws('', ${texts.join(", ")})`,
  coalesce: (...values) => `coalesce(${values.join(", ")})`,
  nullif: (a, b) => `nullif(${a}, ${b})`,
  greatest: (...values) => `greatest(${values.join(", ")})`,
  least: (...values) => `least(${values.join(", ")})`,
  abs: (value) => `abs(${value})`,
  // Beyond these all doubles are whole, and Spark has no whole number for them.
  floor: (value) => whole("floor", value),
  ceil: (value) => whole("ceil", value),
  round: (value) => whole("round", value),
  year: (time) => `year(${time})`,
  quarter: (time) => `quarter(${time})`,
  month: (time) => `month(${time})`,
  week: (time) => `weekofyear(${time})`,
  day: (time) => `day(${time})`,
  dayofyear: (time) => `dayofyear(${time})`,
  dayofweek: (time) => `dayofweek(${time}) - 1`,
  isodow: (time) => `weekday(${time}) + 1`,
  hour: (time) => `hour(${time})`,
  minute: (time) => `minute(${time})`,
  second: (time) => `CAST(second(${time}) AS INT)`,
  date_trunc: (unit, time) => `CAST(date_trunc(${unit}, ${time}) AS TIMESTAMP_NTZ)`,
  date: (time) => `CAST(${time} AS DATE)`,
};
const ARGUMENTS: Readonly<Record<string, number>> = { replace: 3, nullif: 2, date_trunc: 2 };
const ANY_NUMBER = new Set(["concat", "coalesce", "greatest", "least"]);

function whole(fn: string, value: string): string {
  const double = `CAST(${value} AS DOUBLE)`;
  return `(CASE WHEN abs(${double}) < 9e15D THEN CAST(${fn}(${double}) AS DOUBLE) ELSE ${double} END)`;
}

/** What in an expression is not known to mean the same on Spark; undefined when all of it does. */
export function oddOnSpark(expression: Expression): string | undefined {
  switch (expression.kind) {
    case "call": {
      const { name, values } = expression;
      const wanted = ARGUMENTS[name] ?? 1;
      if (!Object.hasOwn(CALLS, name) || (!ANY_NUMBER.has(name) && values.length !== wanted) || values.length === 0)
        return `${name}() may be another on Spark`;
      return firstOdd(values);
    }
    case "binary": {
      const { sign, left, right } = expression;
      // By zero one engine gives infinity, one nothing, and one an error.
      const divides = sign === "/" || sign === "%";
      if (divides && (right.kind !== "number" || Number(right.text) === 0))
        return "what is divided by a column may be an error on Spark";
      return firstOdd([left, right]);
    }
    case "like":
      return expression.pattern.includes("\\") ? "backslashes in LIKE differ on Spark" : oddOnSpark(expression.of);
    case "in":
      return firstOdd([expression.of, ...expression.list]);
    case "between":
      return firstOdd([expression.of, expression.low, expression.high]);
    case "case": {
      const { cases, otherwise } = expression;
      return firstOdd([...cases.flatMap(({ when, result }) => [when, result]), ...(otherwise ? [otherwise] : [])]);
    }
    case "is null":
    case "not":
    case "negative":
      return oddOnSpark(expression.of);
    default:
      return undefined;
  }
}

function firstOdd(expressions: readonly Expression[]): string | undefined {
  for (const expression of expressions) {
    const odd = oddOnSpark(expression);
    if (odd !== undefined) return odd;
  }
  return undefined;
}

/** The expression in Spark's SQL, every part in parentheses. */
export function sparkExpression(expression: Expression, columnOf: (name: string) => string): string {
  const sql = (one: Expression) => sparkExpression(one, columnOf);
  switch (expression.kind) {
    case "column":
      return columnOf(expression.name);
    case "number":
      return expression.text;
    case "text":
      return sparkText(expression.value);
    case "word":
      return expression.word.toUpperCase();
    case "negative":
      return `(-${sql(expression.of)})`;
    case "not":
      return `(NOT ${sql(expression.of)})`;
    case "is null":
      return `(${sql(expression.of)} IS ${expression.isNot ? "NOT " : ""}NULL)`;
    case "in":
      return `(${sql(expression.of)} ${notOf(expression)}IN (${expression.list.map(sql).join(", ")}))`;
    case "between":
      return `(${sql(expression.of)} ${notOf(expression)}BETWEEN ${sql(expression.low)} AND ${sql(expression.high)})`;
    case "like":
      return `(${sql(expression.of)} ${notOf(expression)}LIKE ${sparkText(expression.pattern)})`;
    case "case": {
      const cases = expression.cases.map(({ when, result }) => `WHEN ${sql(when)} THEN ${sql(result)}`).join(" ");
      return `(CASE ${cases}${expression.otherwise ? ` ELSE ${sql(expression.otherwise)}` : ""} END)`;
    }
    case "call":
      return `(${CALLS[expression.name]?.(...expression.values.map(sql))})`;
    case "binary":
      return binary(expression.sign, sql(expression.left), sql(expression.right));
  }
}

function binary(sign: Sign, left: string, right: string): string {
  return sign === "/" ? `(CAST(${left} AS DOUBLE) / CAST(${right} AS DOUBLE))` : `(${left} ${sign} ${right})`;
}

function notOf({ isNot }: { readonly isNot: boolean }): string {
  return isNot ? "NOT " : "";
}

/** A text in quotes, where a backslash is a sign of its own. */
export function sparkText(text: string): string {
  return `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
}

/** A name in backticks. */
export function sparkName(name: string): string {
  return `\`${name.replaceAll("`", "``")}\``;
}
