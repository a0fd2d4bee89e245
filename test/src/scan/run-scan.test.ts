import { existsSync, readdirSync, readlinkSync, truncateSync } from "node:fs";
import { queryObjects } from "node:v8";
import { MessagePort } from "node:worker_threads";
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { Interrupted } from "../../../src/errors.ts";
import type { GroupResult } from "../../../src/scan/request.ts";
import { scanGroups } from "../../../src/scan/scan-groups.ts";
import { sniffTable } from "../../../src/scan/sniff.ts";
import type { ScanTable } from "../../../src/scan/table.ts";
import type { ScanOptions } from "../../../src/scan/threads/run-scan.ts";
import { ScanAhead } from "../../../src/scan/threads/scan-ahead.ts";
import { resolveSource } from "../../../src/source/resolve.ts";
import { sourceOf, tableOf, testFolder, writeSource } from "./scan-table.ts";

const folder = testFolder();

/** Everything in threads and in small pieces, on the build that guards its memory. */
const small = { build: "checked", blockBytes: 512, pieceBytes: 1000, smallBytes: 0 } as const;

function count(table: ScanTable, options: ScanOptions = {}): Promise<GroupResult> {
  const aggregates = [{ fn: "count", column: "*", name: "count" }] as const;
  return scanGroups(table, { keys: [], aggregates }, { tuning: small, ...options });
}

/** Checked at its end alone, long behind the row that is wrong. */
function stored(): Buffer {
  const packed = gzipSync(`a,b\n${"12345,67890\n".repeat(600_000)}`, { level: 0 });
  packed[packed.indexOf(",", 1_000_000)] = 120;
  return packed;
}

async function countRows(table: ScanTable, options: ScanOptions = {}): Promise<number> {
  const { columns, rows, groups } = await count(table, options);
  expect({ groups, count: Number(columns[0]?.values[0]) }).toEqual({ groups: 1, count: rows });
  return rows;
}

describe("a scan over threads", () => {
  const lines = Array.from({ length: 3000 }, (_, i) => `${i},"line ${i}\nof ""many""",${"x".repeat(i % 50)}`);
  const text = `a,b,c\n${lines.join("\n")}\n`;

  test.each([1, 2, 3, 8])("reads every row once with %i threads", async (threads) => {
    const table = tableOf([writeSource(folder, "many.csv", text)], ["a", "b", "c"]);
    expect(await countRows(table, { threads })).toBe(3000);
  });

  test("reads several files as one, each without its line of names", async () => {
    const parts = [0, 1, 2].map((i) =>
      writeSource(folder, `part-${i}.csv`, `\uFEFFa,b,c\n${lines.slice(i, 900).join("\n")}`),
    );
    expect(await countRows(tableOf(parts, ["a", "b", "c"]), { threads: 3 })).toBe(900 + 899 + 898);
  });

  test("that guessed a start wrong is read again without it, and says so", async () => {
    // A field full of what looks like rows, larger than the window of a guess and than several pieces.
    const trap = `1,"${"2,x,y\n".repeat(20_000)}",z\n`;
    const table = tableOf(
      [writeSource(folder, "trap.csv", `a,b,c\n${trap.repeat(3)}${"4,5,6\n".repeat(2000)}`)],
      ["a", "b", "c"],
    );
    const run = await count(table, { tuning: { ...small, pieceBytes: 50_000 }, threads: 2 });
    expect(run.rows).toBe(2003);
    expect(run.notes).toEqual([
      {
        code: "again",
        message: "trap.csv was read again from its start: its quoted fields look like rows",
      },
    ]);
  });

  test("reads what is small in the calling thread", async () => {
    const table = tableOf([writeSource(folder, "small.csv", "a,b\n1,2\n3,4")], ["a", "b"]);
    expect(await countRows(table, { tuning: { build: "checked" } })).toBe(2);
  });

  test("of a line of names alone has no rows", async () => {
    expect(await countRows(tableOf([writeSource(folder, "names.csv", "a,b")], ["a", "b"]))).toBe(0);
    expect(await countRows(tableOf([writeSource(folder, "names2.csv", "a,b\n")], ["a", "b"]))).toBe(0);
  });

  test.each([
    ["utf-16le", "utf16le"],
    ["latin-1", "latin1"],
  ] as const)("reads %s", async (encoding, written) => {
    const bytes = Buffer.from(`\uFEFF${text}`.slice(encoding === "latin-1" ? 1 : 0), written);
    const table = tableOf([writeSource(folder, `${encoding}.csv`, bytes)], ["a", "b", "c"], { encoding });
    expect(await countRows(table)).toBe(3000);
  });

  test("reads gzip files, several members in one too", async () => {
    const cut = text.indexOf("line 1500");
    const packed = [text.slice(0, cut), text.slice(cut)].map((part) => gzipSync(part));
    const files = [
      writeSource(folder, "one.csv.gz", Buffer.concat(packed)),
      writeSource(folder, "two.csv.gz", gzipSync(text)),
    ];
    const table = tableOf(files, ["a", "b", "c"], {}, { compression: "gzip" });
    expect(await countRows(table)).toBe(6000);
  });

  test("zeros behind the members of a gzip file are no data, and what stands behind them is", async () => {
    const cut = text.indexOf("line 1500");
    const [first, second] = [text.slice(0, cut), text.slice(cut)].map((part) => gzipSync(part)) as [Buffer, Buffer];
    const zeros = Buffer.alloc(3 * 2 ** 20);
    for (const [name, parts, rows] of [
      ["end", [gzipSync(text), zeros], 3000],
      ["between", [first, zeros.subarray(0, 512), second], 3000],
      ["both", [first, zeros, second, zeros], 3000],
    ] as const) {
      const file = writeSource(folder, `zeros-${name}.csv.gz`, Buffer.concat(parts));
      expect(await countRows(tableOf([file], ["a", "b", "c"], {}, { compression: "gzip" }))).toBe(rows);
    }
    for (const behind of [Buffer.from("hello"), second.subarray(0, second.length - 9)]) {
      const file = writeSource(folder, "odd.csv.gz", Buffer.concat([first, zeros.subarray(0, 9), behind]));
      const table = tableOf([file], ["a", "b", "c"], {}, { compression: "gzip" });
      await expect(countRows(table)).rejects.toMatchObject({ code: "E_DAMAGED_FILE" });
    }
  });

  test("reads many small members with zeros between them", async () => {
    const rows = (at: number) => `${at},2\n`.repeat(5000);
    const members = Array.from({ length: 200 }, (_, at) => gzipSync(at === 0 ? "a,b\n1,2\n" : rows(at), { level: 0 }));
    const content = Buffer.concat(members.flatMap((member) => [member, Buffer.alloc(512)]));
    const file = writeSource(folder, "tape.csv.gz", content);
    expect(await countRows(tableOf([file], ["a", "b"], {}, { compression: "gzip" }))).toBe(199 * 5000 + 1);
  });

  test("tells how far it is", async () => {
    const table = tableOf([writeSource(folder, "long.csv", `a\n${"1\n".repeat(400_000)}`)], ["a"]);
    const fractions: number[] = [];
    await countRows(table, { threads: 2, onProgress: ({ fraction = -1 }) => fractions.push(fraction) });
    expect(fractions.length).toBeGreaterThan(0);
    expect(fractions).toEqual([...fractions].sort((a, b) => a - b));
    expect(Math.min(...fractions)).toBeGreaterThanOrEqual(0);
    expect(fractions.at(-1)).toBe(1);
  });

  test("counts rows that are filled or left out, and says which is the first", async () => {
    const rows = Array.from({ length: 500 }, (_, i) => (i % 100 === 77 ? `${i}` : `${i},x`));
    const file = writeSource(folder, "ragged.csv", `a,b\n${rows.join("\n")}\n`);
    for (const [ragged, kept, what] of [
      ["fill", 500, "were filled with missing values"],
      ["skip", 495, "were left out"],
    ] as const) {
      const table = tableOf([file], ["a", "b"], { ragged });
      const run = await count(table, { tuning: small, threads: 2 });
      expect(run.rows).toBe(kept);
      const message = `5 rows with another number of fields ${what}, the first is ragged.csv row 78`;
      expect(run.notes).toEqual([{ code: "ragged", message }]);
    }
  });
});

describe("a fault of the data is told with its file and row", () => {
  const good = Array.from({ length: 2000 }, (_, i) => `${i},x`);
  const faults: readonly [string, (rows: string[]) => string[], RegExp][] = [
    [
      "a row with too many fields",
      (rows) => rows.with(1500, "1,2,3"),
      /^bad\.csv row 1,501 has 3 fields instead of 2 \(line 1,502\)$/,
    ],
    [
      "the first of several",
      (rows) => rows.with(1999, "1").with(1500, "1,2,3").with(1400, "7"),
      /^bad\.csv row 1,401 has 1 field /,
    ],
    [
      "a quote that is never closed",
      (rows) => rows.with(1999, '1,"2'),
      /^bad\.csv row 2,000 has a quoted field that is never closed \(line 2,001\)$/,
    ],
    [
      "bytes that are not UTF-8",
      (rows) => rows.with(1700, "1,\xff"),
      /^bad\.csv row 1,701 is not UTF-8: byte 0xff \(line 1,702\)$/,
    ],
  ];

  test.each(faults)("%s", async (_, spoil, message) => {
    const text = ["a,b", ...spoil(good)].join("\n");
    const files = [
      writeSource(folder, "good.csv", `a,b\n${good.join("\n")}`),
      writeSource(folder, "bad.csv", Buffer.from(text, "latin1")),
    ];
    for (const threads of [1, 2, 4])
      await expect(countRows(tableOf(files, ["a", "b"]), { threads })).rejects.toThrow(
        expect.objectContaining({ name: "DataError", message: expect.stringMatching(message) }),
      );
  });

  test("a file without a byte", async () => {
    await expect(countRows(tableOf([writeSource(folder, "empty.csv", "")], ["a"]))).rejects.toThrow(
      "empty.csv is empty: 0 bytes",
    );
  });

  test("files that differ in their names", async () => {
    const files = ["a,b\n1,2", "a,c\n1,2"].map((text, i) => writeSource(folder, `names-${i}.csv`, text));
    for (const threads of [1, 2])
      await expect(countRows(tableOf(files, ["a", "b"]), { threads })).rejects.toThrow(
        'names-1.csv and names-0.csv differ in their lines of names: column 2 is "c" and "b"',
      );
  });

  test("a file with other columns than before", async () => {
    const file = writeSource(folder, "wider.csv", "a,b,c\n1,2,3");
    await expect(countRows(tableOf([file], ["a", "b"]))).rejects.toThrow(
      "wider.csv has 3 names in its first line, and 2 columns were found before",
    );
  });

  test.each([
    ["cut off", (packed: Buffer) => packed.subarray(0, packed.length - 100), /^hurt\.csv\.gz is cut off in the middle/],
    ["overwritten", (packed: Buffer) => Buffer.from(packed).fill(7, 5000, 5100), /^hurt\.csv\.gz is damaged: /],
    [
      "a ragged row by its damage",
      stored,
      /^hurt\.csv\.gz is damaged: incorrect data check behind byte [4-7],\d{3},\d{3},/,
    ],
    ["empty inside", () => gzipSync(""), /^hurt\.csv\.gz is empty/],
  ])("a gzip file that is %s", async (_, hurt, message) => {
    const rows = Array.from({ length: 100_000 }, (_, i) => `${i},${(i * 7919) % 65_537}`).join("\n");
    const file = writeSource(folder, "hurt.csv.gz", hurt(gzipSync(`a,b\n${rows}\n`)));
    const table = tableOf([file], ["a", "b"], {}, { compression: "gzip" });
    await expect(countRows(table)).rejects.toThrow(
      expect.objectContaining({ name: "DataError", message: expect.stringMatching(message) }),
    );
  });
});

test.each([
  ["letters in the first row", 0, (packed: Buffer) => packed.fill("x", 20, 21)],
  ["what is no packed data", 6, (packed: Buffer) => packed.fill(0xff, 70_000, 70_100)],
])(
  "a gzip file whose damage is %s, where types are looked for, is damaged, and no column of another type",
  async (_, level, hurt) => {
    const rows = Array.from({ length: 60_000 }, (_, i) => `${i},${(i * 7919) % 65_537}`).join("\n");
    const { path: file } = writeSource(folder, "types.csv.gz", hurt(gzipSync(`id,v\n${rows}\n`, { level })));
    const sum = async () => {
      const aggregates = ["id", "v"].map((column) => ({ fn: "sum", column, name: column }) as const);
      await scanGroups(await sniffTable(await resolveSource(file)), { keys: [], aggregates });
    };
    await expect(sum()).rejects.toMatchObject({
      code: "E_DAMAGED_FILE",
      message: expect.stringContaining("types.csv.gz is damaged"),
    });
  },
);

describe("nothing outlives a scan", () => {
  const table = () =>
    tableOf([writeSource(folder, "large.csv", `a,b\n${"12345,67890\n".repeat(2_000_000)}`)], ["a", "b"]);
  const handles = () => readdirSync("/proc/self/fd").length;
  const threads = () => readdirSync("/proc/self/task").length;

  test("that is aborted before it begins, at any time, or at its end", async () => {
    const large = table();
    await countRows(large, { threads: 2, tuning: {} });
    const before = { handles: handles(), threads: threads() };
    for (const delay of [-1, 0, 1, 5, 10, 20, 40, 60, 80]) {
      const stop = new AbortController();
      if (delay < 0) stop.abort();
      else setTimeout(() => stop.abort(), delay);
      const scan = countRows(large, {
        threads: 2,
        signal: stop.signal,
        tuning: { pieceBytes: 2 ** 20, build: "checked" },
      });
      const failure = await scan.then(
        () => undefined,
        (reason) => reason,
      );
      // On a fast machine it may have ended before a late stop.
      if (delay < 5 || failure !== undefined) expect(failure).toBeInstanceOf(Interrupted);
      await expect.poll(() => ({ handles: handles(), threads: threads() }), { timeout: 5000 }).toEqual(before);
    }
  });

  test("also when nobody waits for it any more", async () => {
    const large = table();
    const before = threads();
    const stop = new AbortController();
    void countRows(large, { threads: 2, signal: stop.signal, tuning: { build: "checked" } }).catch(() => undefined);
    while (threads() === before) await new Promise((resolve) => setTimeout(resolve, 5));
    stop.abort();
    await expect.poll(threads, { timeout: 5000 }).toBe(before);
  });

  test("that fails, or waits for bytes", async () => {
    const before = { handles: handles(), threads: threads() };
    const bad = tableOf([writeSource(folder, "late.csv", `a,b\n${"1,2\n".repeat(500_000)}1,2,3\n`)], ["a", "b"]);
    await expect(countRows(bad, { threads: 2 })).rejects.toThrow("row 500,001");
    const packed = writeSource(folder, "slow.csv.gz", gzipSync(`a,b\n${"1,2\n".repeat(5_000_000)}`));
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 60);
    const scan = countRows(tableOf([packed], ["a", "b"], {}, { compression: "gzip" }), { signal: stop.signal });
    await expect(scan).rejects.toThrow(Interrupted);
    await expect.poll(() => ({ handles: handles(), threads: threads() }), { timeout: 5000 }).toEqual(before);
  });

  test("before its threads are there, for which it opens nothing", async () => {
    const packed = writeSource(folder, "early.csv.gz", gzipSync("a,b\n1,2\n"));
    const before = queryObjects(MessagePort);
    const stop = new AbortController();
    const scan = countRows(tableOf([packed], ["a", "b"], {}, { compression: "gzip" }), { signal: stop.signal });
    stop.abort();
    await expect(scan).rejects.toThrow(Interrupted);
    expect(queryObjects(MessagePort)).toBe(before);
  });

  test("in the zeros behind a gzip file's members", async () => {
    const { path: file } = writeSource(folder, "sparse.csv.gz", gzipSync("a,b\n1,2\n"));
    truncateSync(file, 32 * 2 ** 30);
    const stop = new AbortController();
    const table = tableOf([sourceOf(file)], ["a", "b"], {}, { compression: "gzip" });
    const scan = countRows(table, { signal: stop.signal, onProgress: () => stop.abort() });
    await expect(scan).rejects.toThrow(Interrupted);
    await expect.poll(() => isOpen(file), { timeout: 5000 }).toBe(false);
  });
});

describe("what is begun ahead of a scan", () => {
  const rows = Array.from({ length: 100_000 }, (_, i) => `${i},${(i * 7919) % 65_537}\n`).join("");
  const text = `a,b\n${rows}`;
  const threads = () => readdirSync("/proc/self/task").length;
  const begun = (file: string, signal?: AbortSignal) =>
    resolveSource(file).then((source) => new ScanAhead(source, { threads: 2, signal, tuning: small }));

  test("is taken by it: no other threads are started, and packed text is unpacked once", async () => {
    const plain = writeSource(folder, "ahead.csv", text);
    const packed = writeSource(folder, "ahead.csv.gz", gzipSync(text));
    for (const [file, compression, count] of [
      [plain, undefined, 2],
      [packed, "gzip", 2],
    ] as const) {
      const before = threads();
      using ahead = await begun(file.path);
      expect(threads()).toBe(before + count);
      let most = 0;
      const onProgress = () => {
        most = Math.max(most, threads());
      };
      expect(await countRows(tableOf([file], ["a", "b"], {}, { compression }), { threads: 2, ahead, onProgress })).toBe(
        100_000,
      );
      expect(most).toBe(before + count);
      expect([ahead.takeThread(), ahead.takeUnpacking([file])]).toEqual([undefined, undefined]);
      await expect.poll(threads, { timeout: 5000 }).toBe(before);
    }
  });

  test("ends with its owner where no scan takes it, or when it is stopped", async () => {
    const { path: file } = writeSource(folder, "begun.csv.gz", gzipSync(`a,b\n${"1,2\n".repeat(5_000_000)}`));
    const before = threads();
    const stop = new AbortController();
    for (const end of ["owner", "stop", "stopped before"]) {
      const ahead = await begun(file, end === "owner" ? undefined : stop.signal);
      expect([threads() - before, isOpen(file)]).toEqual(
        end === "stopped before" ? [0, false] : [2, expect.anything()],
      );
      if (end === "owner") ahead[Symbol.dispose]();
      else stop.abort();
      await expect.poll(() => [threads(), isOpen(file)], { timeout: 5000 }).toEqual([before, false]);
      // What has ended is not taken by who comes later.
      expect([ahead.takeThread(), ahead.takeUnpacking([sourceOf(file)])]).toEqual([undefined, undefined]);
    }
  });

  test("is not taken of a file that is another one by now; a fault in it is told once a scan asks", async () => {
    const { path: file } = writeSource(folder, "changed.csv.gz", gzipSync(text));
    using ahead = await begun(file);
    const changed = writeSource(folder, "changed.csv.gz", gzipSync("a,b\n1,2\n"));
    const table = tableOf([changed], ["a", "b"], {}, { compression: "gzip" });
    expect(await countRows(table, { ahead })).toBe(1);
    const cut = writeSource(folder, "cut.csv.gz", gzipSync(text).subarray(0, -20));
    using faulty = await begun(cut.path);
    await new Promise((resolve) => setTimeout(resolve, 20));
    const half = countRows(tableOf([cut], ["a", "b"], {}, { compression: "gzip" }), { ahead: faulty });
    await expect(half).rejects.toThrow("cut.csv.gz is cut off in the middle");
  });
});

function isOpen(file: string): boolean {
  const handles = readdirSync("/proc/self/fd").map((handle) => `/proc/self/fd/${handle}`);
  return handles.some((handle) => existsSync(handle) && readlinkSync(handle) === file);
}
