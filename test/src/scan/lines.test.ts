import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { scanGroups } from "../../../src/scan/scan-groups.ts";
import { tableOf, testFolder, writeSource } from "./scan-table.ts";

const folder = testFolder();
const request = { keys: [], aggregates: [{ fn: "sum" as const, column: "n", name: "n" }] };
const tuning = { build: "checked", blockBytes: 64, smallBytes: 2 ** 30 } as const;

// Each row but the last has two lines.
const rows = Array.from({ length: 60 }, (_, i) => `"two\nlines ${i}",${i}`);
const head = "t,n\n";

test.each([
  ["a value that does not fit", `${head}${rows.join("\n")}\nx,abc\n`, 'row 61, column "n": "abc" is not an int64'],
  [
    "a value behind a line break of its row",
    `${head}${rows.join("\n")}\n"x\n\n",abc\n`,
    'column "n": "abc" is not an int64',
    124,
  ],
  ["a row with too many fields", `${head}${rows.join("\n")}\nx,1,2\n`, "row 61 has 3 fields instead of 2"],
  [
    "a quote that is never closed",
    `${head}${rows.join("\n")}\n"x,1\n2\n3`,
    "row 61 has a quoted field that is never closed",
  ],
  ["blank lines above", `\n\n${head}\n${rows.join("\n")}\nx,abc\n`, 'row 61, column "n": "abc" is not an int64', 125],
  ["carriage returns", `${head}${rows.join("\n")}\nx,abc\n`.replaceAll("\n", "\r\n"), 'row 61, column "n"'],
])("%s is told with its row and the line that an editor shows", async (_, text, said, line = 122) => {
  const table = tableOf([writeSource(folder, "lines.csv", text)], ["t:text", "n:int!"]);
  const scan = (pieceBytes: number) => scanGroups(table, request, { threads: 2, tuning: { ...tuning, pieceBytes } });
  for (const pieceBytes of [50, 1e6]) {
    const failure = await scan(pieceBytes).then(String, String);
    expect(failure).toContain(said);
    expect(failure).toContain(`(line ${line})`);
  }
});

test("bytes that are no UTF-8 are told with their line", async () => {
  const text = Buffer.concat([Buffer.from(`${head}${rows.join("\n")}\n`), Buffer.of(0xe9), Buffer.from(",1\n")]);
  const table = tableOf([writeSource(folder, "latin.csv", text)], ["t:text", "n:int!"]);
  await expect(scanGroups(table, request, { tuning })).rejects.toThrow("row 61 is not UTF-8: byte 0xe9 (line 122)");
});

test("of a packed file the row alone is told", async () => {
  const file = writeSource(folder, "lines.csv.gz", gzipSync(`${head}${rows.join("\n")}\nx,abc\n`));
  const table = tableOf([file], ["t:text", "n:int!"], {}, { compression: "gzip" });
  await expect(scanGroups(table, request, {})).rejects.toThrow(/row 61, column "n": "abc" is not an int64$/);
});
