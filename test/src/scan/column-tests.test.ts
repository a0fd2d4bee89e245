import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { UsageError } from "../../../src/errors.ts";
import { compileKernel, Kernel } from "../../../src/scan/kernel.ts";
import type { ColumnTest } from "../../../src/scan/request.ts";
import { groupParts, rowsOf } from "./group-rows.ts";
import { tableOf } from "./scan-table.ts";

const module = await compileKernel("checked");

type Unnamed<T> = T extends ColumnTest ? Omit<T, "column"> : never;
type Wanted = Unnamed<ColumnTest>;

/** Which rows pass: the numbers of those that are left. */
function passing(kind: string, texts: readonly string[], ...tests: readonly Wanted[]): number[] {
  const where = tests.map((one) => ({ column: "v", ...one }) as ColumnTest);
  const request = { keys: ["row"], aggregates: [{ fn: "count" as const, column: "*", name: "count" }], where };
  const text = texts.map((one, row) => `${one},${row}\n`).join("");
  const kernel = new Kernel(module);
  const before = kernel.calls.usedBytes();
  const grouped = groupParts(kernel, tableOf([], [`v:${kind}`, "row:int"]), request, [{ text, firstRow: 0 }], 64);
  expect(kernel.calls.brokenGuard()).toBe(0);
  expect(kernel.calls.usedBytes()).toBe(before);
  const rows = rowsOf(grouped, ["row"]).map(({ row }) => Number(row));
  expect(grouped.matched).toBe(rows.length);
  return rows.sort((one, other) => one - other);
}

const holds = (order: number) => ({
  "=": order === 0,
  "!=": order !== 0,
  "<": order < 0,
  "<=": order <= 0,
  ">": order > 0,
  ">=": order >= 0,
});
const COMPARISONS = ["=", "!=", "<", "<=", ">", ">="] as const;
const byRow = <T>(values: readonly T[], keep: (value: T) => boolean) =>
  values.flatMap((value, row) => (keep(value) ? [row] : []));

describe("comparisons", () => {
  const int = fc.oneof(fc.bigInt({ min: -3n, max: 3n }), fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }));

  test("of integers with integers and numbers of any size, nulls never pass", () => {
    const others = fc.oneof(
      int,
      fc.integer({ min: -6, max: 6 }).map((number) => number / 2),
    );
    fc.assert(
      fc.property(
        fc.array(fc.option(int), { minLength: 1, maxLength: 12 }),
        fc.oneof(others, fc.constantFrom(2n ** 63n, -(2n ** 70n), 1e30, -1e30, Infinity, -Infinity)),
        fc.constantFrom(...COMPARISONS),
        (values, other, comparison) => {
          const texts = values.map((value) => String(value ?? ""));
          const found = passing("int", texts, { test: comparison, value: other });
          const orderOf = (value: bigint) => (value < other ? -1 : value > other ? 1 : 0);
          expect(found).toEqual(byRow(values, (value) => value !== null && holds(orderOf(value))[comparison]));
        },
      ),
      { numRuns: 60, seed: 21 },
    );
  });

  test("of doubles, where NaN equals itself and is greater than every number", () => {
    const double = fc.oneof(fc.constantFrom(0, -0, NaN, Infinity, -Infinity, 1.5, -1.5, 5e-324), fc.double());
    const rank = (value: number) => (Number.isNaN(value) ? [1, 0] : [0, value]) as [number, number];
    fc.assert(
      fc.property(
        fc.array(double, { minLength: 1, maxLength: 12 }),
        double,
        fc.constantFrom(...COMPARISONS),
        (values, other, comparison) => {
          const texts = values.map((value) => (Object.is(value, -0) ? "-0" : String(value)));
          const found = passing("double", texts, { test: comparison, value: other });
          const orderOf = (value: number) => {
            const [[a, b], [c, d]] = [rank(value), rank(other)];
            return a !== c ? a - c : b < d ? -1 : b > d ? 1 : 0;
          };
          expect(found).toEqual(byRow(values, (value) => holds(orderOf(value))[comparison]));
        },
      ),
      { numRuns: 60, seed: 22 },
    );
  });

  test("of doubles with integers that no double is", () => {
    const texts = ["9007199254740992", "9007199254740994"];
    for (const [comparison, rows] of [
      ["=", []],
      ["!=", [0, 1]],
      ["<", [0]],
      ["<=", [0]],
      [">", [1]],
      [">=", [1]],
    ] as const)
      expect(passing("double", texts, { test: comparison, value: 2n ** 53n + 1n })).toEqual(rows);
  });

  test("of decimals with numbers as they are written", () => {
    const texts = ["0.10", "0.11", "0.12", "-0.11", ""];
    expect(passing("decimal2", texts, { test: "=", value: 0.11 })).toEqual([1]);
    expect(passing("decimal2", texts, { test: ">", value: 0.105 })).toEqual([1, 2]);
    expect(passing("decimal2", texts, { test: "<=", value: -0.105 })).toEqual([3]);
    expect(passing("decimal2", texts, { test: "<", value: 1e-7 })).toEqual([3]);
    expect(passing("decimal2", texts, { test: "!=", value: 0.105 })).toEqual([0, 1, 2, 3]);
    expect(passing("decimal2", ["100.00", "3.00"], { test: "=", value: 3n })).toEqual([1]);
  });

  test("of texts by their bytes", () => {
    const texts = ["a", "b", "ab", "é", "", "z", "\u{10000}", "\uffff"];
    expect(passing("text", texts, { test: ">=", value: "b" })).toEqual([1, 3, 5, 6, 7]);
    expect(passing("text", texts, { test: "=", value: "ab" })).toEqual([2]);
    expect(passing("text", texts, { test: "!=", value: "ab" })).toEqual([0, 1, 3, 5, 6, 7]);
    expect(passing("text", texts, { test: ">", value: "\uffff" })).toEqual([6]);
    const many = Array.from({ length: 3000 }, (_, i) => `text ${i}`);
    expect(passing("text", [...many, ...many], { test: "=", value: "text 2345" })).toEqual([2345, 5345]);
  });

  test("of dates, moments and truth values", () => {
    const dates = ["2024-01-01", "2024-01-02", ""];
    expect(passing("date", dates, { test: ">", value: new Date("2024-01-01T12:00:00Z") })).toEqual([1]);
    expect(passing("date", dates, { test: "=", value: "2024-01-02" })).toEqual([1]);
    expect(
      passing("timestamp", ["2024-01-01 00:00:01", "2024-01-01 00:00:02"], { test: "<", value: "2024-01-01 00:00:02" }),
    ).toEqual([0]);
    expect(passing("bool", ["true", "false", ""], { test: "!=", value: true })).toEqual([1]);
  });
});

describe("lists and nulls", () => {
  test("of whole numbers, doubles and texts", () => {
    const ints = ["1", "2", "", "30000000000", "-4"];
    expect(passing("int", ints, { test: "in", values: [2, -4n, 2.5, 30_000_000_000, 2n ** 64n] })).toEqual([1, 3, 4]);
    expect(passing("int", ints, { test: "not in", values: [2, -4n] })).toEqual([0, 3]);
    expect(passing("int", ints, { test: "in", values: [] })).toEqual([]);
    expect(passing("double", ["0.5", "-0", "nan", ""], { test: "in", values: [0, NaN] })).toEqual([1, 2]);
    expect(passing("decimal1", ["0.5", "1.5"], { test: "not in", values: [1.5] })).toEqual([0]);
    expect(passing("text", ["a", "ß", "", "b"], { test: "in", values: ["ß", "c"] })).toEqual([1]);
    expect(passing("text", ["a", "ß", "", "b"], { test: "not in", values: ["ß", "c"] })).toEqual([0, 3]);
  });

  test("of nulls", () => {
    for (const [kind, there] of [
      ["int", "5"],
      ["text", "x"],
      ["double", "1e3"],
      ["date", "2024-05-05"],
    ] as const) {
      expect(passing(kind, [there, "", there], { test: "null" })).toEqual([1]);
      expect(passing(kind, [there, "", there], { test: "not null" })).toEqual([0, 2]);
      expect(passing(kind, [there, there], { test: "null" })).toEqual([]);
    }
  });

  test("all tests must hold", () => {
    const texts = Array.from({ length: 100 }, (_, i) => String(i));
    const tests = [
      { test: ">" as const, value: 10 },
      { test: "<=" as const, value: 14 },
      { test: "not in" as const, values: [12] },
    ];
    expect(passing("int", texts, ...tests)).toEqual([11, 13, 14]);
  });

  test("a value of another type is refused", () => {
    expect(() => passing("int", ["1"], { test: "=", value: "1" })).toThrow(UsageError);
    expect(() => passing("text", ["1"], { test: "=", value: 1 })).toThrow(UsageError);
    expect(() => passing("bool", ["true"], { test: "=", value: 1 })).toThrow(UsageError);
    expect(() => passing("date", ["2024-01-01"], { test: "=", value: "soon" })).toThrow(UsageError);
  });
});
