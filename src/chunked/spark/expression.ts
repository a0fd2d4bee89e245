import { type Expression, partsOf, type Sign } from "../../query/expression.ts";
import { oddKinds } from "./kinds.ts";

/** How Spark says what the others say; what is not here is not known to be the same. */
const CALLS: Readonly<Record<string, (...values: string[]) => string>> = {
  // Letter by letter: Java has another sigma at the end of a word, and two letters for a sharp s.
  lower: (text) => `lower(replace(${text}, 'Σ', 'σ'))`,
  upper: (text) => `upper(replace(${text}, 'ß', 'ẞ'))`,
  trim: (text) => `trim(${text})`,
  ltrim: (text) => `ltrim(${text})`,
  rtrim: (text) => `rtrim(${text})`,
  length: (text) => bigint(`char_length(${text})`),
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
  year: (time) => bigint(`year(${time})`),
  quarter: (time) => bigint(`quarter(${time})`),
  month: (time) => bigint(`month(${time})`),
  week: (time) => bigint(`weekofyear(${time})`),
  day: (time) => bigint(`day(${time})`),
  dayofyear: (time) => bigint(`dayofyear(${time})`),
  dayofweek: (time) => bigint(`dayofweek(${time}) - 1`),
  isodow: (time) => bigint(`weekday(${time}) + 1`),
  hour: (time) => bigint(`hour(${moment(time)})`),
  minute: (time) => bigint(`minute(${moment(time)})`),
  second: (time) => bigint(`second(${moment(time)})`),
  date_trunc: (unit, time) => moment(TRUNCATED[unit.slice(1, -1).toLowerCase()]?.(time) ?? "NULL"),
  date: (time) => `CAST(${time} AS DATE)`,
};
const ARGUMENTS: Readonly<Record<string, number>> = { replace: 3, nullif: 2, date_trunc: 2 };
const ANY_NUMBER = new Set(["concat", "coalesce", "greatest", "least"]);

/** Spark's own date_trunc reads a time in the zone of the session, in which the hour that a clock jumps over is another. */
const TRUNCATED: Readonly<Record<string, (time: string) => string>> = {
  year: (time) => `trunc(${time}, 'YEAR')`,
  quarter: (time) => `trunc(${time}, 'QUARTER')`,
  month: (time) => `trunc(${time}, 'MONTH')`,
  week: (time) => `trunc(${time}, 'WEEK')`,
  day: (time) => `CAST(${time} AS DATE)`,
  hour: (time) => sinceMidnight(time, "HOUR", `hour(${moment(time)})`),
  minute: (time) => sinceMidnight(time, "MINUTE", `hour(${moment(time)}) * 60 + minute(${moment(time)})`),
  second: (time) =>
    sinceMidnight(
      time,
      "SECOND",
      `hour(${moment(time)}) * 3600 + minute(${moment(time)}) * 60 + second(${moment(time)})`,
    ),
};

function sinceMidnight(time: string, unit: string, count: string): string {
  return `timestampadd(${unit}, CAST(${count} AS INT), ${moment(`CAST(${time} AS DATE)`)})`;
}

/** Without a zone. */
function moment(time: string): string {
  return `CAST(${time} AS TIMESTAMP_NTZ)`;
}

function bigint(value: string): string {
  return `CAST(${value} AS BIGINT)`;
}

function whole(fn: string, value: string): string {
  const double = `CAST(${value} AS DOUBLE)`;
  return `(CASE WHEN abs(${double}) < 9e15D THEN CAST(${fn}(${double}) AS DOUBLE) ELSE ${double} END)`;
}

/** What in an expression over columns of such types is not known to mean the same on Spark; undefined when all of it does. */
export function oddOnSpark(expression: Expression, typeOf: (column: string) => string): string | undefined {
  const odd = oddWord(expression) ?? oddKinds(expression, typeOf);
  if (odd !== undefined) return odd;
  for (const part of partsOf(expression)) {
    const inner = oddOnSpark(part, typeOf);
    if (inner !== undefined) return inner;
  }
  return undefined;
}

function oddWord(expression: Expression): string | undefined {
  switch (expression.kind) {
    case "number":
      return /^\d+$/.test(expression.text) && BigInt(expression.text) >= 2n ** 63n
        ? `${expression.text} has more than 64 bits`
        : undefined;
    case "call": {
      const { name, values } = expression;
      const wanted = ARGUMENTS[name] ?? 1;
      if (!Object.hasOwn(CALLS, name) || (!ANY_NUMBER.has(name) && values.length !== wanted) || values.length === 0)
        return `${name}() may be another on Spark`;
      const unit = name === "date_trunc" ? values[0] : undefined;
      return unit && !(unit.kind === "text" && Object.hasOwn(TRUNCATED, unit.value.toLowerCase()))
        ? `date_trunc() to other than ${Object.keys(TRUNCATED).join(", ")} is another on Spark`
        : undefined;
    }
    case "binary": {
      const { sign, right } = expression;
      // By zero one engine gives infinity, one nothing, and one an error.
      const divides = sign === "/" || sign === "%";
      return divides && (right.kind !== "number" || Number(right.text) === 0)
        ? "what is divided by a column may be an error on Spark"
        : undefined;
    }
    case "like":
      return expression.pattern.includes("\\") ? "backslashes in LIKE differ on Spark" : undefined;
    default:
      return undefined;
  }
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
