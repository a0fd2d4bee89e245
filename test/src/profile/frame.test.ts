import { describe, expect, test } from "vitest";
import { danfo } from "../../../src/frame/danfo.ts";
import { frameFromColumns } from "../../../src/frame/frame.ts";
import { frameSizes } from "../../../src/frame/sizes.ts";
import { profile } from "../../../src/profile/profile.ts";
import { sales } from "./generate.ts";

const rows = sales(25_000);
const lazy = () =>
  frameFromColumns([
    { name: "user_id", type: "int64", values: Float64Array.from(rows, (row) => row.user_id) },
    { name: "category", type: "str", values: rows.map((row) => row.category) },
    { name: "amount", type: "float64", values: Float64Array.from(rows, (row) => row.amount) },
    { name: "zip", type: "str", values: rows.map((row) => row.zip) },
    { name: "at", type: "datetime64[us]", values: rows.map((row) => row.at) },
    { name: "note", type: "str", values: rows.map((row) => row.note) },
  ]);

describe("a frame in memory", () => {
  test("is counted as a plain loop counts it", async () => {
    const made = await profile(lazy(), { name: "sales" });
    expect(made).toMatchObject({ source: "sales", format: "memory", rows: rows.length, exact: true });
    const amounts = rows.map(({ amount }) => amount);
    expect(
      made.columns.map(({ name, type, advised, nulls, distinct }) => [name, type, advised, nulls, distinct]),
    ).toEqual([
      ["user_id", "int64", "int32", 0, new Set(rows.map((row) => row.user_id)).size],
      ["category", "str", "category", 0, 20],
      ["amount", "float64", "float32", 0, new Set(amounts).size],
      ["zip", "str", "category", 0, new Set(rows.map((row) => row.zip)).size],
      ["at", "datetime64[us]", "datetime64[us]", 0, rows.length],
      [
        "note",
        "str",
        "str",
        rows.filter((row) => row.note === null).length,
        new Set(rows.flatMap((row) => row.note ?? [])).size,
      ],
    ]);
    expect(made.columns[2]).toMatchObject({ min: Math.min(...amounts), max: Math.max(...amounts), lossy: true });
    expect(made.columns[4]).toMatchObject({ min: rows[0]?.at, max: rows.at(-1)?.at });
  });

  test("tells the kinds of a column that holds several, and measures the others", async () => {
    const mixed = new (danfo().DataFrame)({ a: [1, "x", null, true, 2.5, new Date(0)], b: [1, 2, 3, 4, 5, 6] });
    const [a, b] = (await profile(mixed)).columns;
    expect(a).toMatchObject({ type: "object", advised: "object", nulls: 1, distinct: 5, min: null, max: null });
    expect(a?.proof).toContain(
      "several kinds, which Arrow has as text alone: 2 numbers, 1 text, 1 truth value, 1 date",
    );
    expect(b).toMatchObject({ type: "int64", advised: "int8", max: 6 });
  });

  test("measures objects that hold themselves, or that make no text", async () => {
    const own: Record<string, unknown> = { text: "x".repeat(100) };
    own.own = own;
    const hostile = { toString: () => expect.unreachable("nobody asks for its text") };
    const values = [own, own, Object.create(null), hostile, 1];
    const [a] = (await profile(frameFromColumns([{ name: "a", type: "object", values }]))).columns;
    expect(a?.proof).toContain("4 objects, 1 number");
    expect(frameSizes(frameFromColumns([{ name: "a", type: "object", values }])).js).toBeLessThan(500);
  });

  test("has the sizes that it really has", async () => {
    const frame = lazy();
    const [made, real] = [await profile(frame), frameSizes(frame)];
    expect(made.sizes).toMatchObject({ file: 0, js: real.js, danfo: real.danfo, arrow: real.arrow });
    expect(made.columns.map(({ bytes }) => bytes)).toEqual(real.columns.map(({ arrow }) => arrow));
  });

  test("the predicted size under the advice is the size of such a frame", async () => {
    const made = await profile(lazy());
    const categories = [...new Set(rows.map((row) => row.category))];
    const zips = [...new Set(rows.map((row) => row.zip))];
    const codes = (values: readonly string[], words: readonly string[]) => {
      const at = new Map(words.map((word, i) => [word, i]));
      return Int32Array.from(values, (value) => at.get(value) as number);
    };
    const after = frameFromColumns([
      { name: "user_id", type: "int32", values: Int32Array.from(rows, (row) => row.user_id) },
      {
        name: "category",
        type: "category",
        values: codes(
          rows.map((row) => row.category),
          categories,
        ),
        dictionary: categories,
      },
      { name: "amount", type: "float32", values: Float32Array.from(rows, (row) => row.amount) },
      {
        name: "zip",
        type: "category",
        values: codes(
          rows.map((row) => row.zip),
          zips,
        ),
        dictionary: zips,
      },
      { name: "at", type: "datetime64[us]", values: rows.map((row) => row.at) },
      { name: "note", type: "str", values: rows.map((row) => row.note) },
    ]);
    expect(made.sizes.arrowAdvised / frameSizes(after).arrow).toBeCloseTo(1, 2);
  });

  test("of stock Danfo works too", async () => {
    const stock = new (danfo().DataFrame)({ a: [1, 2, 3], b: ["x", "y", "x"] });
    const made = await profile(stock);
    expect(made).toMatchObject({ rows: 3 });
    expect(made.columns.map(({ name, distinct }) => [name, distinct])).toEqual([
      ["a", 3],
      ["b", 2],
    ]);
  });

  test("texts that are all numbers or dates are advised to be that, with a leading zero they stay", async () => {
    const made = await profile(
      frameFromColumns([
        { name: "n", type: "str", values: ["100", "9", null, "-3"] },
        { name: "d", type: "str", values: ["2024-01-01", "2024-02-29", null, null] },
        { name: "z", type: "str", values: ["01", "22", "33", "44"] },
        { name: "f", type: "str", values: ["1.5", "2", "13.25", "10000.5"] },
      ]),
    );
    expect(made.columns.map(({ advised }) => advised)).toEqual(["int8", "date", "str", "float32"]);
    expect(made.columns[0]).toMatchObject({ type: "str", min: -3, max: 100 });
  });

  test("without rows", async () => {
    const made = await profile(frameFromColumns([{ name: "a", type: "str", values: [] }]));
    expect(made).toMatchObject({ rows: 0, exact: true });
    expect(made.columns[0]).toMatchObject({ advised: "str", min: null, max: null });
  });
});
