import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Answer, type Cell, runCells, shown } from "../support/cells.ts";

/** What people do wrong, through the real kernel: a clear error of the right class with the fix, and the next cell works. */
describe("bad input", () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), "outgrow-bad-"));
  const temp = path.join(folder, "tmp");
  const rows = Array.from({ length: 20_000 }, (_, i) => `${i % 100},${i % 7 === 0 ? "a" : "b"},${(i % 1000) / 100}`);
  const CASES: readonly (readonly [what: string, cell: string | Cell, ename: string, says: RegExp])[] = [
    ["a missing file", "%chunked dta.csv --by user_id --agg amount:sum", "UsageError", /dta\.csv[\s\S]*data\.csv/],
    ["a missing file, profiled", "%profile nothing.csv", "UsageError", /nothing\.csv/],
    ["an empty folder", "%profile empty/", "UsageError", /empty/],
    ["a file of zero bytes", "%profile zero.csv", "DataError", /zero\.csv/],
    ["a binary file named .csv", "%chunked picture.csv --by a --agg b:sum", "DataError", /picture\.csv/],
    ["a wrong column in --by", "%chunked data.csv --by user --agg amount:sum", "UsageError", /user_id/],
    ["a wrong column in --agg", "%chunked data.csv --by user_id --agg amout:sum", "UsageError", /amount/],
    [
      "a wrong type in --dtype",
      "%%chunked bad.csv -s 1000 --dtype amount:float64\nchunk.shape[0]",
      "DataError",
      /amount[\s\S]*twelve|twelve[\s\S]*amount/,
    ],
    ["an unknown option", "%chunked data.csv --byy user_id", "UsageError", /--by/],
    ["an unclosed quote", '%profile "data.csv', "UsageError", /close/],
    ["an unknown magic", "%profle data.csv", "UsageError", /profile/],
    ["an empty cell magic", "%%chunked data.csv -s 10", "UsageError", /empty|body/],
    ["a callback that throws in chunk 7", "let seen = 0;\n", "", /^/],
    [
      "the throw itself",
      '%%chunked data.csv -s 1000\nif (++seen === 7) throw new Error("seventh");\nchunk.shape[0]',
      "Error",
      /seventh/,
    ],
    ["a gzip file that was cut off", "%chunked cut.csv.gz --agg *:count", "DataError", /cut\.csv\.gz is cut off/],
    [
      "a value that cannot be merged",
      "%%chunked data.csv -s 1000 -o out\nchunk.head()",
      "UsageError",
      /--merge concat/,
    ],
    [
      "a function that keeps its chunks",
      "%%chunked long.csv -s 20000 --memory-limit 32MiB -q\nchunk.values",
      "MemoryLimitError",
      /32\.0 MiB.*stopped with the part before it[\s\S]*%chunked with --agg/,
    ],
    ["a checkpoint that is none", "%%chunked data.csv --checkpoint data.csv\n1", "UsageError", /no checkpoint/],
    ["a syntax error", "const half = ;", "SyntaxError", /\^/],
    [
      "Stop in the middle of a run",
      {
        code: "%%chunked data.csv -s 500\nawait new Promise((r) => setTimeout(r, 100));\nchunk.shape[0]",
        interruptAfter: 1.5,
      },
      "Interrupted",
      /stop/i,
    ],
  ];
  const answers = new Map<string, Answer>();
  let last: Answer | undefined;

  beforeAll(async () => {
    mkdirSync(path.join(folder, "empty"));
    mkdirSync(temp);
    writeFileSync(path.join(folder, "zero.csv"), "");
    writeFileSync(
      path.join(folder, "picture.csv"),
      Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 0, 0, 13, 0x49, 0x48, 0, 0, 0, 1]),
    );
    // Far more than the limit: what goes of earlier cells meanwhile looks like room.
    const long = Array.from({ length: 1_500_000 }, (_, i) => `${i},${i % 7},${i / 8}`);
    writeFileSync(path.join(folder, "long.csv"), `a,b,c\n${long.join("\n")}\n`);
    const packed = gzipSync(`a,b,c\n${long.slice(0, 500_000).join("\n")}\n`);
    writeFileSync(path.join(folder, "cut.csv.gz"), packed.subarray(0, packed.length / 2));
    writeFileSync(path.join(folder, "data.csv"), `user_id,category,amount\n${rows.join("\n")}\n`);
    writeFileSync(
      path.join(folder, "bad.csv"),
      `user_id,amount\n${rows.map((_, i) => `${i},${i === 15_000 ? "twelve" : "1.5"}`).join("\n")}\n`,
    );
    const before = process.env.TMPDIR;
    process.env.TMPDIR = temp;
    const cells = ["const kept = 41;", ...CASES.map(([, cell]) => cell), "kept + seen"];
    const all = await runCells(cells, folder).finally(() => {
      if (before === undefined) delete process.env.TMPDIR;
      else process.env.TMPDIR = before;
    });
    CASES.forEach(([what], index) => {
      const answer = all[index + 1];
      if (answer) answers.set(what, answer);
    });
    last = all.at(-1);
  }, 180_000);

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test.each(CASES.filter(([, , ename]) => ename !== ""))("%s", (what, _cell, ename, says) => {
    const answer = answers.get(what);
    expect(answer?.status).toBe("error");
    expect(answer?.ename).toBe(ename);
    expect(`${answer?.evalue}\n${answer?.traceback}`).toMatch(says);
    expect(answer?.traceback).not.toMatch(/dist\/|node:internal/);
    expect(answer?.outputs.filter(({ type }) => type === "error")).toHaveLength(1);
  });

  test("variables stay, the next cell works, no temp files are left", () => {
    expect(last?.status).toBe("ok");
    expect(last && shown(last).trim()).toBe("48");
    expect(readdirSync(temp).filter((name) => name.startsWith("outgrow"))).toEqual([]);
  });
});
