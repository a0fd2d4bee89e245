import type { Column } from "../../../../src/spark/column.ts";
import type { SparkDataFrame } from "../../../../src/spark/dataframe.ts";
import * as F from "../../../../src/spark/functions.ts";
import type { SparkSession } from "../../../../src/spark/session.ts";
import { Window } from "../../../../src/spark/window.ts";
import { pyspark } from "../../../support/pyspark.ts";
import { type CallRow, callOf, pythonOf, SETTINGS } from "./calls.ts";

/** Calls on one frame. They are asked for values all at once as columns, one by one where they make rows, as orders, in a cube, or not at all. */
export interface CallGroup {
  readonly title: string;
  readonly sql: string;
  readonly kind: "columns" | "rows" | "order" | "cube" | "type";
  readonly calls: readonly CallRow[];
}

/** What a call gives: the name and type of each of its columns, and values as the server writes them. */
export interface Answer {
  readonly fields: readonly (readonly [name: string, type: string])[];
  readonly values: readonly unknown[];
}

export type Answers = Readonly<Record<string, Answer>>;

/** The answers of Outgrow, by the Python text of each call. */
export async function answers(spark: SparkSession, { sql, kind, calls }: CallGroup): Promise<Answers> {
  const frame = await spark.sql(sql);
  const window = Window.partitionBy("g").orderBy("i");
  const texts = calls.map(pythonOf);
  const columns = calls.map((row) => callOf(row)(F, window));
  // All at once where each call is one column: the answer is the same, and the server analyses one plan instead of hundreds.
  const fields =
    kind === "columns" || kind === "type"
      ? (await fieldsOf(frame.select(...columns))).map((field) => [field])
      : await Promise.all(columns.map((column) => fieldsOf(asked(frame, kind, column))));
  const values: unknown[][] = [];
  if (kind === "columns") {
    const wide = frame.select(...columns.map((column, i) => column.alias(`c${i}`)));
    values.push(
      ...(await valuesOf(
        wide,
        columns.map((_, i) => `to_json(named_struct('v', c${i}))`),
      )),
    );
  } else if (kind !== "type")
    for (const column of columns) values.push(...(await valuesOf(asked(frame, kind, column), ["to_json(struct(*))"])));
  return Object.fromEntries(texts.map((text, i) => [text, { fields: fields[i] ?? [], values: values[i] ?? [] }]));
}

/** The answers of PySpark on the same server, by group. */
export async function answersOfPySpark(groups: readonly CallGroup[]): Promise<Readonly<Record<string, Answers>>> {
  const asked = groups.map(({ title, sql, kind, calls }) => ({ title, sql, kind, texts: calls.map(pythonOf) }));
  return (await pyspark(PYTHON, { settings: SETTINGS, groups: asked })) as Readonly<Record<string, Answers>>;
}

/** The answers without what is different each time: the numbers of lambda variables, and seeds that nobody gave. */
export function withoutChance(found: Answers | undefined): Answers {
  const plain = (name: string) => name.replace(/\b([xyz])_\d+\b/g, "$1").replace(/\b\d{9,}\b/g, "seed");
  return Object.fromEntries(
    Object.entries(found ?? {}).map(([call, { fields, values }]) => [
      call,
      { fields: fields.map(([name, type]) => [plain(name), type]), values },
    ]),
  );
}

const PYTHON = `
from pyspark.ml.functions import array_to_vector, vector_to_array
for one in given["settings"]: spark.sql(one)
w = Window.partitionBy("g").orderBy("i")

def asked(frame, kind, column):
    if kind == "order": return frame.sort(column).select("i")
    if kind == "cube": return frame.cube("g", "b").agg(column).sort("g", "b")
    return frame.select(column)

def values(frame, expressions):
    rows = frame.selectExpr(*expressions).collect()
    return [[row[i] for row in rows] for i in range(len(expressions))]

def fields(frame):
    return [[one.name, one.dataType.simpleString()] for one in frame.schema.fields]

def answers(sql, kind, texts, **_):
    frame = spark.sql(sql)
    columns = [eval(text) for text in texts]
    found = [[] for _ in columns]
    if kind == "columns":
        wide = frame.select(*[column.alias("c%d" % i) for i, column in enumerate(columns)])
        found = values(wide, ["to_json(named_struct('v', c%d))" % i for i in range(len(columns))])
    elif kind != "type":
        found = [values(asked(frame, kind, column), ["to_json(struct(*))"])[0] for column in columns]
    named = [[one] for one in fields(frame.select(*columns))] if kind in ("columns", "type") else \\
            [fields(asked(frame, kind, column)) for column in columns]
    return {text: {"fields": named[i], "values": found[i]} for i, text in enumerate(texts)}

def attempt(group):
    try: return answers(**group)
    except Exception as error: return {"failed": {"fields": [], "values": [str(error).split("JVM stacktrace")[0]]}}

result = {group["title"]: attempt(group) for group in given["groups"]}`;

function asked(frame: SparkDataFrame, kind: CallGroup["kind"], column: Column): SparkDataFrame {
  if (kind === "order") return frame.sort(column).select("i");
  if (kind === "cube") return frame.cube("g", "b").agg(column).sort("g", "b");
  return frame.select(column);
}

async function fieldsOf(frame: SparkDataFrame): Promise<[string, string][]> {
  return (await frame.schema()).map(({ name, type }) => [name, type]);
}

async function valuesOf(frame: SparkDataFrame, expressions: readonly string[]): Promise<unknown[][]> {
  const names = expressions.map((_, i) => `c${i}`);
  const rows = await frame
    .selectExpr(...expressions)
    .toDF(...names)
    .collect();
  return names.map((name) => rows.map((row) => row[name]));
}
