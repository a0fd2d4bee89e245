import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compileKernel, Kernel } from "../../../src/scan/kernel.ts";
import { ScanRefused } from "../../../src/scan/refused.ts";
import type { GroupFunction, GroupRequest } from "../../../src/scan/request.ts";
import { BlockReader } from "../../../src/scan/rows/blocks.ts";
import { cellsOf, groupingOf, groupOne, groupParts, type Part, rowsOf } from "./group-rows.ts";
import { sourceOf } from "./read-fields.ts";
import { tableOf } from "./scan-table.ts";

const module = await compileKernel("checked");

/** The groups of a text without a line of names, as objects. */
function group(text: string, names: readonly string[], request: GroupRequest, blockBytes?: number) {
  const kernel = new Kernel(module);
  const before = kernel.calls.usedBytes();
  const grouped = groupParts(kernel, tableOf([], names), request, [{ text, firstRow: 0 }], blockBytes);
  expect(kernel.calls.brokenGuard()).toBe(0);
  expect(kernel.calls.usedBytes(), "memory that was not given back").toBe(before);
  return { rows: rowsOf(grouped, request.keys), ...grouped };
}

/** `sum:v` is an aggregate under its own text as name. */
function ask(keys: string, ...aggregates: readonly string[]): GroupRequest {
  const parsed = aggregates.map((name) => {
    const [fn, column = ""] = name.split(":");
    return { fn: fn as GroupFunction, column, name };
  });
  return { keys: keys === "" ? [] : keys.split(","), aggregates: parsed };
}

test("groups are copied for a result in many steps, whatever their keys are", () => {
  const count = 20_000;
  const text = Array.from({ length: count }, (_, i) => `text ${i},${i}\n`).join("");
  for (const keys of ["a", "b", "a,b"]) {
    const request = ask(keys, "count:*", "max:a");
    const part = { text, firstRow: 0 };
    const copying = groupOne(new Kernel(module), tableOf([], ["a", "b:int"]), request, part, 4096).values();
    let steps = 0;
    let step = copying.next();
    for (; !step.done; step = copying.next()) steps++;
    expect(steps, keys).toBeGreaterThan(5);
    const { groups, states } = step.value;
    expect([groups, states[0]?.[0]]).toEqual([count, new BigInt64Array(count).fill(1n)]);
  }
});

test("tables of many groups grow in many steps, whatever grows, and count the same", () => {
  const count = 300_000;
  // By the last rows the tables are so large that each doubling, and what a first missing value changes, is hundreds of thousands of slots and records.
  const text = Array.from(
    { length: count },
    (_, i) => `text ${i},${i},${i * 1_000_003},${i % 600},${i === count - 1 ? "" : 1}\n`,
  ).join("");
  const table = tableOf([], ["text", "close:int", "far:int", "few:int", "late:int"]);
  for (const [keys, aggregates, least] of [
    ["far", "count:*", 11],
    ["close", "count:*", 11],
    ["few,close", "count:*", 12],
    ["text", "count:*", 10],
    ["few", "nunique:far", 10],
    ["close", "sum:late", 60],
    ["text", "sum:late", 60],
    ["few", "sum:late,nunique:text", 60],
  ] as const) {
    const kernel = new Kernel(module);
    const reader = new BlockReader(kernel, table.dialect, table.columns.length, { blockBytes: 1 << 17 });
    const grouping = groupingOf(kernel, table, ask(keys, ...aggregates.split(",")), reader.maxRows);
    const steps: number[] = [];
    reader.read(sourceOf(Buffer.from(text)), (fields) => steps.push([...grouping.steps(fields)].length));
    expect(Math.max(...steps), `${aggregates} by ${keys}`).toBeGreaterThanOrEqual(least);
    const { columns, groups } = grouping.result();
    const total = (columns.at(-1)?.values as ArrayLike<number | bigint>) ?? [];
    expect([groups, Array.from(total).reduce((sum: number, value) => sum + Number(value), 0)]).toEqual([
      keys === "few" ? 600 : count,
      aggregates === "sum:late" ? count - 1 : count,
    ]);
  }
});

describe("aggregates", () => {
  const all = ["count", "sum", "mean", "min", "max", "var", "std", "any", "all", "first", "last", "nunique"];

  test("of integers, with a null key, null values, and a group of nothing but nulls", () => {
    const text = "a,1\na,4\na,\n,7\nb,\nb,\na,4\n";
    const { rows, columns, matched } = group(text, ["k", "v:int"], ask("k", "count:*", ...all.map((fn) => `${fn}:v`)));
    expect(rows).toEqual([
      {
        ...{ k: null, "count:*": 1n, "count:v": 1n, "sum:v": 7n, "mean:v": 7, "min:v": 7n, "max:v": 7n },
        ...{ "var:v": null, "std:v": null, "any:v": true, "all:v": true, "first:v": 7n, "last:v": 7n, "nunique:v": 1n },
      },
      {
        ...{ k: "a", "count:*": 4n, "count:v": 3n, "sum:v": 9n, "mean:v": 3, "min:v": 1n, "max:v": 4n },
        ...{ "var:v": 3, "std:v": Math.sqrt(3), "any:v": true, "all:v": true },
        ...{ "first:v": 1n, "last:v": 4n, "nunique:v": 2n },
      },
      {
        ...{ k: "b", "count:*": 2n, "count:v": 0n, "sum:v": null, "mean:v": null, "min:v": null, "max:v": null },
        ...{ "var:v": null, "std:v": null, "any:v": null, "all:v": null },
        ...{ "first:v": null, "last:v": null, "nunique:v": 0n },
      },
    ]);
    expect(columns.map(({ type }) => type)).toEqual(
      ["str", "int64", "int64", "int64", "float64", "int64", "int64", "float64", "float64"].concat([
        "bool",
        "bool",
        "int64",
        "int64",
        "int64",
      ]),
    );
    expect(matched).toBe(7);
  });

  test("of decimals: the exact sum, rounded once", () => {
    const text = "0.10\n0.20\n-0.05\n90071992547409.93\n90071992547409.93\n";
    const { rows, columns } = group(text, ["v:decimal2"], ask("", "sum:v", "mean:v", "min:v", "max:v", "first:v"));
    expect(rows).toEqual([
      {
        ...{ "sum:v": Number("180143985094820.11"), "mean:v": Number("180143985094820.11") / 5 },
        ...{ "min:v": -0.05, "max:v": Number("90071992547409.93"), "first:v": 0.1 },
      },
    ]);
    expect(columns.map(({ type }) => type)).toEqual(new Array(5).fill("float64"));
  });

  test("of declared decimals stay decimals", () => {
    const kernel = new Kernel(module);
    const table = tableOf([], ["k", "v:decimal2"]);
    const columns = [table.columns[0], { ...table.columns[1], type: { kind: "decimal", scale: 2, precision: 9 } }];
    const request = ask("k", "sum:v", "max:v", "mean:v");
    const parts = [{ text: "a,1.25\na,2.50\nb,\n", firstRow: 0 }];
    const grouped = groupParts(kernel, { ...table, columns: columns as typeof table.columns }, request, parts);
    expect(rowsOf(grouped, ["k"])).toEqual([
      { k: "a", "sum:v": 375n, "max:v": 250n, "mean:v": 1.875 },
      { k: "b", "sum:v": null, "max:v": null, "mean:v": null },
    ]);
    expect(grouped.columns.map(({ type }) => type)).toEqual(["str", "decimal(38, 2)", "decimal(9, 2)", "float64"]);
  });

  test("of doubles: compensated sums, NaN as the greatest, infinities", () => {
    const text = "1,1e16\n1,1\n1,-1e16\n2,nan\n2,3\n3,inf\n3,1\n4,inf\n4,-inf\n5,nan\n";
    const { rows } = group(
      text,
      ["k:int", "v:double"],
      ask("k", "sum:v", "mean:v", "min:v", "max:v", "var:v", "any:v"),
    );
    expect(rows).toEqual([
      {
        k: 1n,
        "sum:v": 1,
        "mean:v": 1 / 3,
        "min:v": -1e16,
        "max:v": 1e16,
        "var:v": expect.closeTo(1e32, -17),
        "any:v": true,
      },
      { k: 2n, "sum:v": NaN, "mean:v": NaN, "min:v": 3, "max:v": NaN, "var:v": NaN, "any:v": true },
      { k: 3n, "sum:v": Infinity, "mean:v": Infinity, "min:v": 1, "max:v": Infinity, "var:v": NaN, "any:v": true },
      { k: 4n, "sum:v": NaN, "mean:v": NaN, "min:v": -Infinity, "max:v": Infinity, "var:v": NaN, "any:v": true },
      { k: 5n, "sum:v": NaN, "mean:v": NaN, "min:v": NaN, "max:v": NaN, "var:v": null, "any:v": true },
    ]);
  });

  test("of truth values, dates, moments and texts", () => {
    const text = "true,2024-02-29,2024-02-29 12:00:00,b\nfalse,1969-12-31,1969-12-31 23:59:59.5,é\n,,,z\ntrue,,,\n";
    const names = ["b:bool", "d:date", "t:timestamp", "s:text"];
    const asked = ["sum:b", "mean:b", "any:b", "all:b", "max:b", "min:d", "last:d", "min:t", "max:t", "first:t"];
    const { rows, columns } = group(text, names, ask("", ...asked, "min:s", "max:s", "last:s", "nunique:s"));
    expect(rows).toEqual([
      {
        ...{ "sum:b": 2n, "mean:b": 2 / 3, "any:b": true, "all:b": false, "max:b": true, "min:d": -1, "last:d": -1 },
        ...{ "min:t": -500_000n, "max:t": 1_709_208_000_000_000n, "first:t": 1_709_208_000_000_000n },
        ...{ "min:s": "b", "max:s": "é", "last:s": "z", "nunique:s": 3n },
      },
    ]);
    expect(columns.map(({ type }) => type)).toEqual(
      ["int64", "float64", "bool", "bool", "bool", "date", "date"]
        .concat(new Array(3).fill("datetime64[us]"))
        .concat(["str", "str", "str", "int64"]),
    );
  });

  test("sums of integers beyond 64 bits are exact, from the first block that may leave them", () => {
    const big = 2n ** 62n - 1n;
    const text = `${"1\n".repeat(300)}${`${big}\n`.repeat(7)}`;
    const { rows, columns } = group(text, ["v:int"], ask("", "sum:v", "mean:v", "var:v"), 64);
    const sum = 300n + 7n * big;
    expect(rows[0]).toMatchObject({ "sum:v": sum, "mean:v": Number(sum) / 307 });
    expect(columns[0]?.type).toBe("object");
    expect(group(`${big}\n${big}\n${big}\n`, ["v:int"], ask("", "sum:v")).columns[0]?.type).toBe("uint64");
    expect(group(`${big}\n-${big}\n${big}\n`, ["v:int"], ask("", "sum:v")).columns[0]?.type).toBe("int64");
  });

  test("without keys there is one group over no rows", () => {
    const { rows, matched } = group("", ["v:int"], ask("", "count:*", "sum:v", "count:v", "nunique:v"));
    expect(rows).toEqual([{ "count:*": 0n, "sum:v": null, "count:v": 0n, "nunique:v": 0n }]);
    expect(matched).toBe(0);
    expect(group("", ["k:int", "v:int"], ask("k", "sum:v")).rows).toEqual([]);
  });
});

describe("keys", () => {
  test("both zeros are one, every NaN is one, and null is a group", () => {
    const { rows } = group("0\n-0\nnan\n\n-nan\n-1.5\n", ["k:double"], ask("k", "count:*"));
    expect(rows).toEqual([
      { k: -1.5, "count:*": 1n },
      { k: 0, "count:*": 2n },
      { k: NaN, "count:*": 2n },
      { k: null, "count:*": 1n },
    ]);
  });

  test("of every type, alone and together, with nulls", () => {
    const text = [
      "1,2.50,0.1,true,2024-01-01,2024-01-01 00:00:01,x",
      ",,,,,,",
      "1,2.50,0.1,true,2024-01-01,2024-01-01 00:00:01,x",
      "1,2.50,0.1,false,2024-01-01,2024-01-01 00:00:01,x",
      ",2.50,0.1,true,2024-01-01,2024-01-01 00:00:01,x",
      "1,2.50,0.1,true,2024-01-01,2024-01-01 00:00:01,",
      "1,2.50,0.1,true,2024-01-01,2024-01-01 00:00:01,",
      "",
    ].join("\n");
    const names = ["i:int", "d:decimal2", "f:double", "b:bool", "a:date", "t:timestamp", "s:text"];
    const single = group(text, names, ask("t", "count:*"));
    expect(single.rows).toEqual([
      { t: 1_704_067_201_000_000n, "count:*": 6n },
      { t: null, "count:*": 1n },
    ]);
    const { rows, columns } = group(text, names, ask("i,d,f,b,a,t,s", "count:*"));
    const key = { i: 1n, d: 2.5, f: 0.1, b: true, a: 19723, t: 1_704_067_201_000_000n, s: "x" };
    expect(new Set(rows)).toEqual(
      new Set([
        { ...key, "count:*": 2n },
        { ...key, b: false, "count:*": 1n },
        { ...key, i: null, "count:*": 1n },
        { ...key, s: null, "count:*": 2n },
        { i: null, d: null, f: null, b: null, a: null, t: null, s: null, "count:*": 1n },
      ]),
    );
    const types = ["int64", "float64", "float64", "bool", "date", "datetime64[us]", "str", "int64"];
    expect(columns.map(({ type }) => type)).toEqual(types);
  });

  test("in order when it is asked for: texts by their bytes, NaN behind all numbers, null last", () => {
    const text = "b,2\n,1\nb,nan\nä,-1\na,\nb,-inf\nab,3\nb,2\n,\nz,0\n";
    const request = { ...ask("s,d", "count:*", "first:s"), sorted: true };
    const { columns } = groupParts(new Kernel(module), tableOf([], ["s:text", "d:double"]), request, [
      { text, firstRow: 0 },
    ]);
    expect(cellsOf(columns)).toEqual([
      ["a", null, 1n, "a"],
      ["ab", 3, 1n, "ab"],
      ["b", -Infinity, 1n, "b"],
      ["b", 2, 2n, "b"],
      ["b", NaN, 1n, "b"],
      ["z", 0, 1n, "z"],
      ["ä", -1, 1n, "ä"],
      [null, 1, 1n, null],
      [null, null, 1n, null],
    ]);
    const ids = { ...ask("k", "count:*"), sorted: true };
    const parts = [{ text: "5\n-7\n\n9000000000000\n5\n", firstRow: 0 }];
    expect(cellsOf(groupParts(new Kernel(module), tableOf([], ["k:int"]), ids, parts).columns)).toEqual([
      [-7n, 1n],
      [5n, 2n],
      [9_000_000_000_000n, 1n],
      [null, 1n],
    ]);
  });

  test("a declared narrow type keeps its array", () => {
    const table = tableOf([], ["k:int", "v:double"]);
    const range = { min: -128n, max: 127n };
    const types = [
      { kind: "int", range },
      { kind: "double", isNarrow: true },
    ];
    const columns = table.columns.map((column, i) => ({ ...column, type: types[i] as (typeof column)["type"] }));
    const request = ask("k", "min:v", "sum:v", "sum:k");
    const grouped = groupParts(new Kernel(module), { ...table, columns }, request, [{ text: "-3,0.1\n", firstRow: 0 }]);
    expect(rowsOf(grouped, [])).toEqual([
      { k: -3, "min:v": Math.fround(0.1), "sum:v": Math.fround(0.1), "sum:k": -3n },
    ]);
    expect(grouped.columns.map(({ type }) => type)).toEqual(["int8", "float32", "float64", "int64"]);
    expect(grouped.columns[0]?.values).toBeInstanceOf(Int8Array);
    expect(grouped.columns[1]?.values).toBeInstanceOf(Float32Array);
  });
});

describe("any split and any order of merging", () => {
  const names = ["a:int", "s:text", "d:double", "m:decimal2", "w:int", "b:bool"];
  const cell = <T>(values: fc.Arbitrary<T>) => fc.option(values, { nil: "" as const, freq: 5 });
  const row = fc.tuple(
    cell(fc.oneof(fc.integer({ min: 0, max: 3 }), fc.constantFrom(10_000_000_019, -5))),
    cell(fc.constantFrom("x", "y", "zz", "a long text of more than fifteen bytes", "ü")),
    cell(fc.oneof(fc.double({ noNaN: true, min: -1e9, max: 1e9 }), fc.constantFrom(0.1, 0, -0, "nan"))),
    cell(fc.integer({ min: -99_999, max: 99_999 }).map((unscaled) => (unscaled / 100).toFixed(2))),
    cell(fc.oneof(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), fc.bigInt({ min: -9n, max: 9n }))),
    cell(fc.boolean()),
  );
  const functions = ["count", "sum", "mean", "min", "max", "var", "std", "any", "all", "first", "last", "nunique"];
  const aggregates = names
    .map((name) => name.slice(0, 1))
    .flatMap((column) =>
      (column === "s" ? ["min", "max", "first", "last", "nunique", "count"] : functions).map((fn) => `${fn}:${column}`),
    );
  const keys = fc.constantFrom("", "a", "s", "d", "a,s", "s,b,d", "m,a,s,b");

  test("give the same groups and results", () => {
    const cases = fc.record({
      rows: fc.array(row, { minLength: 1, maxLength: 40 }),
      cuts: fc.array(fc.nat(60), { maxLength: 4 }),
      turn: fc.nat(4),
      by: keys,
      blockBytes: fc.constantFrom(64, 300, 4096),
    });
    fc.assert(
      fc.property(cases, ({ rows, cuts, turn, by, blockBytes }) => {
        const kernel = new Kernel(module);
        const table = tableOf([], names);
        const request = ask(by, "count:*", ...aggregates);
        const lines = rows.map((cells) => `${cells.map((value) => (Object.is(value, -0) ? "-0" : value)).join(",")}\n`);
        const whole = groupParts(kernel, table, request, [{ text: lines.join(""), firstRow: 0 }]);
        const parts = inTurn(cutLines(lines, cuts), turn);
        const merged = groupParts(kernel, table, request, parts, blockBytes);
        expect(merged.matched).toBe(rows.length);
        expect(merged.columns.map(({ type }) => type)).toEqual(whole.columns.map(({ type }) => type));
        const [one, other] = [rowsOf(merged, request.keys), rowsOf(whole, request.keys)];
        expect(one.map(exactPart)).toEqual(other.map(exactPart));
        for (const [i, found] of one.entries()) expectNear(found, other[i] as Record<string, unknown>);
        expect(kernel.calls.brokenGuard()).toBe(0);
      }),
      { numRuns: 40, seed: 11 },
    );
  });

  /** All but what is computed in doubles. */
  function exactPart(found: Record<string, unknown>) {
    return Object.fromEntries(Object.entries(found).filter(([name]) => !/^(sum|mean|var|std):d$/.test(name)));
  }

  function expectNear(found: Record<string, unknown>, wanted: Record<string, unknown>) {
    for (const fn of ["sum", "mean", "var", "std"]) {
      const [one, other] = [found[`${fn}:d`], wanted[`${fn}:d`]];
      if (typeof other !== "number" || Number.isNaN(other)) expect(one).toEqual(other);
      else expect(Math.abs((one as number) - other)).toBeLessThanOrEqual(slackOf(fn) * Math.max(Math.abs(other), 1e-3));
    }
  }

  const slackOf = (fn: string) => (fn === "sum" || fn === "mean" ? 1e-15 : 1e-12);
});

function cutLines(lines: readonly string[], cuts: readonly number[]): Part[] {
  const places = [0, ...cuts.map((cut) => Math.min(cut, lines.length)).sort((one, other) => one - other), lines.length];
  return places.slice(1).map((end, i) => ({
    text: lines.slice(places[i], end).join(""),
    firstRow: places[i] as number,
  }));
}

function inTurn<T>(items: readonly T[], turn: number): T[] {
  const from = turn % items.length;
  return [...items.slice(from), ...items.slice(0, from)];
}

describe("memory", () => {
  test("too little of it is refused", () => {
    const kernel = new Kernel(module);
    const text = Array.from({ length: 60_000 }, (_, i) => `${i * 7_919}\n`).join("");
    kernel.calls.setLimit(3_000_000);
    const scan = () => groupParts(kernel, tableOf([], ["k:int"]), ask("k", "count:*"), [{ text, firstRow: 0 }]);
    expect(scan).toThrow(ScanRefused);
    expect(kernel.calls.brokenGuard()).toBe(0);
  });
});
