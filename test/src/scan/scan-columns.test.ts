import { randomBytes } from "node:crypto";
import { readdirSync, truncateSync, writeFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { Interrupted } from "../../../src/errors.ts";
import type { ColumnsRequest } from "../../../src/scan/request.ts";
import { type ColumnChunk, scanColumns } from "../../../src/scan/scan-columns.ts";
import type { ScanTable } from "../../../src/scan/table.ts";
import type { ScanOptions } from "../../../src/scan/threads/run-scan.ts";
import type { SourceFile } from "../../../src/source/source.ts";
import { tableOf, testFolder, writeSource } from "./scan-table.ts";

const folder = testFolder();
const threaded = { build: "checked", blockBytes: 512, smallBytes: 0 } as const;
/** Two threads take turns, also at so little. */
const inTurns = { threads: 2, tuning: { ...threaded, pieceBytes: 1 } } as const;
const COUNT = 5000;
const words = ["", "one", "two", "three, four"];
const lines = Array.from({ length: COUNT }, (_, i) => `${i},"${words[i % 4]}",${i / 4}`);
const file = writeSource(folder, "rows.csv", `n,w,x\n${lines.join("\n")}\n`);
const NAMES = ["n:int", "w:text", "x:decimal2"];

describe("columns in chunks", () => {
  test.each<ScanOptions>([{ tuning: threaded }, inTurns, { tuning: { build: "checked", blockBytes: 512 } }])(
    "have all rows in order, in chunks of exactly so many (%o)",
    async (options) => {
      const { chunks, result } = await collect(tableOf([file], NAMES), { rows: 700 }, options);
      expect(chunks.map(({ rows }) => rows)).toEqual([700, 700, 700, 700, 700, 700, 700, 100]);
      expect(chunks.map(({ firstRow }) => firstRow)).toEqual([0, 700, 1400, 2100, 2800, 3500, 4200, 4900]);
      expect(chunks[0]?.columns.map(({ name, type }) => [name, type])).toEqual([
        ["n", "int64"],
        ["w", "str"],
        ["x", "float64"],
      ]);
      expect(valuesOf(chunks, 0)).toEqual(Array.from({ length: COUNT }, (_, i) => BigInt(i)));
      expect(valuesOf(chunks, 1)).toEqual(Array.from({ length: COUNT }, (_, i) => words[i % 4] || null));
      expect(valuesOf(chunks, 2)).toEqual(Array.from({ length: COUNT }, (_, i) => i / 4));
      expect(result).toMatchObject({ rows: COUNT, notes: [] });
    },
  );

  test("are those that are asked for, of the rows that pass the tests", async () => {
    const request: ColumnsRequest = {
      columns: ["x", "n"],
      rows: 300,
      where: [
        { column: "n", test: ">=", value: 1000 },
        { column: "w", test: "=", value: "two" },
      ],
    };
    const { chunks, result } = await collect(tableOf([file], NAMES), request, { tuning: threaded });
    expect(chunks.map(({ rows }) => rows)).toEqual([300, 300, 300, 100]);
    expect(chunks[0]?.columns.map(({ name }) => name)).toEqual(["x", "n"]);
    expect(valuesOf(chunks, 1)).toEqual(Array.from({ length: 1000 }, (_, i) => BigInt(1002 + 4 * i)));
    expect(result?.rows).toBe(COUNT);
  });

  test.each([0, 1, 2])(
    "are all there of gzip members with zeros between them, also where nobody takes them for a while (%i)",
    async (more) => {
      // How many blocks wait where the first member ends decides what is given behind it.
      const count = 1_100_000 + 50_000 * more;
      const [first, second] = [
        `n,w\n${"1,some text of a row\n".repeat(count)}`,
        `2,${randomBytes(2 ** 21).toString("base64")}\n`,
      ];
      const packed = [gzipSync(first, { level: 1 }), Buffer.alloc(3 * 2 ** 20), gzipSync(second, { level: 1 })];
      const parts = [writeSource(folder, "members.csv.gz", Buffer.concat(packed))];
      let rows = 0;
      for await (const chunk of scanColumns(tableOf(parts, ["n:int", "w:text"], {}, { compression: "gzip" }))) {
        if (rows === 0) await delay(300);
        rows += chunk.rows;
      }
      expect(rows).toBe(count + 1);
    },
  );

  test("of more texts than the memory holds give up their dictionary, also in the middle of a chunk", async () => {
    // Each text comes twice, so that a dictionary would be worth its while.
    const texts = Array.from({ length: 160_000 }, (_, i) => `${"x".repeat(60)} number ${i % 80_000}`);
    const table = tableOf([writeSource(folder, "texts.csv", `t\n${texts.join("\n")}\n`)], ["t:text"]);
    const options: ScanOptions = { memoryLimit: 32 * 2 ** 20, tuning: { build: "checked", smallBytes: 2 ** 30 } };
    for (const rows of [10_000, 1_000_000]) {
      const { chunks } = await collect(table, { rows }, options);
      expect(valuesOf(chunks, 0)).toEqual(texts);
      expect(chunks.at(-1)?.columns[0]?.dictionary === undefined).toBe(true);
    }
  });

  test.each([
    ["the calling thread reads what is small", 100_000, [], false],
    ["threads read what is large", 900_000, [], true],
    ["threads read what is larger than it says at its end", 900_000, [gzipSync("")], true],
  ])("of packed text come alike: %s", async (_, count, behind, isInThreads) => {
    // Where nobody has had a chunk yet the last value may ask for another type, so that the text is read twice.
    const last = isInThreads ? 5 : 0.5;
    const packed = [0, 1].map((part) => {
      const rows = Array.from({ length: count / 2 }, (_, i) => `${(i + part * (count / 2)) % 1000},x`);
      const text = `n,w\n${rows.join("\n")}\n${part ? `${last},y\n` : ""}`;
      return writeSource(folder, `${part}.csv.gz`, Buffer.concat([gzipSync(text), ...behind]));
    });
    const tasks = () => readdirSync("/proc/self/task").length;
    const before = tasks();
    let most = before;
    const onProgress = () => {
      most = Math.max(most, tasks());
    };
    const table = tableOf(packed, ["n:int", "w"], {}, { compression: "gzip" });
    const { chunks, result } = await collect(table, { rows: 10_000 }, { onProgress });
    expect(most > before).toBe(isInThreads);
    expect(valuesOf(chunks, 0).map(Number)).toEqual([...Array.from({ length: count }, (_, i) => i % 1000), last]);
    expect(new Set(valuesOf(chunks, 1))).toEqual(new Set(["x", "y"]));
    expect(result?.rows).toBe(count + 1);
    await expect.poll(tasks, { timeout: 5000 }).toBe(before);
  });

  test("of several files, packed ones too, are one stream", async () => {
    const parts = [0, 1, 2].map((i) =>
      writeSource(folder, `p${i}.csv.gz`, gzipSync(`n,w,x\n${lines.slice(i * 100, i * 100 + 100).join("\n")}`)),
    );
    const { chunks } = await collect(
      tableOf(parts, NAMES, {}, { compression: "gzip" }),
      { rows: 120 },
      { tuning: threaded },
    );
    expect(chunks.map(({ rows }) => rows)).toEqual([120, 120, 60]);
    expect(valuesOf(chunks, 0)).toEqual(Array.from({ length: 300 }, (_, i) => BigInt(i)));
  });

  test("of several files have the same codes, whichever threads read them", async () => {
    const parts = [0, 1, 2, 3].map((i) => {
      const some = lines.slice(i * 1000, i * 1000 + 1000).toReversed();
      return writeSource(
        folder,
        `t${i}.csv`,
        `n,w,x\n${some.map((line) => line.replace(/one|two/, `$&${i}`)).join("\n")}`,
      );
    });
    const [one, two] = await Promise.all(
      [1, 2].map((threads) => collect(tableOf(parts, NAMES), { rows: 120 }, { ...inTurns, threads })),
    );
    expect(one?.chunks.length).toBe(34);
    const codes = (found: typeof one) =>
      found?.chunks.map(({ columns }) => Array.from(columns[1]?.values as Int32Array));
    expect(codes(two)).toEqual(codes(one));
    expect(two?.chunks.at(-1)?.columns[1]?.dictionary).toEqual(one?.chunks.at(-1)?.columns[1]?.dictionary);
    expect(two?.chunks.map(({ end }) => end?.file)).toEqual(one?.chunks.map(({ end }) => end?.file));
    expect(two?.result?.rows).toBe(4000);
  });

  test("without rows are one chunk that has the columns", async () => {
    for (const tuning of [threaded, {}]) {
      const { chunks } = await collect(tableOf([writeSource(folder, "none.csv", "n,w,x\n")], NAMES), {}, { tuning });
      expect(chunks.map(({ rows, columns }) => [rows, columns.map(({ values }) => values.length)])).toEqual([
        [0, [0, 0, 0]],
      ]);
    }
  });

  test("of a name that is not there are an error", async () => {
    await expect(collect(tableOf([file], NAMES), { columns: ["nn"] })).rejects.toThrow('no column "nn"');
    const where = [{ column: "nn", test: "null" }] as const;
    await expect(collect(tableOf([file], NAMES), { where })).rejects.toThrow('no column "nn"');
  });
});

describe("a value that does not fit its column", () => {
  const spoiled = (row: number) =>
    writeSource(folder, `odd-${row}.csv`, `n,w,x\n${lines.with(row, "odd,one,1").join("\n")}\n`);

  test("widens it before the first chunk is handed out", async () => {
    const { chunks, result } = await collect(tableOf([spoiled(50)], NAMES), { rows: 1000 }, { tuning: threaded });
    expect(chunks[0]?.columns[0]?.type).toBe("str");
    expect(valuesOf(chunks, 0)).toEqual(Array.from({ length: COUNT }, (_, i) => (i === 50 ? "odd" : String(i))));
    expect(result?.notes).toEqual([
      {
        code: "widened",
        message: 'column "n" is read as str and not as int64: odd-50.csv row 51 has "odd"',
        widened: { column: "n", type: "str" },
      },
    ]);
  });

  test.each([1, 2])(
    "widens every column of a small text, which is read before anything is handed out (%i threads)",
    async (threads) => {
      const odd = lines
        .with(50, "1,one,1.2345")
        .with(4700, "1,one,1.23456")
        .with(4800, "1,one,1e3")
        .with(4900, "odd,one,odd");
      const table = tableOf([writeSource(folder, "small.csv", `n,w,x\n${odd.join("\n")}\n`)], NAMES);
      const tuning = { build: "checked", blockBytes: 512, pieceBytes: 1 } as const;
      const { chunks, result } = await collect(table, { rows: 1 }, { threads, tuning });
      expect(chunks[0]?.columns.map(({ type }) => type)).toEqual(["str", "str", "str"]);
      expect(chunks.length).toBe(COUNT);
      expect(result?.notes.length).toBe(2);
    },
  );

  test.each<ScanOptions>([{ tuning: threaded }, inTurns])(
    "is an error after that, behind the chunks before it (%o)",
    async (options) => {
      const seen: number[] = [];
      const scan = async () => {
        for await (const { firstRow } of scanColumns(tableOf([spoiled(4500)], NAMES), { rows: 500 }, options))
          seen.push(firstRow);
      };
      await expect(scan()).rejects.toThrow('odd-4500.csv row 4,501, column "n": "odd" is not an int64');
      expect(seen).toEqual(Array.from({ length: 9 }, (_, i) => i * 500));
    },
  );

  test.each([
    { n: 4420, x: 4410, row: "4,411", column: "x", type: "a float64" },
    { n: 4410, x: 4420, row: "4,411", column: "n", type: "an int64" },
  ])("is told of the first row that has one, whichever thread reads it (%o)", async ({ n, x, row, column, type }) => {
    const odd = lines.with(n, "odd,one,1").with(x, "1,one,odd");
    const table = tableOf([writeSource(folder, "two.csv", `n,w,x\n${odd.join("\n")}\n`)], NAMES);
    const seen: number[] = [];
    const scan = async () => {
      for await (const { firstRow } of scanColumns(table, { rows: 400 }, inTurns)) seen.push(firstRow);
    };
    await expect(scan()).rejects.toThrow(`two.csv row ${row}, column "${column}": "odd" is not ${type}`);
    expect(seen).toEqual(Array.from({ length: 11 }, (_, i) => i * 400));
  });

  test("is told of its own file where a chunk has rows of the files before, as a row with too many fields is", async () => {
    const parts = ["0,one,1", "1,two,2\n2,three,3,4", "3,odd"].map((rows, i) =>
      writeSource(folder, `span-${i}.csv`, `n,w,x\n${rows}\n`),
    );
    const [first, ragged, short] = parts as [SourceFile, SourceFile, SourceFile];
    const read = (files: SourceFile[]) => collect(tableOf(files, NAMES), { rows: 1000 }, inTurns);
    await expect(read([first, ragged])).rejects.toThrow("span-1.csv row 2 has 4 fields instead of 3");
    await expect(read([first, short])).rejects.toThrow("span-2.csv row 1 has 2 fields instead of 3");
  });

  // The block with both values has the end of the first chunk, too, which must not be handed out before they are looked at.
  test("widens columns that different values of one chunk widen", async () => {
    const odd = lines.with(50, "odd,one,1").with(60, "60,two,odd").with(4990, "4990,two,1.2345");
    const table = tableOf([writeSource(folder, "three.csv", `n,w,x\n${odd.join("\n")}\n`)], NAMES);
    const { chunks, result } = await collect(table, { columns: ["x", "w", "n"], rows: 70 }, inTurns);
    expect(chunks[0]?.columns.map(({ name, type }) => [name, type])).toEqual([
      ["x", "str"],
      ["w", "str"],
      ["n", "str"],
    ]);
    expect(valuesOf(chunks, 0)).toEqual(odd.map((line) => line.slice(line.lastIndexOf(",") + 1)));
    expect(result?.notes.map(({ message }) => message).toSorted()).toEqual([
      'column "n" is read as str and not as int64: three.csv row 51 has "odd"',
      'column "x" is read as str and not as float64: three.csv row 61 has "odd"',
    ]);
  });
});

describe("a reader of columns", () => {
  const large = () => {
    const rows = Array.from({ length: 400_000 }, (_, i) => `${i},word ${i % 10},${i / 4}`);
    return writeSource(folder, "large.csv", `n,w,x\n${rows.join("\n")}\n`);
  };
  const running = () => readdirSync("/proc/self/task").length;

  test.each([1, 2])("that leaves early, or throws, ends the scan and its threads (%i)", async (threads) => {
    const before = running();
    const table = tableOf([large()], NAMES);
    for await (const { firstRow } of scanColumns(table, { rows: 1000 }, { threads, tuning: { pieceBytes: 1 } }))
      if (firstRow === 3000) break;
    expect(running()).toBe(before);
    const scan = async () => {
      for await (const { rows } of scanColumns(table, { rows: 1000 }, { threads, tuning: { pieceBytes: 1 } }))
        throw new RangeError(`${rows}`);
    };
    await expect(scan()).rejects.toThrow(RangeError);
    expect(running()).toBe(before);
  });

  test.each([1, 2])("that is stopped gets no more, though chunks wait for it (%i threads)", async (threads) => {
    const stop = new AbortController();
    const scan = scanColumns(
      tableOf([large()], NAMES),
      { rows: 1000 },
      { signal: stop.signal, threads, tuning: { pieceBytes: 1 } },
    );
    const before = running();
    await scan.next();
    expect(running()).toBeGreaterThanOrEqual(before + threads);
    stop.abort();
    // Also when nobody asks for the next one.
    await expect.poll(running, { timeout: 5000 }).toBe(before);
    await expect(scan.next()).rejects.toThrow(Interrupted);
    await expect(scanColumns(tableOf([large()], NAMES), {}, { signal: stop.signal }).next()).rejects.toThrow(
      Interrupted,
    );
  });

  test.each([1, 2])(
    "holds the scan up, so that a slow one needs no memory; a file that shrinks meanwhile is an error (%i threads)",
    async (threads) => {
      const source = large();
      const scan = scanColumns(
        tableOf([source], NAMES),
        { rows: 1000 },
        { threads, tuning: { build: "checked", pieceBytes: 1 } },
      );
      await scan.next();
      // Time enough to read all, if the thread did not wait.
      await new Promise((resolve) => setTimeout(resolve, 300));
      truncateSync(source.path, 4_000_000);
      const drain = async () => {
        let rows = 0;
        for await (const chunk of scan) rows += chunk.rows;
        return rows;
      };
      await expect(drain()).rejects.toThrow("large.csv became shorter while it was being read");
    },
  );

  test("is told of a gzip file that shrinks meanwhile, and not that it is cut off", async () => {
    const text = randomBytes(3 * 2 ** 23)
      .toString("base64")
      .replace(/.{1000}/g, "2,$&\n");
    const source = writeSource(folder, "shrinks.csv.gz", gzipSync(`n,w\n${text}`, { level: 1 }));
    const scan = scanColumns(tableOf([source], ["n:int", "w:text"], {}, { compression: "gzip" }), { rows: 1000 });
    await scan.next();
    truncateSync(source.path, 1_000_000);
    const drain = async () => {
      for await (const _ of scan);
    };
    await expect(drain()).rejects.toThrow("shrinks.csv.gz became shorter while it was being read");
  });

  test.each([1, 2])(
    "is told of a file that is written anew meanwhile, and not of what is wrong with it now (%i threads)",
    async (threads) => {
      const source = large();
      const scan = scanColumns(
        tableOf([source], NAMES),
        { rows: 1000 },
        { threads, tuning: { build: "checked", pieceBytes: 1 } },
      );
      await scan.next();
      writeFileSync(source.path, Buffer.alloc(source.bytes, "odd\n"));
      const drain = async () => {
        for await (const { rows } of scan) expect(rows).toBeGreaterThan(0);
      };
      await expect(drain()).rejects.toMatchObject({ code: "E_FILE_CHANGED" });
    },
  );
});

async function collect(table: ScanTable, request: ColumnsRequest, options: ScanOptions = {}) {
  const chunks: ColumnChunk[] = [];
  const scan = scanColumns(table, request, options);
  for (let step = await scan.next(); ; step = await scan.next()) {
    if (step.done) return { chunks, result: step.value };
    chunks.push(step.value);
  }
}

function valuesOf(chunks: readonly ColumnChunk[], index: number): unknown[] {
  return chunks.flatMap(({ columns, rows }) => {
    const { values, validity, dictionary } = columns[index] as ColumnChunk["columns"][number];
    return Array.from({ length: rows }, (_, row) => {
      if (validity && (((validity[row >> 3] as number) >> (row & 7)) & 1) === 0) return null;
      return dictionary ? dictionary[values[row] as number] : values[row];
    });
  });
}
