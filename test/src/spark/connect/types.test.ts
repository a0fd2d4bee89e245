import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { SparkClient } from "../../../../src/spark/connect/client.ts";
import { SparkSession } from "../../../../src/spark/session.ts";
import { guideRows } from "../../../support/pyspark-guide.ts";
import { openClient, sqlPlan } from "../../../support/spark-client.ts";
import { sparkServer } from "../../../support/spark-server.ts";

let spark: SparkSession;
let client: SparkClient;

beforeAll(async () => {
  const { address, token } = await sparkServer();
  [spark, client] = await Promise.all([SparkSession.connect(address, { token }), openClient(address, { token })]);
  await spark.conf.set("spark.sql.timeType.enabled", true);
}, 240_000);

afterAll(async () => {
  await Promise.all([spark?.stop(), client?.close()]);
});

/** SQL, the type in Spark's words, the type of the local column, the value. */
const TYPES: readonly (readonly [sql: string, spark: string, local: string, value: unknown])[] = [
  ["1Y", "tinyint", "int8", 1],
  ["-2S", "smallint", "int16", -2],
  ["3", "int", "int32", 3],
  ["4L", "bigint", "int64", 4],
  ["9007199254740993L", "bigint", "int64", 9007199254740993n],
  ["1.5f", "float", "float32", 1.5],
  ["double('NaN')", "double", "float64", Number.NaN],
  ["0.1d", "double", "float64", 0.1],
  ["1.25BD", "decimal(3,2)", "decimal(3, 2)", 1.25],
  [
    "cast('-12345678901234567890.123456789' as decimal(38,9))",
    "decimal(38,9)",
    "decimal(38, 9)",
    -12345678901234567000,
  ],
  ["'héß😀'", "string", "str", "héß😀"],
  ["true", "boolean", "bool", true],
  ["null", "void", "object", null],
  ["X'00FF'", "binary", "binary", Uint8Array.of(0, 255)],
  ["date'1969-12-31'", "date", "date", new Date("1969-12-31")],
  [
    "timestamp'2024-01-02 03:04:05.123456+02:00'",
    "timestamp",
    "datetime64[us, Etc/UTC]",
    new Date("2024-01-02T01:04:05.123Z"),
  ],
  ["timestamp_ntz'1900-01-02 03:04:05.9'", "timestamp_ntz", "datetime64[us]", new Date("1900-01-02T03:04:05.900Z")],
  ["time'12:34:56.789'", "time(6)", "time", 45_296_789_000_000],
  ["interval '1-2' year to month", "interval year to month", "object", 14],
  ["interval '-1-2' year to month", "interval year to month", "object", -14],
  ["interval '1 02:03:04.5' day to second", "interval day to second", "timedelta64[us]", 93_784_500_000],
  ["array(1, null, 3)", "array<int>", "list", [1, null, 3]],
  ["array(1.50BD)", "array<decimal(3,2)>", "list", [1.5]],
  ["array(date'2024-02-29')", "array<date>", "list", [new Date("2024-02-29")]],
  ["array(array(1L), array())", "array<array<bigint>>", "list", [[1], []]],
  ["map('a', 1, 'b', null)", "map<string,int>", "struct", { a: 1, b: null }],
  ["map(1, 'x')", "map<int,string>", "struct", { 1: "x" }],
  [
    "named_struct('x', 1, 'y', named_struct('z', timestamp_ntz'2024-01-01 00:00:00'))",
    "struct<x:int,y:struct<z:timestamp_ntz>>",
    "struct",
    { x: 1, y: { z: new Date("2024-01-01") } },
  ],
  [
    `parse_json('{"a": [1, 2.5, "x", null, true, -300, 5000000000], "b": {"c": {}}}')`,
    "variant",
    "object",
    { a: [1, 2.5, "x", null, true, -300, 5_000_000_000], b: { c: {} } },
  ],
  ["array(parse_json('[1]'))", "array<variant>", "list", [[1]]],
  ["named_struct('v', parse_json('null'))", "struct<v:variant>", "struct", { v: null }],
  ["map('k', parse_json('null'))", "map<string,variant>", "struct", { k: null }],
  [
    "map(named_struct('a', 1), 'x', named_struct('a', 2), 'y')",
    "map<struct<a:int>,string>",
    "struct",
    { '{"a":1}': "x", '{"a":2}': "y" },
  ],
  [
    "to_variant_object(named_struct('d', date'2024-01-01', 'n', 1.25BD, 's', repeat('x', 100)))",
    "variant",
    "object",
    { d: new Date("2024-01-01"), n: 1.25, s: "x".repeat(100) },
  ],
];

describe("every type of Spark's has its form", () => {
  test.each(TYPES)("%s", async (sql, sparkType, localType, value) => {
    const query = await spark.sql(`SELECT v FROM VALUES (1, ${sql}) AS t(i, v) UNION ALL SELECT ${nullOf(sql)}`);
    expect((await query.schema())[0]?.type).toBe(sparkType);
    const frame = await query.toDanfo(10);
    expect(frame.shape).toEqual([2, 1]);
    expect((await query.collect()).map((row) => row.v)).toEqual([value, null]);
    const { columnsOf } = await import("../../../../src/frame/frame.ts");
    expect(columnsOf(frame)[0]?.type.replace("datetime64[us, UTC]", "datetime64[us, Etc/UTC]")).toBe(localType);
  });

  test("which docs/pyspark.md names", () => {
    const tried = TYPES.map(([, spark, local]) => `${spark} is ${local}`);
    const told = guideRows("Types").map(([spark, local]) => `${spark} is ${local}`);
    expect(told.length).toBeGreaterThan(15);
    expect(told.filter((line) => !tried.includes(line))).toEqual([]);
  });

  function nullOf(sql: string): string {
    return `if(false, ${sql}, null)`;
  }
});

test("shapes have their reference system in the name of their type", async () => {
  const point = "X'0101000000000000000000F03F0000000000000040'";
  const query = await spark.sql(
    `SELECT st_geomfromwkb(${point}, 4326) AS g, st_geogfromwkb(${point}) AS e, array(CAST(null AS geometry(any))) AS a`,
  );
  expect((await query.schema()).map(({ type }) => type)).toEqual([
    "geometry(4326)",
    "geography(4326)",
    "array<geometry(any)>",
  ]);
});

test("columns of one name survive, by their place", async () => {
  const query = await spark.sql("SELECT 1 AS a, 2 AS a, 3 AS b");
  expect(await query.collect()).toEqual([{ a: 1, "a.1": 2, b: 3 }]);
  expect((await query.toArrow()).schema.fields.map(({ name }) => name)).toEqual(["a", "a", "b"]);
});

test("a result of no rows has its columns", async () => {
  const frame = await (await spark.sql("SELECT 1 AS a, 'x' AS b WHERE false")).toDanfo(5);
  expect([frame.shape, frame.columns]).toEqual([
    [0, 2],
    ["a", "b"],
  ]);
});

test("decimals and microseconds stay exact in Arrow", async () => {
  const table = await (
    await spark.sql("SELECT timestamp'2024-01-01 00:00:00.123456Z' AS t, 12345678901234567890.12BD AS d")
  ).toArrow();
  expect(table.getChildAt(0)?.data[0]?.values[0]).toBe(1704067200123456n);
  expect(String(table.getChildAt(1)?.get(0))).toBe("1234567890123456789012");
});

test("vectors, dense and sparse, are arrays of numbers", async () => {
  const input = sqlPlan(
    "SELECT * FROM VALUES (1, 1.0d, 2.0d, 3.0d), (2, 0.0d, 0.0d, 0.0d), (3, 0.0d, 7.0d, 0.0d) AS t(id, a, b, c)",
  );
  const transformer = {
    name: "org.apache.spark.ml.feature.VectorAssembler",
    uid: "VectorAssembler_0123456789ab",
    type: 2,
  };
  const text = (value: string) => ({ literalType: { case: "string" as const, value } });
  const columns = {
    literalType: {
      case: "array" as const,
      value: { elementType: { kind: { case: "string" as const, value: {} } }, elements: ["a", "b", "c"].map(text) },
    },
  };
  const transform = {
    operator: { case: "transformer" as const, value: transformer },
    input,
    params: { params: { inputCols: columns, outputCol: text("v") } },
  };
  const relation = {
    relType: { case: "mlRelation" as const, value: { mlType: { case: "transform" as const, value: transform } } },
  };
  const frame = client.frame(await client.table(relation));
  const vectors = frame.values.map((row) => (row as unknown[])[4]);
  expect(vectors).toEqual([
    [1, 2, 3],
    [0, 0, 0],
    [0, 7, 0],
  ]);
});
