import { afterAll, beforeAll, expect, test } from "vitest";
import { frameFromColumns } from "../../../src/frame/frame.ts";
import { lit } from "../../../src/spark/column.ts";
import { SparkSession } from "../../../src/spark/session.ts";
import { sparkServer } from "../../support/spark-server.ts";

let spark: SparkSession;

beforeAll(async () => {
  const server = await sparkServer();
  spark = await SparkSession.connect(server.address, server);
}, 240_000);

afterAll(() => spark?.stop());

test("objects give their own types; a key that a row lacks is null", async () => {
  const at = new Date("2024-05-06T07:08:09.010Z");
  const rows = [
    { id: 1, name: "a", at, tags: ["x", null], inner: { z: 1.5, at } },
    { id: 2, half: 0.5, ok: true },
  ];
  const frame = await spark.createDataFrame(rows);
  expect(await frame.dtypes()).toEqual([
    ["id", "bigint"],
    ["name", "string"],
    ["at", "timestamp"],
    ["tags", "array<string>"],
    ["inner", "struct<z:double,at:timestamp>"],
    ["half", "double"],
    ["ok", "boolean"],
  ]);
  expect(await frame.collect()).toEqual([
    { ...rows[0], half: null, ok: null },
    { id: 2, name: null, at: null, tags: null, inner: null, half: 0.5, ok: true },
  ]);
});

test("a schema in Spark's words decides the types, also of dates, decimals, maps and nested values", async () => {
  const schema =
    "id smallint, day date, amount decimal(20,3), counts map<string,bigint>, local timestamp_ntz, bytes binary, s struct<p:string,q:double>, list array<date>";
  const row = {
    id: 7,
    day: new Date("2024-02-29T23:30:00Z"),
    amount: "12345678901234567.125",
    counts: new Map([["k", 2n ** 60n]]),
    local: new Date("2024-01-01T10:00:00Z"),
    bytes: new Uint8Array([1, 255]),
    s: { q: 5, p: "x" },
    list: [new Date("2020-01-01T00:00:00Z"), null],
  };
  const frame = await spark.createDataFrame([row, {}], schema);
  expect((await frame.dtypes()).map(([name, type]) => `${name} ${type}`).join(", ")).toBe(schema);
  const text = frame.selectExpr(
    "CAST(day AS string) AS day",
    "CAST(amount AS string) AS amount",
    "CAST(counts['k'] AS string) AS k",
    "CAST(local AS string) AS local",
    "hex(bytes) AS bytes",
    "s.p || s.q AS s",
    "CAST(list AS string) AS list",
  );
  expect(await text.collect()).toEqual([
    {
      day: "2024-02-29",
      amount: "12345678901234567.125",
      k: "1152921504606846976",
      local: "2024-01-01 10:00:00",
      bytes: "01FF",
      s: "x5.0",
      list: "[2020-01-01, null]",
    },
    { day: null, amount: null, k: null, local: null, bytes: null, s: null, list: null },
  ]);
  await expect((await spark.createDataFrame([{ id: "x" }], "id int")).collect()).rejects.toMatchObject({
    code: "E_SPARK_CAST_INVALID_INPUT",
  });
});

test("lists of values take names or a schema; no rows need one", async () => {
  const lists = [
    [1, "a"],
    [2, null],
  ];
  expect(await (await spark.createDataFrame(lists, ["x", "y"])).collect()).toEqual([
    { x: 1, y: "a" },
    { x: 2, y: null },
  ]);
  expect(await (await spark.createDataFrame(lists, "x double, y string")).dtypes()).toEqual([
    ["x", "double"],
    ["y", "string"],
  ]);
  const none = await spark.createDataFrame([], "a int, `b c` string");
  expect([await none.columns(), await none.collect()]).toEqual([["a", "b c"], []]);
  for (const wrong of [[], lists, [[1]], [null], 5])
    await expect(spark.createDataFrame(wrong as object[])).rejects.toMatchObject({ code: "E_SPARK_ARGUMENT" });
  await expect(spark.createDataFrame([[1]], ["a", "b"])).rejects.toThrow("1 values for 2 columns");
  await expect(spark.createDataFrame([{ a: 1 }, { a: "x" }])).rejects.toMatchObject({ code: "E_MIXED_COLUMN" });
});

test("a local frame keeps what its unsigned integers are, and takes names and types", async () => {
  const frame = frameFromColumns([
    { name: "a", type: "uint8", values: new Uint8Array([1, 255]) },
    { name: "b", type: "uint32", values: new Uint32Array([1, 4_294_967_295]) },
    { name: "c", type: "uint64", values: new BigUint64Array([1n, 2n ** 64n - 1n]) },
    { name: "d", type: "datetime64[ms]", values: new Float64Array([0, 1.7e12]) },
  ]);
  const up = await spark.createDataFrame(frame);
  expect((await up.dtypes()).map(([, type]) => type)).toEqual(["smallint", "bigint", "decimal(20,0)", "timestamp"]);
  expect(await up.selectExpr("a", "b", "CAST(c AS string) AS c", "d").tail(1)).toEqual([
    { a: 255, b: 4_294_967_295, c: "18446744073709551615", d: new Date(1.7e12) },
  ]);
  expect(await (await spark.createDataFrame(frame, ["w", "x", "y", "z"])).columns()).toEqual(["w", "x", "y", "z"]);
  expect((await (await spark.createDataFrame(frame, "a int, b double, c string, d date")).dtypes())[3]).toEqual([
    "d",
    "date",
  ]);
});

test("values of every form are bound to SQL", async () => {
  const query = await spark.sql(
    "SELECT typeof(:d) AS d, CAST(:day AS string) AS day, :m['b'] AS m, :s.y AS s, :list[1].x AS list, CAST(:ntz AS string) AS ntz, typeof(:tiny) AS tiny",
    {
      params: {
        d: lit("012.5", "decimal(10,2)"),
        day: lit(new Date("1969-12-31T23:00:00Z"), "date"),
        m: new Map([
          ["a", 1],
          ["b", 2],
        ]),
        s: { x: 1, y: "z" },
        list: [{ x: 1 }, { x: 5 }],
        ntz: lit("2024-01-01T10:00:00.000001", "timestamp_ntz"),
        tiny: lit(-128, "tinyint"),
      },
    },
  );
  expect(await query.collect()).toEqual([
    {
      d: "decimal(4,2)",
      day: "1969-12-31",
      m: 2,
      s: "z",
      list: 5,
      ntz: "2024-01-01 10:00:00.000001",
      tiny: "tinyint",
    },
  ]);
});
