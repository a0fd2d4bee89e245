import type { Expression } from "../../query/expression.ts";
import { parseExpression } from "../../query/parse-expression.ts";
import type { ColumnTest, Comparison } from "../../scan/request.ts";

interface TypedColumn {
  readonly name: string;
  /** pandas' name. */
  readonly type: string;
}

type Literal = number | bigint | string | boolean | Date;

const COMPARISONS: Readonly<Record<string, Comparison>> = {
  "=": "=",
  "<>": "!=",
  "<": "<",
  "<=": "<=",
  ">": ">",
  ">=": ">=",
};

/**
 * A condition in SQL as tests of single columns that must all hold; undefined when it says more than that (OR, functions,
 * arithmetic, two columns, a literal of another type), which only an engine with SQL can do.
 *
 * @example
 * simpleWhere("amount > 10 AND city IN ('Oslo', 'Rome')", columns); // two tests
 */
export function simpleWhere(where: string, columns: readonly TypedColumn[]): readonly ColumnTest[] | undefined {
  const condition = parseExpression(
    where,
    columns.map(({ name }) => name),
  );
  const types = new Map(columns.map(({ name, type }) => [name, type]));
  return condition && testsOf(condition, types);
}

function testsOf(condition: Expression, types: ReadonlyMap<string, string>): readonly ColumnTest[] | undefined {
  if (condition.kind === "binary" && condition.sign === "and") {
    const [left, right] = [testsOf(condition.left, types), testsOf(condition.right, types)];
    return left && right && [...left, ...right];
  }
  const column = subjectOf(condition);
  if (column === undefined) return undefined;
  const literal = (value: Expression) => literalOf(value, types.get(column) ?? "");
  switch (condition.kind) {
    case "is null":
      return [{ column, test: condition.isNot ? "not null" : "null" }];
    case "in": {
      const values = condition.list.map(literal);
      const isPlain = (value: Literal | undefined) =>
        value !== undefined && typeof value !== "boolean" && !(value instanceof Date);
      if (!values.every(isPlain)) return undefined;
      return [{ column, test: condition.isNot ? "not in" : "in", values: values as (number | bigint | string)[] }];
    }
    case "between": {
      const [low, high] = [literal(condition.low), literal(condition.high)];
      if (condition.isNot || low === undefined || high === undefined) return undefined;
      return [
        { column, test: ">=", value: low },
        { column, test: "<=", value: high },
      ];
    }
    case "binary": {
      const [test, value] = [COMPARISONS[condition.sign], literal(condition.right)];
      return test === undefined || value === undefined ? undefined : [{ column, test, value }];
    }
    default:
      return undefined;
  }
}

/** The column that a test is of. */
function subjectOf(condition: Expression): string | undefined {
  const subject = condition.kind === "binary" ? condition.left : "of" in condition ? condition.of : undefined;
  return subject?.kind === "column" ? subject.name : undefined;
}

function literalOf(value: Expression, type: string): Literal | undefined {
  const isNegative = value.kind === "negative";
  const inner = isNegative ? value.of : value;
  if (inner.kind === "number" && /^(u?int|float|decimal)/.test(type)) {
    const number = numberOf(inner.text, isNegative);
    // The test is exact, and SQL compares integers with 9e15 as doubles.
    return typeof number === "number" && Math.abs(number) > Number.MAX_SAFE_INTEGER && /int/.test(type)
      ? undefined
      : number;
  }
  if (isNegative) return undefined;
  if (inner.kind === "text" && /^(str|category)$/.test(type)) return inner.value;
  if (inner.kind === "text" && /^date/.test(type)) return dateOf(inner.value, type);
  if (inner.kind === "word" && type === "bool" && inner.word !== "null") return inner.word === "true";
  return undefined;
}

function numberOf(text: string, isNegative: boolean): number | bigint {
  const number = Number(text) * (isNegative ? -1 : 1);
  if (!/^\d+$/.test(text) || Number.isSafeInteger(number)) return number;
  return isNegative ? -BigInt(text) : BigInt(text);
}

/** Only the forms that every engine reads alike. */
function dateOf(text: string, type: string): Date | undefined {
  const isDay = /^\d{4}-\d\d-\d\d$/.test(text);
  const isTime = type !== "date" && /^\d{4}-\d\d-\d\d[ T]\d\d:\d\d(:\d\d(\.\d{1,3})?)?$/.test(text);
  if (!isDay && !isTime) return undefined;
  const date = new Date(isDay ? `${text}T00:00:00Z` : `${text.replace(" ", "T")}Z`);
  // Such as 30 February: the engine says what is wrong with it.
  const isReal = !Number.isNaN(date.getTime()) && date.toISOString().slice(0, 10) === text.slice(0, 10);
  return isReal ? date : undefined;
}
