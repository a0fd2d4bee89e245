import type { DataType as SparkType } from "#spark-proto/types";
import { isTable, type Table } from "../frame/arrow.ts";
import { type DataFrame, isFrame } from "../frame/frame.ts";
import { inferColumn } from "../frame/infer.ts";
import { tableOfColumns } from "../frame/to-arrow.ts";
import { nameText, wrong } from "./check.ts";
import { Column, call, col, lit } from "./column.ts";
import type { RelationInit, SparkClient } from "./connect/client.ts";
import { columnText, hasMap, wireValue } from "./local-values.ts";
import { typeName } from "./schema.ts";

interface Field {
  readonly name: string;
  readonly type: SparkType;
}

/** Data of this process as a relation: what the schema says is done on the server, by casts. */
export async function localData(
  client: SparkClient,
  data: DataFrame | Table | readonly object[],
  schema?: string | readonly string[],
  signal?: AbortSignal,
): Promise<RelationInit> {
  const fields = typeof schema === "string" ? await parseSchema(client, schema) : undefined;
  const names = typeof schema === "string" ? undefined : schema?.map((name) => nameText(name, "a column"));
  if (!Array.isArray(data)) {
    if (!isTable(data) && !isFrame(data))
      throw wrong("the data is neither a frame nor rows", "give a frame, an Arrow table, or objects");
    const input = await client.relationOf(data as DataFrame | Table, signal);
    return fields || names ? renamed(input, fields?.map(({ name }) => name) ?? names ?? [], fields) : input;
  }
  const rows = data as readonly object[];
  const columns = fields?.map(({ name }) => name) ?? names ?? namesOf(rows);
  if (columns.length === 0)
    throw wrong("there are no rows to read the columns from", 'give a schema: "id bigint, name string"');
  const valueAt = rowReader(columns);
  const table = tableOfColumns(
    columns.map((name, i) => {
      const type = fields?.[i]?.type;
      const values = rows.map((row) => valueAt(row, i));
      return inferColumn(name, type ? values.map((value) => wireValue(value, type)) : values);
    }),
    rows.length,
  );
  const input = await client.relationOf(table, signal);
  return fields ? renamed(input, columns, fields) : input;
}

async function parseSchema(client: SparkClient, schema: string): Promise<readonly Field[]> {
  const { parsed } = await client.analyze("ddlParse", { ddlString: nameText(schema, "the schema") });
  if (parsed?.kind.case !== "struct")
    throw wrong(`the schema "${schema}" is one type`, 'write names and types: "id bigint, name string"');
  return parsed.kind.value.fields.map(({ name, dataType }) => ({ name, type: dataType as SparkType }));
}

/** The columns under other names, and of other types where fields say so. */
function renamed(input: RelationInit, names: readonly string[], fields?: readonly Field[]): RelationInit {
  const named: RelationInit = { relType: { case: "toDf", value: { input, columnNames: [...names] } } };
  if (!fields) return named;
  const expressions = fields.map(({ name, type }) => typed(col(columnText(name)), type).alias(name).expression);
  return { relType: { case: "project", value: { input: named, expressions } } };
}

function typed(column: Column, type: SparkType): Column {
  if (hasMap(type)) return call("from_json", column, lit(typeName(type)));
  const castToType = { case: "type" as const, value: type };
  return new Column({ exprType: { case: "cast", value: { expr: column.expression, castToType } } });
}

function namesOf(rows: readonly object[]): string[] {
  const names = new Set<string>();
  for (const row of rows) {
    if (typeof row !== "object" || row === null)
      throw wrong(`a row is ${row === null ? "null" : typeof row}`, "give objects");
    if (Array.isArray(row))
      throw wrong("the rows are lists without names", 'name the columns: createDataFrame(rows, ["id", "name"])');
    for (const name of Object.keys(row)) names.add(name);
  }
  return [...names];
}

/** Reads the value of a column out of a row, which is an object or a list in the order of the columns. */
function rowReader(columns: readonly string[]): (row: object, index: number) => unknown {
  return (row, index) => {
    if (!Array.isArray(row)) return (row as Record<string, unknown>)[columns[index] as string];
    if (row.length !== columns.length)
      throw wrong(`a row has ${row.length} values for ${columns.length} columns`, "give one value for each column");
    return row[index];
  };
}
