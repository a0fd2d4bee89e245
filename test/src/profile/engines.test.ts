import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type DuckdbSession, openDuckdb } from "../../../src/duckdb/session.ts";
import { estimateSource } from "../../../src/profile/estimate.ts";
import type { ColumnFacts } from "../../../src/profile/facts.ts";
import { runPass } from "../../../src/profile/pass.ts";
import { planPass } from "../../../src/profile/plan.ts";
import { scanPass } from "../../../src/profile/scan-pass.ts";
import { resolveSource } from "../../../src/source/resolve.ts";
import type { TextOptions } from "../../../src/source/source.ts";
import { folder, sales, toCsv, write } from "./generate.ts";

const dir = folder();
let files = 0;
let session: DuckdbSession;

beforeAll(async () => {
  session = await openDuckdb();
});

afterAll(() => session[Symbol.asyncDispose]());

interface Found {
  readonly rows: number;
  readonly facts: readonly ColumnFacts[];
}

/** The same text by both engines; the scanner's is undefined where it leaves it to the other. */
async function both(
  content: string,
  text: TextOptions = {},
  extension = "csv",
): Promise<{ scanned: Found | undefined; engine: Found }> {
  const source = await resolveSource(write(dir, `${files++}.${extension}`, content), { text });
  const { facts } = await estimateSource(source, async () => session);
  const plan = await planPass(source, session, facts, { isThorough: true });
  return {
    scanned: await scanPass(source, facts, {}),
    engine: await runPass(session, plan.scan, plan.columns),
  };
}

/** What is not counted exactly is near; everything else is the same. */
function expectSame(scanned: Found | undefined, engine: Found): void {
  expect(scanned?.rows).toBe(engine.rows);
  for (const [i, wanted] of engine.facts.entries()) {
    const found = scanned?.facts[i] as ColumnFacts;
    if (found.distinctExact && wanted.distinctExact) expect(found.distinct).toBe(wanted.distinct);
    else expect(Math.abs(found.distinct / wanted.distinct - 1)).toBeLessThan(0.06);
    const { distinct, distinctExact } = wanted;
    expect(plain({ ...found, ...toldMore(found, wanted), distinct, distinctExact })).toEqual(plain(wanted));
  }
}

/** The scanner looks at fewer rows before it decides, so that it names a misfit which the other saw among its first rows and took for text. */
function toldMore(found: ColumnFacts, wanted: ColumnFacts): Partial<ColumnFacts> {
  const isNamed =
    wanted.remarks?.length === 0 && found.remarks?.every((remark) => / do(es)? not read as /.test(remark));
  return isNamed ? { remarks: [], leadingZeros: wanted.leadingZeros } : {};
}

/** The other engine shows -0 where it is as small as 0. */
function plain({ min, max, ...rest }: ColumnFacts): ColumnFacts {
  return { ...rest, min: min === 0 ? 0 : min, max: max === 0 ? 0 : max };
}

async function expectBothSame(content: string, text?: TextOptions): Promise<void> {
  const { scanned, engine } = await both(content, text);
  expectSame(scanned, engine);
}

const lines = (head: string, row: (i: number) => string, count = 3_000) =>
  `${[head, ...Array.from({ length: count }, (_, i) => row(i))].join("\n")}\n`;

describe("the scanner's pass tells what the general engine's does", () => {
  test("of sales", () => expectBothSame(toCsv(sales(30_000))));

  test.each<[string, string, TextOptions?]>([
    ["words among numbers", lines("a,b", (i) => `${i % 100 === 7 ? "n/a" : i},${i === 2_500 ? "oops" : i}`)],
    [
      "words among numbers after the first rows",
      lines("a,b", (i) => `${i === 29_000 ? "x" : i},${i > 28_000 ? "NA" : 1.5}`, 30_000),
    ],
    [
      "a late leading zero",
      lines("a,b", (i) => `${i === 29_000 ? "007" : i},${i === 29_000 ? "007.5" : "1.5"}`, 30_000),
    ],
    [
      "a late fraction and a late exponent",
      lines("a,b", (i) => `${i === 29_000 ? "1.25" : i},${i === 29_000 ? "1e3" : i}`, 30_000),
    ],
    ["signs and blanks", lines("a,b", (i) => `${i === 29_000 ? "+5" : i},${i % 2 ? ` ${i} ` : i}`, 30_000)],
    ["whole numbers beyond 64 bits", lines("a,b", (i) => `9223372036854775${String(i).padStart(4, "0")},${i}`)],
    [
      "whole numbers at the edge of 64 bits",
      lines("a,b", (i) => `${9223372036854775807n - BigInt(i)},-${9223372036854775807n - BigInt(i)}`),
    ],
    ["-0 among decimals", lines("a,b", (i) => `${i === 29_000 ? "-0.00" : "1.25"},${i % 7 ? "-0.5" : "-0.0"}`, 30_000)],
    ["decimals of many digits", lines("a,b,c", (i) => `${i}.123456,${i / 7},${i}.1234567`)],
    [
      "a late date with a time of day",
      lines("d,e", (i) => `2024-01-02,${i === 29_000 ? "2024-01-02 10:30:00" : "2024-01-03"}`, 30_000),
    ],
    [
      "moments with fractions",
      lines(
        "t,u",
        (i) =>
          `2024-01-01T10:00:${String(i % 60).padStart(2, "0")}.${String(i).padStart(4, "0")},2024-12-31 23:59:59.${String(i).padStart(6, "0")}`,
      ),
    ],
    ["moments with zones", lines("t,u", (i) => `2024-01-01T10:00:00+0${i % 9}:00,2024-01-01T10:00:00Z`)],
    ["days before 1970 and far away", lines("d,n", (i) => `${String(1 + i).padStart(4, "0")}-03-01,1`)],
    [
      "dates with words",
      lines("d,e", (i) => `${i % 500 === 499 ? "NULL" : "2024-01-02"},${i === 99 ? "never" : "2024-01-02"}`),
    ],
    ["days first", lines("d,n", (i) => `${String(13 + (i % 15)).padStart(2, "0")}/02/2024,${i}`)],
    ["truth values", lines("a,b,c", (i) => `${i % 2 === 0},${i % 2 ? "Yes" : "no"},${i % 3 ? "TRUE" : "f"}`)],
    ["a truth value that is none, late", lines("a,b", (i) => `${i === 29_000 ? "maybe" : "true"},1`, 30_000)],
    ["NaN and infinities", lines("a,b", (i) => `${["1.5", "NaN", "inf", "-Infinity"][i % 4]},${i % 2 ? "nan" : ""}`)],
    [
      "long texts and texts beyond ASCII",
      lines("a,b", (i) => `${"€".repeat(1 + (i % 200))},"a ""quoted"", text\nof ${i}"`),
    ],
    [
      "missing values only, and some",
      lines("a,b,c", (i) => `,${i % 3 ? "" : i},${i % 5 ? "NA" : "x"}`),
      { na: ["NA"] },
    ],
    ["decimal commas", lines("a;b", (i) => `${i},5;${i}`), { decimal: ",", sep: ";" }],
    ["no line of names", lines("1,x", (i) => `${i},y`), { header: false }],
    ["one column with blank lines", lines("a", (i) => (i % 10 ? String(i) : ""))],
    ["no rows", "a,b\n"],
    [
      "no final line break, CRLF",
      lines("a,b", (i) => `${i},x\r`)
        .replace("a,b\n", "a,b\r\n")
        .slice(0, -2),
    ],
    ["fields in single quotes", lines("a,b", (i) => `'x, ${i}',${i}`)],
    ["backslashes before quotes", lines("a,b", (i) => `"say \\"${i}\\", ok",${i}`)],
    ["texts with leading zeros", lines("a,b", (i) => `${String(i).padStart(5, "0")},${i % 4 ? "A1" : "01x"}`)],
    ["more different values than are counted", lines("a,b,c", (i) => `${i},user ${i},${i / 100}`, 80_000)],
  ])("of %s", (_, content, text) => expectBothSame(content, text));

  test("of any small texts", async () => {
    const value = fc.oneof(
      fc.integer().map(String),
      fc.constantFrom(
        "",
        "NA",
        "0",
        "-1",
        "1.5",
        "true",
        "2024-02-29",
        "2024-01-01 10:00:00",
        "abc",
        "1e3",
        "é",
        "007",
      ),
      fc.double({ noNaN: true, min: -1e38, max: 1e38 }).map(String),
    );
    const row = fc.tuple(value, value, value);
    await fc.assert(
      fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 30 }), async (rows) => {
        const { scanned, engine } = await both(`a,b,c\n${rows.map((row) => row.join(",")).join("\n")}\n`);
        // Columns whose few values read as several kinds may be left to the other engine.
        if (scanned) expectSame(scanned, engine);
      }),
      { numRuns: 30 },
    );
  });

  test("but leaves rows that do not read to the other, which lists them", async () => {
    const source = await resolveSource(write(dir, "ragged.csv", "a,b\n1,x\n2\n3,y\n"));
    expect(await scanPass(source, [], {})).toBeUndefined();
  });
});

const objects = (object: (i: number) => object, count = 3_000) =>
  Array.from({ length: count }, (_, i) => `${JSON.stringify(object(i))}\n`).join("");

describe("the scanner's pass over JSON Lines tells what the general engine's does", () => {
  test.each<[string, string]>([
    [
      "numbers",
      objects((i) => ({ i, cents: i / 100, third: i / 3, large: 2 ** 60 + i * 2 ** 10, some: i % 3 ? i : null })),
    ],
    ["numbers that turn out to have decimals", objects((i) => (i === 2_990 ? { a: 1.25, b: 1e300 } : { a: i, b: i }))],
    ["texts, empty ones too", objects((i) => ({ a: i % 5 ? `é${i % 7}` : "", b: `user ${i}`, c: String(i), d: "" }))],
    ["booleans and keys that come and go", objects((i) => (i % 2 ? { a: i % 3 > 0 } : { b: "x", a: true }))],
    [
      "days",
      objects((i) => ({ day: `2024-01-${String(1 + (i % 31)).padStart(2, "0")}`, not: i ? "2024-01-01" : "x" })),
    ],
    [
      "moments",
      objects((i) => {
        const at = new Date(1.7e12 + i * 1234).toISOString();
        return {
          utc: at,
          seconds: `${at.slice(0, 19)}Z`,
          plain: at.slice(0, 19),
          spaced: at.slice(0, 19).replace("T", " "),
        };
      }),
    ],
    ["zeros below zero", '{"a":-0.0}\n{"a":0.0}\n{"a":-0.0}\n'],
  ])("of %s", async (_, content) => {
    const { scanned, engine } = await both(content, {}, "jsonl");
    expectSame(scanned, engine);
  });

  test.each<[string, string]>([
    ["nested values", '{"a":1,"b":[1]}\n'],
    ["a late nested value", objects((i) => ({ a: i === 90_000 ? { b: 1 } : i }), 100_000)],
    ["a late key", objects((i) => (i === 90_000 ? { a: i, b: 1 } : { a: i }), 100_000)],
    ["a late text among numbers", objects((i) => ({ a: i === 90_000 ? "x" : i }), 100_000)],
    ["a number in a text", '{"a":1}\n{"a":"2"}\n'],
    ["moments with zones", '{"a":"2024-01-01T00:00:00+01:00"}\n'],
    ["nulls alone", '{"a":1,"b":null}\n'],
    ["more than 64 bits", '{"a":123456789012345678901}\n'],
    ["objects over several lines", '{"a":\n1}\n'],
    ["an array", '[{"a":1},{"a":2}]\n'],
    ["what is no JSON", '{"a":1}\n{"a":2\n'],
  ])("but leaves %s to the other", async (_, content) => {
    const source = await resolveSource(write(dir, `${files++}.jsonl`, content));
    expect(await scanPass(source, [], {})).toBeUndefined();
  });
});
