import { UsageError } from "../errors.ts";
import { columnOnly, nameText, wrong } from "./check.ts";
import { ColumnOperators, expressionOf } from "./column-operators.ts";
import type { ExpressionInit } from "./connect/literal.ts";
import type { WindowInit } from "./connect/messages.ts";
import { typedLiteral } from "./connect/typed-literal.ts";

/** A column, or the name of one: `"amount"`, `"address.city"`, `"*"`. */
export type ColumnOrName = Column | string;

/** Which rows a window function sees, in the words of the protocol. */
export type WindowDefinition = Omit<WindowInit, "windowFunction" | "$typeName">;

export interface AliasOptions {
  readonly metadata: Readonly<Record<string, unknown>>;
}

/** An expression over the columns of a frame; it is computed on the server, when the frame is. */
export class Column extends ColumnOperators {
  /** An element of an array (from 0), a value of a map, or a field of a struct. */
  getItem(key: unknown): Column {
    const extraction = expressionOf(key);
    const value = { child: this.expression, extraction };
    return new Column({ exprType: { case: "unresolvedExtractValue", value } });
  }

  getField(name: string): Column {
    return this.getItem(name);
  }

  /** The struct with a field added or replaced; `"a.b"` is a field of a field. */
  withField(fieldName: string, value: Column): Column {
    return this.#update(fieldName, columnOnly(value, `the field ${fieldName}`).expression);
  }

  /** The struct without some fields. */
  dropFields(...fieldNames: readonly string[]): Column {
    if (fieldNames.length === 0) throw wrong("dropFields() names no field", 'write dropFields("city")');
    return fieldNames.reduce<Column>((column, name) => column.#update(name, undefined), this);
  }

  /** A step of one's own within a chain. */
  transform(step: (column: Column) => Column): Column {
    return columnOnly(step(this), "what the function of transform() gave");
  }

  /** The same values as another type, in Spark's words: `"bigint"`, `"decimal(18,2)"`. An impossible value is an error (ANSI). */
  cast(type: string): Column {
    return this.#cast(type, 0);
  }

  /** As `cast`, with null for an impossible value. */
  try_cast(type: string): Column {
    return this.#cast(type, 3);
  }

  astype(type: string): Column {
    return this.cast(type);
  }

  /**
   * The column under another name; several names for an expression of several columns, as `explode` of a map. Data about the
   * column can follow one name: `alias("age", { metadata: { unit: "years" } })`.
   */
  alias(...names: readonly string[]): Column;
  alias(name: string, options: AliasOptions): Column;
  alias(...args: readonly (string | AliasOptions)[]): Column {
    const options = args.find((arg): arg is AliasOptions => typeof arg === "object" && arg !== null);
    const name = args.filter((arg) => arg !== options).map((arg) => nameText(arg, "the name"));
    const metadata = options && { metadata: JSON.stringify(options.metadata) };
    return new Column({ exprType: { case: "alias", value: { expr: this.expression, name, ...metadata } } });
  }

  as(...names: readonly string[]): Column {
    return this.alias(...names);
  }

  name(...names: readonly string[]): Column {
    return this.alias(...names);
  }

  /** The column of the frame around a subquery or a lateral join. */
  outer(): Column {
    return new Column(this.expression);
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

  /** A further branch of `F.when(...)`. */
  when(condition: Column, value: unknown): Column {
    return this.#branch("when", condition, valueColumn(value));
  }

  /** What `F.when(...)` gives when no condition is true; without it that is null. */
  otherwise(value: unknown): Column {
    return this.#branch("otherwise", valueColumn(value));
  }

  /** The function over a window: `F.row_number().over(Window.partitionBy("user_id").orderBy("at"))`. */
  over(window: { readonly definition: WindowDefinition }): Column {
    return new Column({
      exprType: { case: "window", value: { windowFunction: this.expression, ...window.definition } },
    });
  }

  #update(fieldName: string, valueExpression: ExpressionInit | undefined): Column {
    const value = { structExpression: this.expression, fieldName: nameText(fieldName, "the field") };
    const update = valueExpression ? { ...value, valueExpression } : value;
    return new Column({ exprType: { case: "updateFields", value: update } });
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

/**
 * A value as a column; see `literal` for what can be one. With a type in Spark's words the value is of that type:
 * `lit("12.50", "decimal(10,2)")`, `lit("2024-02-29", "date")`.
 *
 * @throws {UsageError} E_SPARK_LITERAL
 */
export function lit(value: unknown, type?: string): Column {
  if (type !== undefined) return new Column({ exprType: { case: "literal", value: typedLiteral(value, type) } });
  return value instanceof Column ? value : new Column(expressionOf(value));
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
