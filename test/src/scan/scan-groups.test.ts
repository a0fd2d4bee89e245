import { setImmediate } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import type { EngineColumn } from "../../../src/query/engine-table.ts";
import type { GroupAggregate, GroupRequest, GroupResult } from "../../../src/scan/request.ts";
import { scanGroups } from "../../../src/scan/scan-groups.ts";
import type { ScanOptions } from "../../../src/scan/threads/run-scan.ts";
import { tableOf, testFolder, writeSource } from "./scan-table.ts";

const folder = testFolder();
const small = { build: "checked", blockBytes: 512, pieceBytes: 1000, smallBytes: 0 } as const;
const aggregate = (fn: GroupAggregate["fn"], column: string): GroupAggregate => ({
  fn,
  column,
  name: `${column} ${fn}`,
});
const TOTAL: GroupRequest = { keys: [], aggregates: [aggregate("sum", "n"), aggregate("count", "n")] };

describe("groups over threads", () => {
  const rows = Array.from({ length: 5000 }, (_, i) => ({
    k: i % 7 === 0 ? "" : `key ${i % 31}`,
    n: i,
    x: `${i % 100}.25`,
    d: i,
  }));
  const text = `k,n,x\n${rows.map(({ k, n, x }) => `${k},${n},${x}`).join("\n")}\n`;
  const file = writeSource(folder, "groups.csv", text);
  const names = ["k:text", "n:int", "x:decimal2"];
  const request: GroupRequest = {
    keys: ["k"],
    aggregates: [
      ...(["sum", "mean", "min", "max", "var", "first", "last", "nunique"] as const).map((fn) => aggregate(fn, "n")),
      aggregate("sum", "x"),
      aggregate("count", "*"),
    ],
    where: [{ column: "n", test: "<", value: 4800 }],
  };

  test("are the same for any threads and pieces", async () => {
    const expected = expectedGroups();
    for (const [threads, pieceBytes] of [
      [1, 1000],
      [2, 777],
      [3, 20_000],
      [8, 400],
    ] as const) {
      const result = await scanGroups(tableOf([file], names), request, { threads, tuning: { ...small, pieceBytes } });
      expect(result).toMatchObject({ rows: 5000, matched: 4800, groups: 32, notes: [] });
      expect(new Map(rowsOf(result.columns).map(([key, ...values]) => [key, values]))).toEqual(expected);
    }
  });

  test("of small inputs are made in the calling thread", async () => {
    const result = await scanGroups(tableOf([file], names), request, { tuning: { build: "checked" } });
    expect(new Map(rowsOf(result.columns).map(([key, ...values]) => [key, values]))).toEqual(expectedGroups());
  });

  test("of very many texts, short, long, quoted and missing, have each its own string, made once", async () => {
    const odd: Readonly<Record<number, string>> = { 0: "", 1: '"say ""a"""', 2: '"a, b"', 3: "é" };
    const keyOf = (i: number) => odd[i] ?? (i % 3 === 0 ? `a text of more than fifteen bytes ${i}` : `key ${i}`);
    const lines = Array.from({ length: 50_000 }, (_, i) => `${keyOf(i % 30_000)},1`);
    const many = writeSource(folder, "many.csv", `k,n\n${lines.join("\n")}\n`);
    const sums: GroupRequest = { keys: ["k"], aggregates: [aggregate("sum", "n"), aggregate("count", "n")] };
    const tuning = { build: "checked", pieceBytes: 300_000, smallBytes: 0 } as const;
    const scan = () => scanGroups(tableOf([many], ["k:text", "n:int"]), sums, { threads: 2, tuning });
    const [{ columns, groups }, other] = [await scan(), await scan()];
    expect(groups).toBe(30_000);
    expect(columns[0]?.dictionary).toBe(columns[0]?.dictionary);
    const made = other.makeStrings();
    await setImmediate();
    const inTheMiddle = other.columns[0]?.dictionary?.toSorted();
    await made;
    expect(inTheMiddle).toEqual(columns[0]?.dictionary?.toSorted());
    expect(other.columns[0]?.dictionary?.toSorted()).toEqual(inTheMiddle);
    const found = new Map(rowsOf(columns).map(([key, ...values]) => [key, values]));
    expect(found.size).toBe(30_000);
    for (const [i, text] of [null, 'say "a"', "a, b", "é"].entries()) expect([i, found.get(text)]).toEqual([i, [2, 2]]);
    for (let i = 4; i < 30_000; i++) if (found.get(keyOf(i))?.[0] !== (i < 20_000 ? 2 : 1)) throw new Error(keyOf(i));
  });

  function expectedGroups(): Map<unknown, unknown[]> {
    const groups = new Map<string | null, { n: number; x: number }[]>();
    for (const { k, n, x } of rows.filter(({ n }) => n < 4800))
      groups.set(k || null, [...(groups.get(k || null) ?? []), { n, x: Math.round(Number(x) * 100) }]);
    return new Map(
      [...groups].map(([k, list]) => {
        const ns = list.map(({ n }) => n);
        const sum = ns.reduce((a, b) => a + b, 0);
        const mean = sum / ns.length;
        const variance = ns.reduce((a, n) => a + (n - mean) ** 2, 0) / (ns.length - 1);
        const cents = list.reduce((a, { x }) => a + x, 0);
        const figures = [sum, mean, ns[0], ns.at(-1), variance, ns[0], ns.at(-1), ns.length];
        return [k, [...figures.map(rounded), rounded(cents / 100), ns.length]];
      }),
    );
  }
});

describe("a value that does not fit its column", () => {
  const rowsWith = (index: number, value: string) => {
    const values = Array.from({ length: 3000 }, (_, i) => String(i)).with(index, value);
    return writeSource(folder, "values.csv", `id,n\n${values.map((n, i) => `${i},${n}`).join("\n")}\n`);
  };

  test.each<[string, number, readonly unknown[], readonly string[]]>([
    [
      "0.5",
      2500,
      [4_496_000.5, 3000],
      ['column "n" is read as float64 and not as int64: values.csv row 2,501 has "0.5"'],
    ],
    [
      "1e2",
      2999,
      [4_495_601, 3000],
      ['column "n" is read as float64 and not as int64: values.csv row 3,000 has "1e2"'],
    ],
    ["", 10, [4_498_490, 2999], []],
  ])("widens it: %j", async (value, index, expected, notes) => {
    for (const threads of [1, 2, 4]) {
      const result = await scanGroups(tableOf([rowsWith(index, value)], ["id:int", "n:int"]), TOTAL, {
        threads,
        tuning: small,
      });
      expect(rowsOf(result.columns)).toEqual([expected]);
      expect(result.notes.map(({ message }) => message)).toEqual(notes);
      expect(result.rows).toBe(3000);
    }
  });

  test("widens it again and again, to the same type for any threads", async () => {
    const values = Array.from({ length: 3000 }, (_, i) => String(i))
      .with(500, "0.5")
      .with(1500, "0.125")
      .with(2500, "n/a");
    const file = writeSource(folder, "often.csv", `n\n${values.join("\n")}\n`);
    for (const threads of [1, 3]) {
      const request = { keys: [], aggregates: [aggregate("max", "n")] };
      const result = await scanGroups(tableOf([file], ["n:int"]), request, { threads, tuning: small });
      expect(rowsOf(result.columns)).toEqual([["n/a"]]);
      expect(result.notes.map(({ message }) => message)).toEqual([
        'column "n" is read as float64 and not as int64: often.csv row 501 has "0.5"',
        'column "n" is read as str and not as float64: often.csv row 2,501 has "n/a"',
      ]);
    }
  });

  test("changes nothing where the column is not asked for", async () => {
    const table = tableOf([rowsWith(2500, "what")], ["id:int", "n:int!"]);
    const result = await scanGroups(table, { keys: [], aggregates: [aggregate("max", "id")] }, { tuning: small });
    expect(rowsOf(result.columns)).toEqual([[2999]]);
  });

  const wrong: readonly [string, string, string, string][] = [
    ["abc", "n:int!", '"abc" is not an int64', "read it with --dtype n:str, or as missing with --na abc"],
    ["0.5", "n:int!", '"0.5" is not an int64', "read it with --dtype n:float64, or as missing with --na 0.5"],
    ["9223372036854775808", "n:int!", '"9223372036854775808" does not fit into int64', ""],
    // A sum was asked for, which texts do not have: nothing wider will do.
    ["abc", "n:int", '"abc" is not an int64', "read it with --dtype n:str, or as missing with --na abc"],
    ["x".repeat(100), "n:int!", `"${"x".repeat(60)}…" is not an int64`, ""],
  ];

  test.each(wrong)("is an error where it has to fit: %s in %s", async (value, column, problem, hint) => {
    for (const threads of [1, 2, 4])
      await expect(
        scanGroups(tableOf([rowsWith(2999, value)], ["id:int", column]), TOTAL, { threads, tuning: small }),
      ).rejects.toThrow(
        expect.objectContaining({
          name: "DataError",
          code: "E_BAD_VALUE",
          message: `values.csv row 3,000, column "n": ${problem} (line 3,001)`,
          hint: expect.stringContaining(hint),
        }),
      );
  });

  test("of a request that does not fit the table is an error before anything is read", async () => {
    const table = tableOf([writeSource(folder, "few.csv", "id,n\n1,2\n")], ["id:int", "n:text"]);
    const ask = (request: GroupRequest) => scanGroups(table, request, { tuning: small });
    await expect(ask({ keys: ["idd"], aggregates: [] })).rejects.toThrow(
      expect.objectContaining({ code: "E_NO_COLUMN" }),
    );
    await expect(ask(TOTAL)).rejects.toThrow(expect.objectContaining({ name: "UsageError" }));
  });
});

describe("a scan over its memory", () => {
  test("is refused, whichever thread it is, and its threads end", async () => {
    const rows = Array.from({ length: 200_000 }, (_, i) => `${i},key number ${i}`);
    const table = tableOf([writeSource(folder, "keys.csv", `id,k\n${rows.join("\n")}\n`)], ["id:int", "k:text"]);
    const options: ScanOptions = {
      threads: 2,
      memoryLimit: 8 * 2 ** 20,
      tuning: { ...small, blockBytes: 65_536, pieceBytes: 500_000 },
    };
    for (const key of ["id", "k"]) {
      const request = { keys: [key], aggregates: [aggregate("sum", "id")] };
      await expect(scanGroups(table, request, options).then(({ groups }) => groups)).rejects.toThrow(
        expect.objectContaining({ name: "ScanRefused", reason: "memory" }),
      );
      const { groups } = await scanGroups(table, request, { ...options, memoryLimit: 2 ** 29 });
      expect(groups).toBe(200_000);
    }
  });
});

test("groups whose copy does not fit beside them are refused while they are read", async () => {
  const rows = Array.from({ length: 60_000 }, (_, i) => `${i % 40_000},${"x".repeat(i % 7)} text number ${i % 40_000}`);
  const file = writeSource(folder, "copies.csv", `id,k\n${rows.join("\n")}\n`);
  const request = { keys: ["k"], aggregates: [aggregate("min", "k")] };
  const scan = (memoryLimit: number) =>
    scanGroups(tableOf([file], ["id:int", "k:text"]), request, { memoryLimit, tuning: { smallBytes: 2 ** 30 } });
  // The kernel's own memory would do for less.
  await expect(scan(8 * 2 ** 20)).rejects.toThrow(expect.objectContaining({ name: "ScanRefused", reason: "memory" }));
  expect((await scan(32 * 2 ** 20)).groups).toBe(60_000);
});

/** Rows of plain values, null where missing. */
function rowsOf(columns: GroupResult["columns"]): unknown[][] {
  const count = columns[0]?.values.length ?? 0;
  return Array.from({ length: count }, (_, row) => columns.map((column) => valueAt(column, row)));
}

function valueAt({ values, validity, dictionary }: EngineColumn, row: number): unknown {
  if (validity && (((validity[row >> 3] as number) >> (row & 7)) & 1) === 0) return null;
  const value = values[row];
  if (dictionary) return dictionary[value as number];
  return typeof value === "bigint" ? Number(value) : typeof value === "number" ? rounded(value) : value;
}

function rounded(value: unknown): number {
  return Number((value as number).toPrecision(12));
}
