import { describe, expect, test, vi } from "vitest";
import { arrow } from "../../../src/frame/arrow.ts";
import { Column } from "../../../src/frame/column.ts";
import { danfo } from "../../../src/frame/danfo.ts";
import { cutText, formatCell, formatTime, visible } from "../../../src/frame/format.ts";
import { arrowOf, frameFromColumns } from "../../../src/frame/frame.ts";
import { previewFrame } from "../../../src/frame/preview-frame.ts";

const count = (length: number) => Int32Array.from({ length }, (_, i) => i);
const frameOf = (length: number) => frameFromColumns([{ name: "n", type: "int32", values: count(length) }]);
const texts = (preview: ReturnType<typeof previewFrame>) => preview.rows.map((row) => row.map(({ text }) => text));

describe("a preview", () => {
  test("shows all of ten rows, and head and tail of eleven", () => {
    expect(previewFrame(frameOf(10))).toMatchObject({ caption: "10 rows × 1 column", gapAfter: undefined });
    const preview = previewFrame(frameOf(1_204_882), { caption: "DuckDB · 38 ms" });
    expect(preview.caption).toBe("10 of 1,204,882 rows × 1 column · DuckDB · 38 ms");
    expect(preview.gapAfter).toBe(5);
    expect(texts(preview).flat()).toEqual([
      "0",
      "1",
      "2",
      "3",
      "4",
      "1204877",
      "1204878",
      "1204879",
      "1204880",
      "1204881",
    ]);
  });

  test("of fewer rows than asked for says so, of none as well", () => {
    expect(texts(previewFrame(frameOf(9), { rows: 3 })).flat()).toEqual(["0", "1", "8"]);
    expect(previewFrame(frameOf(0))).toMatchObject({ caption: "0 rows × 1 column", rows: [] });
    expect(previewFrame(frameOf(1))).toMatchObject({ caption: "1 row × 1 column" });
  });

  test("never guesses a total", () => {
    const preview = previewFrame(frameOf(10), { total: "unknown" });
    expect(preview.caption).toBe("10 rows shown, more exist, × 1 column");
    expect(previewFrame(frameOf(10), { total: 5000 }).caption).toBe("10 of 5,000 rows × 1 column");
    expect(texts(previewFrame(frameOf(30), { total: 5000, rows: 3 })).flat()).toEqual(["0", "1", "2"]);
  });

  test("cuts columns and long values, and says it", () => {
    const columns = Array.from({ length: 23 }, (_, i) => ({ name: `c${i}`, type: "str", values: ["x".repeat(100)] }));
    const preview = previewFrame(frameFromColumns(columns));
    expect(preview.columns).toHaveLength(20);
    expect(preview.rows[0]?.[0]?.text).toHaveLength(80);
    expect(preview.notes).toEqual([
      "3 more columns: c20, c21, c22. Choose columns to see them.",
      "Values are cut at 80 characters.",
    ]);
  });

  test("shows times of day and durations by the unit of their Arrow type", () => {
    const { makeData, makeVector, Table, TimeSecond, TimeNanosecond, DurationMillisecond } = arrow();
    const table = new Table({
      s: makeVector(makeData({ type: new TimeSecond(), data: Int32Array.of(3723, 86_399) })),
      ns: makeVector(
        makeData({ type: new TimeNanosecond(), data: BigInt64Array.of(3_723_000_000_000n, 1_500_000_000n) }),
      ),
      ms: makeVector(makeData({ type: new DurationMillisecond(), data: BigInt64Array.of(-90_061_250n, 0n) })),
    });
    expect(texts(previewFrame(table))).toEqual([
      ["01:02:03", "01:02:03", "-25:01:01.25"],
      ["23:59:59", "00:00:01.5", "00:00:00"],
    ]);
  });

  test("names its rows where the index does", () => {
    const frame = frameFromColumns([
      { name: "a", type: "int32", values: count(2) },
      { name: "b", type: "float64", values: Float64Array.of(0.5, 1) },
    ]);
    const preview = previewFrame(frame.sum({ axis: 0 }));
    expect(preview.rowHeader).toBe(true);
    expect(texts(preview)).toEqual([
      ["a", "1"],
      ["b", "1.5"],
    ]);
    expect(previewFrame(frame.query([false, true])).rowHeader).toBe(false);
  });

  test("takes stock frames, series and Arrow tables", () => {
    const { DataFrame } = danfo();
    expect(texts(previewFrame(new DataFrame({ a: [1, null], b: ["x", "y"] })))).toEqual([
      ["1", "x"],
      ["null", "y"],
    ]);
    expect(texts(previewFrame(frameOf(2).n))).toEqual([["0"], ["1"]]);
    expect(texts(previewFrame(arrowOf(frameOf(2))))).toEqual([["0"], ["1"]]);
    expect(texts(previewFrame(arrow().tableFromArrays({ s: ["a", "b"] })))).toEqual([["a"], ["b"]]);
  });

  test("aligns by type and keeps microseconds", () => {
    const frame = frameFromColumns([
      { name: "n", type: "int64", values: BigInt64Array.of(2n ** 60n) },
      { name: "p", type: "decimal(10, 2)", values: BigInt64Array.of(110n) },
      { name: "s", type: "str", values: [""] },
      { name: "t", type: "datetime64[us]", values: BigInt64Array.of(1_000_001n) },
      { name: "z", type: "datetime64[ms, UTC]", values: BigInt64Array.of(1_500n) },
    ]);
    const preview = previewFrame(frame);
    expect(preview.columns.map(({ align }) => align)).toEqual(["right", "right", "left", "left", "left"]);
    expect(texts(preview)).toEqual([
      ["1152921504606846976", "1.10", "", "1970-01-01T00:00:01.000001", "1970-01-01T00:00:01.500Z"],
    ]);
  });
});

describe("what a double has no room for", () => {
  test("is shown with all its digits: decimals beyond 2^53 units, nanoseconds", () => {
    const frame = frameFromColumns([
      { name: "p", type: "decimal(38, 2)", values: [-13735572802511634n, 5n, -7n * 10n ** 30n - 1n] },
      { name: "w", type: "decimal(18, 0)", values: BigInt64Array.of(999_999_999_999_999_999n, -3n, 0n) },
      { name: "t", type: "datetime64[ns]", values: BigInt64Array.of(1_234_567_891n, -1n, 2_000n) },
      { name: "z", type: "datetime64[ns, UTC]", values: BigInt64Array.of(1n, 10n ** 18n + 1n, 10n ** 9n) },
    ]);
    expect(texts(previewFrame(frame))).toEqual([
      ["-137355728025116.34", "999999999999999999", "1970-01-01T00:00:01.234567891", "1970-01-01T00:00:00.000000001Z"],
      ["0.05", "-3", "1969-12-31T23:59:59.999999999", "2001-09-09T01:46:40.000000001Z"],
      [`-7${"0".repeat(27)}0.01`, "0", "1970-01-01T00:00:00.000002", "1970-01-01T00:00:01Z"],
    ]);
  });

  test("is shown with all its digits: microseconds of far years", () => {
    const frame = frameFromColumns([
      {
        name: "t",
        type: "datetime64[us]",
        values: BigInt64Array.of(-11_676_095_999_999_999n, 253_402_300_799_999_999n),
      },
      { name: "z", type: "datetime64[us, UTC]", values: BigInt64Array.of(253_402_300_799_500_000n, -1_000_000n) },
    ]);
    expect(texts(previewFrame(frame))).toEqual([
      ["1600-01-01T00:00:00.000001", "9999-12-31T23:59:59.500Z"],
      ["9999-12-31T23:59:59.999999", "1969-12-31T23:59:59Z"],
    ]);
  });
});

describe("a value", () => {
  test.each([
    [1249997.5, "decimal(24, 2)", "1249997.50", "value"],
    [-0.1, "decimal(38, 6)", "-0.100000", "value"],
    [3, "decimal(10, 0)", "3", "value"],
    [1.5e17, "decimal(24, 2)", "150000000000000000", "value"],
    [null, "", "null", "null"],
    ["null", "str", "null", "value"],
    ["", "str", "", "value"],
    [Number.NaN, "float64", "NaN", "value"],
    [Number.NEGATIVE_INFINITY, "float64", "-Infinity", "value"],
    [-0, "float64", "-0", "value"],
    [0.1 + 0.2, "float64", "0.3", "value"],
    [-137355728025116.34, "float64", "-137355728025116.34", "value"],
    [12345678901.25, "float64", "12345678901.25", "value"],
    [1234567.1234567, "float64", "1234567.12346", "value"],
    [1.5e-300, "float64", "1.5e-300", "value"],
    [Math.fround(0.1), "float32", "0.1", "value"],
    [123456789012345, "int64", "123456789012345", "value"],
    [2n ** 70n, "object", "1180591620717411303424", "value"],
    [true, "bool", "true", "value"],
    [new Date(Number.NaN), "datetime64[ms]", "NaT", "value"],
    [{ a: [1, 2n, new Date(0)], n: Number.NaN }, "struct", '{"a":[1,"2","1970-01-01"],"n":"NaN"}', "value"],
    [[new Date(0), new Date(1500)], "list", '["1970-01-01T00:00:00Z","1970-01-01T00:00:01.500Z"]', "value"],
    [[new Date(-86_400_000), new Date(Number.NaN)], "list", '["1969-12-31","NaT"]', "value"],
    [Uint8Array.of(10, 255), "binary", "0x0aff (2 bytes)", "value"],
    ["a\tb\n\u001b[31m\u202e", "str", "a\\tb\\n\\x1b[31m\\u202e", "value"],
  ])("%s of %s is %s", (value, type, text, kind) => {
    expect(formatCell(value, { type })).toEqual({ text, kind });
  });

  test("a ring is survived", () => {
    const ring: { self?: unknown } = {};
    ring.self = ring;
    expect(formatCell(ring).text).toBe("[object Object]");
  });

  test("of a long list or text no more is looked at than is shown, and it is cut as a whole would be", () => {
    let looks = 0;
    const long = Array.from({ length: 100_000 }, (_, i) => ({ i, at: new Date(i), tags: ["\u{1F600}".repeat(i % 9)] }));
    const watched = new Proxy(long, {
      get(target, key, receiver) {
        looks++;
        return Reflect.get(target, key, receiver);
      },
    });
    const { text } = formatCell(watched);
    expect(text).toBe(formatCell(long.slice(0, 80)).text);
    expect(text.startsWith('[{"i":0,"at":"1970-01-01T00:00:00Z","tags":[""]},{"i":1,')).toBe(true);
    expect([Array.from(text).length, text.at(-1)]).toEqual([80, "…"]);
    expect(looks).toBeLessThan(300);
    for (const length of [79, 80, 81, 160, 161, 1000])
      for (const start of ["", "x"]) {
        const cut = formatCell(start + "\u{1F600}".repeat(length)).text;
        expect(cut).toBe(cutText(start + "\u{1F600}".repeat(length), 80));
      }
    expect(formatCell({ ["__proto__"]: 1, none: undefined, url: new URL("http://a.b/") }).text).toBe(
      '{"__proto__":1,"url":"http://a.b/"}',
    );
  });

  test("a time before 1970 and a day", () => {
    expect(formatTime(-0.001, "datetime64[us]")).toBe("1969-12-31T23:59:59.999999");
    expect(formatTime(-86_400_000, "date")).toBe("1969-12-31");
  });

  test.each([
    ["datetime64[us]", 253_402_300_799_999_999n, "9999-12-31T23:59:59.999"],
    ["datetime64[us]", -62_135_596_800_000_001n, "0000-12-31T23:59:59.999"],
    ["datetime64[us]", -1n, "1969-12-31T23:59:59.999999"],
    ["datetime64[ns]", 1_704_067_199_999_999_999n, "2023-12-31T23:59:59.999"],
    ["datetime64[ns]", 999_999_999n, "1970-01-01T00:00:00.999"],
  ])("the last moment before the next second stays in its own: %s %s", (type, count, start) => {
    const frame = frameFromColumns([{ name: "t", type, values: BigInt64Array.of(count) }]);
    const [[date]] = frame.values as unknown as [[Date]];
    expect(date.toISOString()).toBe(`${start.slice(0, 23)}Z`);
    expect(texts(previewFrame(frame))[0]?.[0]).toMatch(new RegExp(`^${start}`));
  });

  test("a cut counts characters, not halves of them", () => {
    expect(cutText("😀".repeat(5), 3)).toBe("😀😀…");
    expect(visible("a\ud800b")).toBe("a\\ud800b");
  });
});

describe("a frame of many rows", () => {
  test("is neither decoded nor numbered for the few that are shown", () => {
    const values = BigInt64Array.from({ length: 10_000 }, (_, i) => BigInt(i));
    const frame = frameFromColumns([{ name: "id", type: "int64", values }]);
    const decoded = vi.spyOn(Column.prototype, "view", "get");
    Object.defineProperty(frame, "$index", {
      get: () => {
        throw new Error("all rows are numbered");
      },
    });
    expect(texts(previewFrame(frame, { rows: 4 })).flat()).toEqual(["0", "1", "9998", "9999"]);
    expect(new Set(decoded.mock.results.map(({ value }) => value.values.length))).toEqual(new Set([4]));
    decoded.mockRestore();
  });
});
