import { inspect } from "node:util";
import { UsageError } from "../errors.ts";
import { type ExpressionInit, literal } from "./connect/literal.ts";
import type { WindowInit } from "./connect/messages.ts";

/** A column, or the name of one: `"amount"`, `"address.city"`, `"*"`. */
export type ColumnOrName = Column | string;

/** Which rows a window function sees, in the words of the protocol. */
export type WindowDefinition = Omit<WindowInit, "windowFunction" | "$typeName">;

/** An expression over the columns of a frame; it is computed on the server, when the frame is. */
export class Column {
  /** The expression in the words of the protocol. */
  readonly expression: ExpressionInit;

  constructor(expression: ExpressionInit) {
    this.expression = expression;
  }

  /** Equal; null when a side is null. Values that are not columns are literals, here and below. */
  eq(other: unknown): Column {
    return this.#with("==", other);
  }

  neq(other: unknown): Column {
    return call("not", this.eq(other));
  }

  /** Equal, where two nulls are equal too. */
  eqNullSafe(other: unknown): Column {
    return this.#with("<=>", other);
  }

  gt(other: unknown): Column {
    return this.#with(">", other);
  }

  geq(other: unknown): Column {
    return this.#with(">=", other);
  }

  lt(other: unknown): Column {
    return this.#with("<", other);
  }

  leq(other: unknown): Column {
    return this.#with("<=", other);
  }

  between(lower: unknown, upper: unknown): Column {
    return this.geq(lower).and(this.leq(upper));
  }

  isin(...values: readonly unknown[]): Column {
    const list = values.length === 1 && Array.isArray(values[0]) ? (values[0] as readonly unknown[]) : values;
    return call("in", this, ...list.map(valueColumn));
  }

  and(other: unknown): Column {
    return this.#with("and", other);
  }

  or(other: unknown): Column {
    return this.#with("or", other);
  }

  not(): Column {
    return call("not", this);
  }

  plus(other: unknown): Column {
    return this.#with("+", other);
  }

  minus(other: unknown): Column {
    return this.#with("-", other);
  }

  multiply(other: unknown): Column {
    return this.#with("*", other);
  }

  divide(other: unknown): Column {
    return this.#with("/", other);
  }

  mod(other: unknown): Column {
    return this.#with("%", other);
  }

  negate(): Column {
    return call("negative", this);
  }

  bitwiseAND(other: unknown): Column {
    return this.#with("&", other);
  }

  bitwiseOR(other: unknown): Column {
    return this.#with("|", other);
  }

  bitwiseXOR(other: unknown): Column {
    return this.#with("^", other);
  }

  isNull(): Column {
    return call("isNull", this);
  }

  isNotNull(): Column {
    return call("isNotNull", this);
  }

  isNaN(): Column {
    return call("isNaN", this);
  }

  like(pattern: string): Column {
    return this.#with("like", pattern);
  }

  ilike(pattern: string): Column {
    return this.#with("ilike", pattern);
  }

  rlike(pattern: string): Column {
    return this.#with("rlike", pattern);
  }

  contains(other: unknown): Column {
    return this.#with("contains", other);
  }

  startswith(other: unknown): Column {
    return this.#with("startswith", other);
  }

  endswith(other: unknown): Column {
    return this.#with("endswith", other);
  }

  /** `length` characters from `start`, which counts from 1. */
  substr(start: number | Column, length: number | Column): Column {
    return call("substr", this, valueColumn(start), valueColumn(length));
  }

  /** An element of an array (from 0), a value of a map, or a field of a struct. */
  getItem(key: unknown): Column {
    const extraction = valueColumn(key).expression;
    const value = { child: this.expression, extraction };
    return new Column({ exprType: { case: "unresolvedExtractValue", value } });
  }

  getField(name: string): Column {
    return this.getItem(name);
  }

  /** The same values as another type, in Spark's words: `"bigint"`, `"decimal(18,2)"`. An impossible value is an error (ANSI). */
  cast(type: string): Column {
    return this.#cast(type, 0);
  }

  /** As `cast`, with null for an impossible value. */
  try_cast(type: string): Column {
    return this.#cast(type, 3);
  }

  /** The column under another name; several names for an expression of several columns, as `explode` of a map. */
  alias(...names: readonly string[]): Column {
    return new Column({ exprType: { case: "alias", value: { expr: this.expression, name: [...names] } } });
  }

  as(...names: readonly string[]): Column {
    return this.alias(...names);
  }

  asc(): Column {
    return this.asc_nulls_first();
  }

  asc_nulls_first(): Column {
    return this.#order(1, 1);
  }

  asc_nulls_last(): Column {
    return this.#order(1, 2);
  }

  desc(): Column {
    return this.desc_nulls_last();
  }

  desc_nulls_first(): Column {
    return this.#order(2, 1);
  }

  desc_nulls_last(): Column {
    return this.#order(2, 2);
  }

  /** A further branch of `F.when(…)`. */
  when(condition: Column, value: unknown): Column {
    return this.#branch("when", condition, valueColumn(value));
  }

  /** What `F.when(…)` gives when no condition is true; without it that is null. */
  otherwise(value: unknown): Column {
    return this.#branch("otherwise", valueColumn(value));
  }

  /** The function over a window: `F.row_number().over(Window.partitionBy("user_id").orderBy("at"))`. */
  over(window: { readonly definition: WindowDefinition }): Column {
    return new Column({
      exprType: { case: "window", value: { windowFunction: this.expression, ...window.definition } },
    });
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

  #with(operator: string, other: unknown): Column {
    return call(operator, this, valueColumn(other));
  }

  #cast(type: string, evalMode: 0 | 3): Column {
    const value = { expr: this.expression, castToType: { case: "typeStr" as const, value: type }, evalMode };
    return new Column({ exprType: { case: "cast", value } });
  }

  #order(direction: 1 | 2, nullOrdering: 1 | 2): Column {
    return new Column({ exprType: { case: "sortOrder", value: { child: this.expression, direction, nullOrdering } } });
  }

  #branch(after: "when" | "otherwise", ...rest: readonly Column[]): Column {
    const { exprType } = this.expression;
    const isCase = exprType?.case === "unresolvedFunction" && exprType.value.functionName === "when";
    const branches = isCase ? (exprType.value.arguments ?? []) : [];
    if (branches.length === 0 || branches.length % 2 === 1)
      throw new UsageError("E_SPARK_WHEN", `${after}() can only follow F.when() or another .when()`, {
        hint: "start with F.when(condition, value), and end with one .otherwise(value)",
      });
    const args = [...branches, ...rest.map(({ expression }) => expression)];
    return new Column({ exprType: { case: "unresolvedFunction", value: { functionName: "when", arguments: args } } });
  }
}

/** A column by its name; `"*"` and `"people.*"` mean all of them. */
export function col(name: string): Column {
  if (name === "*") return new Column({ exprType: { case: "unresolvedStar", value: {} } });
  if (name.endsWith(".*")) return new Column({ exprType: { case: "unresolvedStar", value: { unparsedTarget: name } } });
  return new Column({ exprType: { case: "unresolvedAttribute", value: { unparsedIdentifier: name } } });
}

/** A value as a column; see `literal` for what can be one. */
export function lit(value: unknown): Column {
  return value instanceof Column ? value : new Column(literal(value));
}

/** Where Spark expects a column: text is a name. */
export function namedColumn(column: ColumnOrName): Column {
  return typeof column === "string" ? col(column) : column;
}

/** Where Spark expects a value: text is text. */
export function valueColumn(value: unknown): Column {
  return lit(value);
}

/** A function of the server by its name. */
export function call(functionName: string, ...columns: readonly Column[]): Column {
  const value = { functionName, arguments: columns.map(({ expression }) => expression) };
  return new Column({ exprType: { case: "unresolvedFunction", value } });
}
