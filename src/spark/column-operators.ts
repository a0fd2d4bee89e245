import { inspect } from "node:util";
import { UsageError } from "../errors.ts";
import type { Column } from "./column.ts";
import { type ExpressionInit, literal } from "./connect/literal.ts";
import { SparkPlan } from "./plan.ts";
import { subquery } from "./subquery.ts";

/** An expression, and what compares, combines and tests it. Values that are not columns are literals. */
export class ColumnOperators {
  /** The expression in the words of the protocol. */
  readonly expression: ExpressionInit;

  constructor(expression: ExpressionInit) {
    this.expression = expression;
  }

  /** Equal; null when a side is null. */
  eq(other: unknown): Column {
    return apply(this, "==", other);
  }

  neq(other: unknown): Column {
    return apply(this.eq(other), "not");
  }

  /** Equal, where two nulls are equal too. */
  eqNullSafe(other: unknown): Column {
    return apply(this, "<=>", other);
  }

  gt(other: unknown): Column {
    return apply(this, ">", other);
  }

  geq(other: unknown): Column {
    return apply(this, ">=", other);
  }

  lt(other: unknown): Column {
    return apply(this, "<", other);
  }

  leq(other: unknown): Column {
    return apply(this, "<=", other);
  }

  between(lower: unknown, upper: unknown): Column {
    return this.geq(lower).and(this.leq(upper));
  }

  /** Whether the value is one of these, or among the rows of a frame of one column (of several, for `F.struct(...)`; servers of 4.1 and newer). */
  isin(...values: readonly unknown[]): Column {
    if (values[0] instanceof SparkPlan) return columnLike(this, subquery(values[0], "in", partsOf(this.expression)));
    const list = values.length === 1 && Array.isArray(values[0]) ? (values[0] as readonly unknown[]) : values;
    return apply(this, "in", ...list);
  }

  and(other: unknown): Column {
    return apply(this, "and", other);
  }

  or(other: unknown): Column {
    return apply(this, "or", other);
  }

  not(): Column {
    return apply(this, "not");
  }

  plus(other: unknown): Column {
    return apply(this, "+", other);
  }

  minus(other: unknown): Column {
    return apply(this, "-", other);
  }

  multiply(other: unknown): Column {
    return apply(this, "*", other);
  }

  divide(other: unknown): Column {
    return apply(this, "/", other);
  }

  mod(other: unknown): Column {
    return apply(this, "%", other);
  }

  pow(exponent: unknown): Column {
    return apply(this, "power", exponent);
  }

  negate(): Column {
    return apply(this, "negative");
  }

  bitwiseAND(other: unknown): Column {
    return apply(this, "&", other);
  }

  bitwiseOR(other: unknown): Column {
    return apply(this, "|", other);
  }

  bitwiseXOR(other: unknown): Column {
    return apply(this, "^", other);
  }

  isNull(): Column {
    return apply(this, "isNull");
  }

  isNotNull(): Column {
    return apply(this, "isNotNull");
  }

  isNaN(): Column {
    return apply(this, "isNaN");
  }

  like(pattern: string): Column {
    return apply(this, "like", pattern);
  }

  ilike(pattern: string): Column {
    return apply(this, "ilike", pattern);
  }

  rlike(pattern: string): Column {
    return apply(this, "rlike", pattern);
  }

  contains(other: unknown): Column {
    return apply(this, "contains", other);
  }

  startswith(other: unknown): Column {
    return apply(this, "startswith", other);
  }

  endswith(other: unknown): Column {
    return apply(this, "endswith", other);
  }

  /** `length` characters from `start`, which counts from 1. */
  substr(start: number | Column, length: number | Column): Column {
    return apply(this, "substr", start, length);
  }

  [inspect.custom](): string {
    return "Column: an expression that is computed when its frame is";
  }

  /** A column is no value of this program: a comparison of columns with `===` or `+` would silently be about something else. */
  [Symbol.toPrimitive](): never {
    throw new UsageError("E_COLUMN_VALUE", "a Spark column has no value here: it is computed on the server", {
      hint: 'write col.eq(1), col.plus(1), col.and(other) for ==, + and &&; or F.expr("a + b")',
    });
  }
}

/** A value as an expression; columns may stand within arrays, maps and plain objects too. */
export function expressionOf(value: unknown): ExpressionInit {
  return value instanceof ColumnOperators ? value.expression : literal(value, expressionOf);
}

/** A new column of the class of one that is there, which stands above this file. */
export function columnLike(column: ColumnOperators, expression: ExpressionInit): Column {
  return new (column.constructor as new (expression: ExpressionInit) => Column)(expression);
}

function apply(column: ColumnOperators, functionName: string, ...values: readonly unknown[]): Column {
  const value = { functionName, arguments: [column.expression, ...values.map(expressionOf)] };
  return columnLike(column, { exprType: { case: "unresolvedFunction", value } });
}

/** What is looked for among the rows of a frame: a struct by its fields. */
function partsOf(expression: ExpressionInit): readonly ExpressionInit[] {
  const { exprType } = expression;
  const isStruct = exprType?.case === "unresolvedFunction" && exprType.value.functionName === "struct";
  return isStruct ? (exprType.value.arguments ?? []) : [expression];
}
