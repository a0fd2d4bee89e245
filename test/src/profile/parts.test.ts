import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { inferColumn } from "../../../src/frame/infer.ts";
import { columnOfInput } from "../../../src/frame/input.ts";
import { advise } from "../../../src/profile/advise.ts";
import { dtypeOf } from "../../../src/profile/apply.ts";
import { DistinctCounter } from "../../../src/profile/distinct.ts";
import type { ColumnFacts } from "../../../src/profile/facts.ts";
import { measureColumn } from "../../../src/profile/measure.ts";
import { sampleJson } from "../../../src/profile/sample-json.ts";
import { parseDtypes } from "../../../src/query/dtypes.ts";
import { readTexts } from "../../../src/source/read-texts.ts";
import { sampleText } from "../../../src/source/sample-text.ts";
import { countingTurns } from "../../support/turns.ts";

const SEED = { seed: 20260101, numRuns: 200 };

const facts = (over: Partial<ColumnFacts>): ColumnFacts => ({
  name: "x",
  type: "int64",
  rows: 100,
  nulls: 0,
  distinct: 50,
  distinctExact: true,
  min: 0,
  max: 10,
  ...over,
});

describe("advice", () => {
  test.each([
    [{ min: 0, max: 100 }, "int8"],
    [{ min: 0, max: 127 }, "int16"],
    [{ min: -30_000, max: 5 }, "int32"],
    [{ min: 0, max: 1_700_000_000 }, "int32"],
    [{ min: 0, max: 2_000_000_000 }, "int64"],
    [{ min: 0, max: 2n ** 60n }, "int64"],
    [{ type: "int32", min: 0, max: 9 }, "int8"],
    [{ type: "uint64", min: 0, max: 9 }, "int8"],
  ])("integers with room to grow: %o", (over, advised) => {
    expect(advise(facts(over)).type).toBe(advised);
  });

  test("float32 only where it is exact, or exact at the decimals that are written", () => {
    const float = (numbers: ColumnFacts["numbers"]) => advise(facts({ type: "float64", min: 0.5, max: 9.5, numbers }));
    expect(float({ scale: undefined, float32Same: 100, float32AtScale: 0, unusual: 0, notFinite: 0 })).toMatchObject({
      type: "float32",
      lossy: false,
    });
    expect(float({ scale: 2, float32Same: 4, float32AtScale: 100, unusual: 0, notFinite: 0 })).toMatchObject({
      type: "float32",
      lossy: true,
    });
    expect(float({ scale: 2, float32Same: 4, float32AtScale: 99, unusual: 0, notFinite: 0 })).toMatchObject({
      type: "float64",
      lossy: false,
    });
    expect(float({ scale: undefined, float32Same: 4, float32AtScale: 0, unusual: 0, notFinite: 0 })).toMatchObject({
      type: "float64",
    });
    expect(float({ scale: 0, float32Same: 100, float32AtScale: 100, unusual: 0, notFinite: 0 })).toMatchObject({
      type: "int8",
    });
    expect(float({ scale: 0, float32Same: 100, float32AtScale: 100, unusual: 1, notFinite: 0 })).toMatchObject({
      type: "float32",
    });
  });

  test("a category only where values come back and it saves something", () => {
    const text = (distinct: number, distinctExact = true) =>
      advise(
        facts({
          type: "str",
          distinct,
          distinctExact,
          min: "a",
          max: "z",
          text: { bytes: 1_000, chars: 1_000, wide: 0, longest: 10 },
        }),
      ).type;
    expect(text(10)).toBe("category");
    expect(text(51)).toBe("str");
    expect(text(10, false)).toBe("str");
    expect(
      advise(
        facts({ type: "str", distinct: 50, min: "a", max: "z", text: { bytes: 100, chars: 100, wide: 0, longest: 1 } }),
      ).type,
    ).toBe("str");
  });

  test("nothing is advised about nothing", () => {
    expect(advise(facts({ rows: 0, min: null, max: null }))).toMatchObject({ type: "int64" });
    expect(advise(facts({ nulls: 100, min: null, max: null }))).toMatchObject({ type: "int64" });
  });

  test("the advice is what --dtype reads, whatever the columns are called", () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.string({ minLength: 1 }), { minLength: 1, maxLength: 5 }), (names) => {
        const columns = names.map((name) => ({
          ...facts({ name }),
          advised: "int8",
          bytes: 8,
          bytesAfter: 1,
          proof: "",
          lossy: false,
        }));
        expect(parseDtypes(dtypeOf({ columns }))).toEqual(Object.fromEntries(names.map((name) => [name, "int8"])));
      }),
      SEED,
    );
  });
});

describe("measuring a column", () => {
  const number = fc.oneof(
    fc.constant(null),
    fc.integer(),
    fc.double(),
    fc.integer({ min: -99_999, max: 99_999 }).map((cents) => cents / 100),
  );

  test("numbers agree with plain loops", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(number, { maxLength: 60 }), async (values) => {
        const found = await measureColumn(columnOfInput({ name: "x", type: "float64", values }));
        const present = values.filter((value) => value !== null);
        const finite = present.filter(Number.isFinite);
        expect(found.nulls).toBe(values.length - present.length);
        expect(found.min).toEqual(finite.length > 0 ? finite.reduce((a, b) => (b < a ? b : a)) : null);
        expect(found.max).toEqual(finite.length > 0 ? finite.reduce((a, b) => (b > a ? b : a)) : null);
        expect(found.distinct).toBe(new Set(present.map((value) => (value === 0 ? 0 : value))).size);
        expect(found.numbers?.float32Same).toBe(
          present.filter((value) => Object.is(Math.fround(value), value) || Math.fround(value) === value).length,
        );
        const scale = found.numbers?.scale;
        if (scale !== undefined)
          for (const value of finite)
            expect(Math.abs(Number(value.toFixed(scale)) - value)).toBeLessThanOrEqual(Math.abs(value) * 1e-15);
      }),
      SEED,
    );
  });

  test("texts agree with plain loops", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.option(fc.string({ unit: "grapheme" })), { maxLength: 30 }), async (values) => {
        const found = await measureColumn(columnOfInput({ name: "x", type: "str", values }));
        const present = values.filter((value) => value !== null);
        expect(found.text?.bytes).toBe(Buffer.byteLength(present.join("")));
        expect(found.distinct).toBe(new Set(present).size);
        expect(found.nulls).toBe(values.length - present.length);
      }),
      SEED,
    );
  });

  test("a stop is heeded", async () => {
    const column = inferColumn("x", [1, 2, 3]);
    await expect(measureColumn(column, AbortSignal.abort())).rejects.toMatchObject({ name: "Interrupted" });
  });
});

describe("counting different values", () => {
  test.each([
    ["numbers", (i: number) => i * 0.37],
    ["integers", (i: number) => i],
    ["texts", (i: number) => `user ${i}`],
  ])("%s within 3 %% above the cap, exactly below it", (_, value) => {
    const counter = new DistinctCounter();
    for (let i = 0; i < 50_000; i++) counter.add(value(i % 25_000));
    expect([counter.count, counter.isExact]).toEqual([25_000, true]);
    for (let i = 0; i < 400_000; i++) counter.add(value(i));
    expect(counter.isExact).toBe(false);
    expect(Math.abs(counter.count / 400_000 - 1)).toBeLessThan(0.03);
  });
});

describe("reading texts", () => {
  test.each([
    [["1", "-2", null], "int64"],
    [["1", "2.5"], "float64"],
    [["1e3", "-.5", "nan"], "float64"],
    [["007", "12"], "str"],
    [["0", "10"], "int64"],
    [["-01.5", "2"], "str"],
    [["true", "FALSE"], "bool"],
    [["2024-02-29", "2023-01-01"], "date"],
    [["2024-13-45", "2023-01-01"], "str"],
    [["2024-01-01T10:00:00Z", "2024-01-01 10:00:00+02"], "datetime64[us, UTC]"],
    [["2024-01-01T10:00:00", "2024-01-01 10:00"], "datetime64[us]"],
    [["99999999999999999999"], "float64"],
    [[null, null], "str"],
  ])("%o is %s", (texts, type) => {
    expect(readTexts(texts).type).toBe(type);
  });
});

describe("sampling", () => {
  const block = (text: string, isStart: boolean, isEnd: boolean) => ({
    text,
    bytes: Buffer.byteLength(text),
    isStart,
    isEnd,
  });
  const field = fc.oneof(fc.constant(""), fc.stringMatching(/^[a-z0-9 ]{0,6}$/), fc.string({ maxLength: 8 }));

  test("CSV of any fields comes back as it was written", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(field, field, fc.constant("z")), { maxLength: 20 }),
        fc.constantFrom("\n", "\r\n"),
        async (rows, end) => {
          const clean = rows.map((row) => row.map((value) => value.replace(/\r/g, "")));
          const text = [
            "a,b,c",
            ...clean.map((row) =>
              row.map((value) => (/[",\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value)).join(","),
            ),
          ].join(end);
          const made = await sampleText(
            { blocks: [block(text, true, true)], totalBytes: text.length, totalError: 0 },
            1,
            {
              sep: ",",
            },
          );
          expect(made.names).toEqual(["a", "b", "c"]);
          expect(made.rows).toEqual(clean.map((row) => row.map((value) => (value === "" ? null : value))));
          expect(made).toMatchObject({ rowCount: rows.length, rowError: 0 });
        },
      ),
      SEED,
    );
  });

  test("a block that starts inside of quotes is read from where it is", async () => {
    const row = 'a,"one\ntwo, three",3\n';
    const text = row.repeat(40);
    const blocks = [block(`x,y,z\n${row.repeat(5)}`, true, false), block(text.slice(5), false, true)];
    const made = await sampleText({ blocks, totalBytes: row.length * 1000, totalError: 0 }, 1, { sep: "," });
    expect(made.rows.every((fields) => fields.length === 3 && fields[2] === "3")).toBe(true);
    expect(Math.abs(made.rowCount - 1000)).toBeLessThan(30);
  });

  test("JSON: the event loop turns while the objects of a long block are found, and while some are read", async () => {
    const text = JSON.stringify(Array.from({ length: 20_480 }, (_, a) => ({ a })));
    const blocks = { blocks: [block(text, true, true)], totalBytes: text.length, totalError: 0 };
    const { given: made, turns } = await countingTurns(() => sampleJson(blocks, 1));
    expect([made.rowCount, made.objects.length]).toEqual([20_480, 4000]);
    expect(turns).toBeGreaterThan(4000 + 20);
  });

  test("JSON: lines, an array, objects over several lines", async () => {
    const objects = [
      { a: 1, b: "x{" },
      { a: 2, b: '"}' },
    ];
    for (const text of [
      objects.map((one) => JSON.stringify(one)).join("\n"),
      JSON.stringify(objects),
      objects.map((one) => JSON.stringify(one, null, 2)).join("\n"),
    ]) {
      const made = await sampleJson({ blocks: [block(text, true, true)], totalBytes: text.length, totalError: 0 }, 1);
      expect(made.objects).toEqual(objects);
      expect(made).toMatchObject({ rowCount: 2, rowError: 0 });
    }
  });
});
