import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { distFile } from "../../../src/paths.ts";
import type { GroupRequest } from "../../../src/scan/request.ts";
import { scanColumns } from "../../../src/scan/scan-columns.ts";
import { scanGroups } from "../../../src/scan/scan-groups.ts";
import { scanStatistics } from "../../../src/scan/scan-statistics.ts";
import { sniffTable } from "../../../src/scan/sniff.ts";
import { resolveSource } from "../../../src/source/resolve.ts";
import { tableOf, testFolder, writeSource } from "./scan-table.ts";

const folder = testFolder();
const COUNT: GroupRequest = { keys: [], aggregates: [{ fn: "count", column: "*", name: "count" }] };
const threaded = { threads: 2, tuning: { build: "checked", smallBytes: 0 } } as const;

describe("hard cases", () => {
  test("10,000 columns", async () => {
    const names = Array.from({ length: 10_000 }, (_, i) => `c${i}`);
    const rows = Array.from({ length: 40 }, (_, row) => names.map((_, i) => row * i).join(","));
    const file = writeSource(folder, "wide.csv", `${names.join(",")}\n${rows.join("\n")}\n`);
    const table = tableOf(
      [file],
      names.map((name) => `${name}:int`),
    );
    const options = { ...threaded, tuning: { ...threaded.tuning, pieceBytes: 100_000 } };
    const request: GroupRequest = { keys: [], aggregates: [{ fn: "sum", column: "c9999", name: "sum" }] };
    const { columns, rows: count } = await scanGroups(table, request, options);
    expect([count, columns[0]?.values[0]]).toEqual([40, 9999n * 780n]);
    let last: unknown;
    for await (const chunk of scanColumns(table, { columns: ["c9999"] }, options))
      last = chunk.columns[0]?.values.at(-1);
    expect(last).toBe(9999n * 39n);
  });

  test("a field of 20 MB, quoted and not", async () => {
    const long = "x".repeat(20 * 2 ** 20);
    for (const text of [`1,${long}`, `1,"${long}"`]) {
      const file = writeSource(folder, "long.csv", `a,b\n${text}\n2,y\n3,z\n`);
      const table = tableOf([file], ["a:int", "b"]);
      const { rows } = await scanGroups(table, COUNT, { threads: 2 });
      expect(rows).toBe(3);
    }
  });

  test("a quote that opens a field of many megabytes and never closes", async () => {
    const file = writeSource(folder, "open.csv", `a,b\n1,"${"x,y\n".repeat(2_000_000)}`);
    const scan = scanGroups(tableOf([file], ["a:int", "b"]), COUNT, { threads: 2 });
    await expect(scan).rejects.toThrow("open.csv row 1 has a quoted field that is never closed");
  });

  test("a number between two doubles is read without the escapes in its quotes", async () => {
    const written = ["'9\\'007\\'199\\'254\\'740\\'993'", "'9007199254740993'", "9007199254740993"];
    const file = writeSource(folder, "escapes.csv", `a,b\n${written.map((text) => `${text},1\n`).join("")}`);
    const dialect = { quote: "'", escape: "\\", thousands: "'" } as const;
    const request: GroupRequest = { keys: ["a"], aggregates: COUNT.aggregates };
    const { columns } = await scanGroups(tableOf([file], ["a:double!", "b"], dialect), request, threaded);
    expect(columns.map(({ values }) => [...values])).toEqual([[2 ** 53], [3n]]);
    const text = { thousands: "'" };
    const names = (await sniffTable({ ...(await resolveSource(file.path, { text })), quoting: dialect })).columns;
    expect(names[0]?.type).toEqual({ kind: "int" });
  });

  test("NUL bytes are letters", async () => {
    const file = writeSource(folder, "nul.csv", "a,b\n\0,1\nx\0y,2\n\0,3\n");
    const request: GroupRequest = { keys: ["a"], aggregates: COUNT.aggregates, sorted: true };
    const { columns } = await scanGroups(tableOf([file], ["a", "b:int"]), request, threaded);
    expect(Array.from(columns[0]?.values ?? [], (code) => columns[0]?.dictionary?.[code as number])).toEqual([
      "\0",
      "x\0y",
    ]);
  });

  test("many small files", async () => {
    const files = Array.from({ length: 500 }, (_, i) => writeSource(folder, `many-${i}.csv`, `a,b\n${i},x\n`));
    const request: GroupRequest = { keys: [], aggregates: [{ fn: "sum", column: "a", name: "sum" }] };
    const { columns, rows } = await scanGroups(tableOf(files, ["a:int", "b"]), request, threaded);
    expect([rows, columns[0]?.values[0]]).toEqual([500, 124_750n]);
  });

  test("JSON lines, in pieces", async () => {
    const lines = Array.from({ length: 3000 }, (_, i) =>
      JSON.stringify(i % 2 ? { a: i, b: `x\n${i % 5}` } : { b: null, a: i }),
    );
    const file = writeSource(folder, "lines.jsonl", `${lines.join("\n")}\n`);
    const table = tableOf(
      [file],
      ["a:int", "b"],
      { quote: undefined, escape: undefined, header: false },
      { format: "json" },
    );
    const options = { ...threaded, tuning: { ...threaded.tuning, pieceBytes: 1000, blockBytes: 256 } };
    const request: GroupRequest = { keys: ["b"], aggregates: [{ fn: "sum", column: "a", name: "sum" }], sorted: true };
    const { columns, rows } = await scanGroups(table, request, options);
    const sums = new Map<string, number>();
    for (let i = 0; i < 3000; i++) {
      const key = i % 2 ? `x\n${i % 5}` : "null";
      sums.set(key, (sums.get(key) ?? 0) + i);
    }
    expect(rows).toBe(3000);
    expect(Array.from(columns[1]?.values ?? [], Number)).toEqual(
      [...[...sums].sort()].sort(([a], [b]) => (a === "null" ? 1 : b === "null" ? -1 : 0)).map(([, sum]) => sum),
    );
    const nested = writeSource(folder, "nested.jsonl", '{"a":1,"b":{"c":2}}\n');
    await expect(scanGroups({ ...table, files: [nested] }, request, threaded)).rejects.toThrow(
      expect.objectContaining({ name: "ScanRefused", reason: "nested" }),
    );
  });

  test("statistics are the same for any threads", async () => {
    const rows = Array.from({ length: 4000 }, (_, i) => `${(i * 7919) % 1000},${i % 3 ? `w${i % 50}` : ""},${i / 8}`);
    const table = tableOf(
      [writeSource(folder, "stats.csv", `a,b,c\n${rows.join("\n")}\n`)],
      ["a:int", "b", "c:double"],
    );
    const ask = async (threads: number) => {
      const tuning = { ...threaded.tuning, pieceBytes: 5000, blockBytes: 1024 };
      const { columns, ...rest } = await scanStatistics(table, {}, { threads, tuning });
      // Means of doubles depend on the order of adding in their last digits.
      return {
        columns: columns.map((one) => ({ ...one, mean: one.mean?.toPrecision(12), std: one.std?.toPrecision(12) })),
        ...rest,
      };
    };
    const one = await ask(1);
    expect(one.columns.map(({ name, nulls, rows: count }) => [name, nulls, count])).toEqual([
      ["a", 0, 4000],
      ["b", 1334, 4000],
      ["c", 0, 4000],
    ]);
    for (const threads of [2, 4]) expect(await ask(threads)).toEqual(one);
    await expect(scanStatistics(table, { columns: ["d"] })).rejects.toThrow('no column "d"');
  });

  test.each([
    ["left.csv", 1],
    ["left.csv", 2],
    ["left.csv.gz", 1],
    ["left.csv.gz", 2],
  ])("a process ends though a reader of the columns of %s never comes back (%i threads)", (name, threads) => {
    // More than the thread that unpacks is ever ahead.
    const text = Buffer.from(`a,b\n${"12345,a text of some words\n".repeat(2_500_000)}`);
    const file = writeSource(folder, name, name.endsWith(".gz") ? gzipSync(text, { level: 1 }) : text);
    const script = path.join(folder, "left.mjs");
    const library = pathToFileURL(distFile("src/index.js")).href;
    writeFileSync(
      script,
      `import { resolveSource, scanColumns, sniffTable } from ${JSON.stringify(library)};
       const table = await sniffTable(await resolveSource(${JSON.stringify(file.path)}));
       const scan = scanColumns(table, { rows: 1000 }, { threads: ${threads}, tuning: { smallBytes: 0, pieceBytes: 1 } });
       const { value } = await scan.next();
       console.log(value.rows);`,
    );
    expect(execFileSync(process.execPath, [script], { timeout: 30_000, encoding: "utf8" })).toBe("1000\n");
  });

  test("from a path to groups", async () => {
    const rows = Array.from(
      { length: 1000 },
      (_, i) => `${i % 10};${i},5;2025-01-${String((i % 28) + 1).padStart(2, "0")}`,
    );
    writeFileSync(path.join(folder, "german.csv"), `id;betrag;tag\r\n${rows.join("\r\n")}\r\n`);
    const source = await resolveSource("german.csv", { cwd: folder, text: { decimal: "," } });
    const table = await sniffTable(source);
    expect(table.columns.map(({ type }) => type.kind)).toEqual(["int", "decimal", "date"]);
    const request: GroupRequest = {
      keys: ["id"],
      aggregates: [{ fn: "sum", column: "betrag", name: "sum" }],
      sorted: true,
    };
    const { columns } = await scanGroups(table, request, threaded);
    expect(Array.from(columns[1]?.values ?? [])).toEqual(
      Array.from({ length: 10 }, (_, i) => 49_500 + 100 * (i + 0.5)),
    );
  });
});
