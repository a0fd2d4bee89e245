import { columnOnly, nameText, wrong } from "./check.ts";
import { Column, type ColumnOrName, col } from "./column.ts";
import type { SparkDataFrame } from "./dataframe.ts";
import { type Columns, columnExpressions, sqlColumn } from "./expressions.ts";
import { invoke } from "./functions/invoke.ts";
import { to_json } from "./functions/json.ts";
import { struct } from "./functions/struct.ts";
import { derive, planOf } from "./plan.ts";
import { SparkQuery } from "./query.ts";

/** What changes the columns of a frame and keeps its rows. */
export class FrameColumns extends SparkQuery {
  /** The column of this very frame: `a.col("id").eq(b.col("id"))` in a join of `a` and `b`. */
  col(name: string): Column {
    const { id: planId } = planOf(this);
    const { exprType } = col(nameText(name, "the column")).expression;
    if (exprType?.case === "unresolvedStar")
      return new Column({ exprType: { case: "unresolvedStar", value: { ...exprType.value, planId } } });
    return new Column({ exprType: { case: "unresolvedAttribute", value: { unparsedIdentifier: name, planId } } });
  }

  /** A column that a source has beside its own, as `_metadata` of files. */
  metadataColumn(name: string): Column {
    const value = { unparsedIdentifier: nameText(name, "the column"), planId: planOf(this).id, isMetadataColumn: true };
    return new Column({ exprType: { case: "unresolvedAttribute", value } });
  }

  /** The columns whose names match an expression in backticks: ``df.colRegex("`total_.*`")``. */
  colRegex(pattern: string): Column {
    const value = { colName: nameText(pattern, "the pattern"), planId: planOf(this).id };
    return new Column({ exprType: { case: "unresolvedRegex", value } });
  }

  select(...columns: readonly Columns[]): SparkDataFrame {
    return this.#project(columnExpressions(columns));
  }

  /** Columns as expressions of SQL: `"amount * 2 AS twice"`. */
  selectExpr(...expressions: readonly (string | readonly string[])[]): SparkDataFrame {
    return this.#project(expressions.flat().map((text) => sqlColumn(nameText(text, "an expression")).expression));
  }

  /** Adds a column, or puts it in the place of the one of that name. */
  withColumn(name: string, column: Column): SparkDataFrame {
    return this.withColumns({ [name]: column });
  }

  withColumns(columns: Readonly<Record<string, Column>>): SparkDataFrame {
    const aliases = Object.entries(columns).map(([name, column]) => ({
      expr: columnOnly(column, `the column ${name}`).expression,
      name: [name],
    }));
    return derive(this, { case: "withColumns", value: { input: planOf(this).relation, aliases } });
  }

  /** Renames a column; nothing happens where there is none of that name. */
  withColumnRenamed(existing: string, name: string): SparkDataFrame {
    return this.withColumnsRenamed({ [nameText(existing, "the column")]: name });
  }

  /** Renames columns, old name to new one. */
  withColumnsRenamed(names: Readonly<Record<string, string>>): SparkDataFrame {
    const renames = Object.entries(names).map(([colName, newColName]) => ({
      colName,
      newColName: nameText(newColName, `the new name of ${colName}`),
    }));
    return derive(this, { case: "withColumnsRenamed", value: { input: planOf(this).relation, renames } });
  }

  /** Puts data about a column beside it, which Spark ML and file formats read. */
  withMetadata(name: string, metadata: Readonly<Record<string, unknown>>): SparkDataFrame {
    const aliases = [{ expr: this.col(name).expression, name: [name], metadata: JSON.stringify(metadata) }];
    return derive(this, { case: "withColumns", value: { input: planOf(this).relation, aliases } });
  }

  /** The frame without some columns; names that it does not have are passed over. */
  drop(...columns: readonly ColumnOrName[]): SparkDataFrame {
    const columnNames = columns.filter((column) => typeof column === "string");
    const others = columns.filter((column) => typeof column !== "string");
    const value = { input: planOf(this).relation, columnNames, columns: columnExpressions(others) };
    return derive(this, { case: "drop", value });
  }

  /** The same columns under other names, one for each. */
  toDF(...names: readonly (string | readonly string[])[]): SparkDataFrame {
    const columnNames = names.flat().map((name) => nameText(name, "a name"));
    return derive(this, { case: "toDf", value: { input: planOf(this).relation, columnNames } });
  }

  /** Columns in the order and with the types of a schema: `df.to("id bigint, name string")`. */
  to(schema: string): SparkDataFrame {
    const dataTypeString = nameText(schema, "the schema");
    const kind = { case: "unparsed" as const, value: { dataTypeString } };
    return derive(this, { case: "toSchema", value: { input: planOf(this).relation, schema: { kind } } });
  }

  /** The frame under a name, which its columns can be asked by: `"a.id"`. */
  alias(name: string): SparkDataFrame {
    const alias = nameText(name, "the alias");
    return derive(this, { case: "subqueryAlias", value: { input: planOf(this).relation, alias } });
  }

  /**
   * Columns to rows: each of `values` becomes a row with its name and its value beside the `ids`. Without `values`, all columns
   * that are no ids.
   */
  unpivot(
    ids: Columns,
    values: Columns | null | undefined,
    variableColumnName: string,
    valueColumnName: string,
  ): SparkDataFrame {
    const value = {
      input: planOf(this).relation,
      ids: columnExpressions([ids]),
      ...(values !== undefined && values !== null && { values: { values: columnExpressions([values]) } }),
      variableColumnName: nameText(variableColumnName, "the column of names"),
      valueColumnName: nameText(valueColumnName, "the column of values"),
    };
    return derive(this, { case: "unpivot", value });
  }

  melt(...args: Parameters<FrameColumns["unpivot"]>): SparkDataFrame {
    return this.unpivot(...args);
  }

  /** Columns to rows and rows to columns, which are named by a column: the first, unless another is given. */
  transpose(indexColumn?: ColumnOrName): SparkDataFrame {
    const indexColumns = indexColumn === undefined ? [] : columnExpressions([indexColumn]);
    return derive(this, { case: "transpose", value: { input: planOf(this).relation, indexColumns } });
  }

  /** A step of one's own within a chain: `df.transform(withTotals).limit(5)`. */
  transform<T extends SparkDataFrame, A extends readonly unknown[]>(
    step: (frame: SparkDataFrame, ...args: A) => T,
    ...args: A
  ): T {
    const frame = step(this as unknown as SparkDataFrame, ...args);
    if (frame instanceof SparkQuery) return frame;
    throw wrong("the function of transform() gave no frame", "return the frame from it");
  }

  /** Each row as a text of JSON, in the column `value`. */
  toJSON(): SparkDataFrame {
    return this.select(to_json(struct("*")).alias("value"));
  }

  /** Numbers the rows from 0 on, without gaps; it is a pass over the frame for itself. */
  zipWithIndex(indexColName = "index"): SparkDataFrame {
    const index = invoke("distributed_sequence_id");
    return this.select("*", index.alias(nameText(indexColName, "the column")));
  }

  #project(expressions: ReturnType<typeof columnExpressions>): SparkDataFrame {
    return derive(this, { case: "project", value: { input: planOf(this).relation, expressions } });
  }
}
