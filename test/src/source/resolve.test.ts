import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { firstRaggedRow, sniffSeparator } from "../../../src/source/dialect.ts";
import { resolveSource } from "../../../src/source/resolve.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), "outgrow-test-"));
  for (const name of [
    "sales_2024.csv",
    "sales_2025.csv",
    "parts/a.csv",
    "parts/b.csv",
    "parts/_SUCCESS",
    "parts/.hidden.csv",
    "parts/notes.md",
  ])
    write(name, "a,b\n1,2\n");
  execFileSync("mkfifo", [path.join(folder, "pipe.csv")]);
  write("data.csv.gz", gzipSync("a;b\n1;2\n"));
  write("lines.jsonl", '{"a":1}\n');
  write("table.parquet", "PAR1....PAR1");
  write("mixed/a.csv", "a\n1\n");
  write("mixed/b.jsonl", '{"a":1}\n');
  write("hive/year=2024/x.csv", "a\n1\n");
  write("hive/year=2025/x.csv", "a\n1\n");
  write("we[i]rd.csv", "a\n1\n");
  write("deep/one/two/c.csv", "a\n1\n");
  mkdirSync(path.join(folder, "empty"));
  write("years/_temporary/0/part.csv", "a\n1\n");
  write("years/2024/a.csv", "a\n1\n");
  symlinkSync(path.join(folder, "parts"), path.join(folder, "years", "2025"));
  symlinkSync(path.join(folder, "years"), path.join(folder, "years", "2026"));
  write("linked/year=2024/x.csv", "a\n1\n");
  symlinkSync(path.join(folder, "parts"), path.join(folder, "linked", "year=2025"));
  symlinkSync(".", path.join(folder, "linked", "year=2026"));
  write("both/a.csv", "a\n1\n");
  write("both/b.csv/part-0.csv", "a\n1\n");
  write("written/_SUCCESS", "");
  write("written/_own.csv", "a\n1\n");
  write("written/part-0.csv", "a\n1\n");
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("what is found", () => {
  test("a file, with its size and separator", async () => {
    expect(await resolveSource("sales_2025.csv", { cwd: folder })).toEqual({
      kind: "files",
      label: "sales_2025.csv",
      format: "csv",
      compression: undefined,
      files: [{ path: path.join(folder, "sales_2025.csv"), bytes: 8, mtimeMs: expect.any(Number) }],
      bytes: 8,
      text: expect.objectContaining({ sep: ",", header: true, encoding: "utf-8" }),
    });
  });

  test.each([
    ["sales_*.csv", ["sales_2024.csv", "sales_2025.csv"]],
    ["sales_202[45].csv", ["sales_2024.csv", "sales_2025.csv"]],
    ["sales_202[!4].csv", ["sales_2025.csv"]],
    ["sales_{2024,2025}.csv", ["sales_2024.csv", "sales_2025.csv"]],
    ["parts", ["parts/a.csv", "parts/b.csv"]],
    ["./parts/", ["parts/a.csv", "parts/b.csv"]],
    ["parts/?.csv", ["parts/a.csv", "parts/b.csv"]],
    ["hive", ["hive/year=2024/x.csv", "hive/year=2025/x.csv"]],
    ["deep/**/*.csv", ["deep/one/two/c.csv"]],
    ["pa*/", ["parts/a.csv", "parts/b.csv"]],
    ["p?rts", ["parts/a.csv", "parts/b.csv"]],
    ["hive/year=*", ["hive/year=2024/x.csv", "hive/year=2025/x.csv"]],
    ["hi*/", ["hive/year=2024/x.csv", "hive/year=2025/x.csv"]],
    ["years/202*", ["years/2024/a.csv", "years/2025/a.csv", "years/2025/b.csv"]],
    ["years/*/", ["years/2024/a.csv", "years/2025/a.csv", "years/2025/b.csv"]],
    ["years/*/a.csv", ["years/2024/a.csv", "years/2025/a.csv"]],
    ["years/**/*.csv", ["years/2024/a.csv"]],
    ["linked", ["linked/year=2024/x.csv", "linked/year=2025/a.csv", "linked/year=2025/b.csv"]],
    ["both/*.csv", ["both/a.csv", "both/b.csv/part-0.csv"]],
    ["written/*", ["written/_own.csv", "written/part-0.csv"]],
    ["sales*/", undefined],
    ["we[i]rd.csv", ["we[i]rd.csv"]],
  ])("%s", async (text, names) => {
    const found = resolveSource(text, { cwd: folder });
    if (names === undefined) return await expect(found).rejects.toMatchObject({ code: "E_NO_FILE" });
    const { files } = await found;
    expect(files.map((file) => path.relative(folder, file.path))).toEqual(names);
  });

  test("signs of a pattern in the folders that one works in", async () => {
    write("v[2]{a,b}/k=1/x.csv", "a\n1\n");
    const cwd = path.join(folder, "v[2]{a,b}");
    const { files, partitions } = await resolveSource("*/*.csv", { cwd });
    expect(files.map((file) => path.relative(cwd, file.path))).toEqual(["k=1/x.csv"]);
    expect(partitions?.columns.map(({ name }) => name)).toEqual(["k"]);
  });

  test("formats, by name and by content", async () => {
    expect(await resolveSource("data.csv.gz", { cwd: folder })).toMatchObject({
      format: "csv",
      compression: "gzip",
      text: { sep: ";" },
    });
    expect(await resolveSource("lines.jsonl", { cwd: folder })).toMatchObject({ format: "json" });
    expect(await resolveSource("table.parquet", { cwd: folder })).toMatchObject({ format: "parquet" });
    expect(await resolveSource("we[i]rd.csv", { cwd: folder, text: { sep: "tab" } })).toMatchObject({
      text: { sep: "\t" },
    });
  });
});

describe("what is refused", () => {
  test.each<[string, string, string, RegExp]>([
    ["pipe.csv", "UsageError", "E_UNREADABLE", /write its data to a file/],
    ["sales_2052.csv", "UsageError", "E_NO_FILE", /did you mean .*"sales_2025.csv"/],
    ["nothing-like-it.bin", "UsageError", "E_NO_FILE", /sales_2024.csv/],
    ["no/such/x.csv", "UsageError", "E_NO_FILE", /path/],
    ["x*.csv", "UsageError", "E_NO_FILE", /pattern/],
    ["sales_202[5-4].csv", "UsageError", "E_NO_FILE", /write it as 4-5/],
    ["empty", "UsageError", "E_EMPTY_FOLDER", /data files end in/],
    ["mixed", "UsageError", "E_MIXED_FORMATS", /pattern/],
    ["https://example.org/a/data.csv?x=1", "UsageError", "E_URL", /curl -L -o "data.csv"/],
    ["s3://bucket/data.csv", "UsageError", "E_URL", /copy it here/],
    ["  ", "UsageError", "E_NO_FILE", /name a file/],
  ])("%s", async (text, name, code, hint) => {
    await expect(resolveSource(text, { cwd: folder })).rejects.toMatchObject({
      name,
      code,
      hint: expect.stringMatching(hint),
    });
  });

  test.each<[string, string | Buffer, string, RegExp]>([
    ["zero.csv", "", "E_EMPTY_FILE", /0 bytes/],
    ["zero.csv.gz", gzipSync(""), "E_EMPTY_FILE", /0 bytes/],
    ["excel.csv", Buffer.from("PK\x03\x04rest"), "E_WRONG_FORMAT", /zip archive or an Excel workbook/],
    ["parquet.csv", "PAR1rest", "E_WRONG_FORMAT", /Parquet/],
    ["gzip.csv", gzipSync("a\n"), "E_WRONG_FORMAT", /gzip/],
    ["data.csv.bz2", "BZh91AY", "E_WRONG_FORMAT", /is a bzip2 file, which cannot be read/],
    ["text.parquet", "a,b\n", "E_WRONG_FORMAT", /is text/],
    [
      "login.csv",
      "\n<!DOCTYPE html>\n<html><body>1,2</body></html>",
      "E_WRONG_FORMAT",
      /HTML or XML, its name promises text/,
    ],
    ["feed", '\uFEFF<?xml version="1.0"?><a/>', "E_WRONG_FORMAT", /HTML or XML, which cannot be read/],
    ["t.orc", "ORC\0", "E_WRONG_FORMAT", /an ORC file, which cannot be read/],
    ["t.avro", "Obj\x01\0", "E_WRONG_FORMAT", /an Avro file/],
    ["t.sqlite", "SQLite format 3\0", "E_WRONG_FORMAT", /database, which cannot be read/],
    ["t.pkl", Buffer.from("\x80\x04\x95\0", "latin1"), "E_WRONG_FORMAT", /a pickle/],
    ["plain.csv.gz", "a,b\n1,2\n", "E_WRONG_FORMAT", /not compressed/],
    ["nul.csv", "a,b\n\0,2\n", "E_NOT_TEXT", /NUL/],
    ["cut.csv.gz", gzipSync("a,b\n1,2\n".repeat(99)).subarray(0, 30), "E_DAMAGED_FILE", /damaged/],
  ])("content: %s", async (name, content, code, message) => {
    write(name, content);
    await expect(resolveSource(name, { cwd: folder })).rejects.toMatchObject({
      name: "DataError",
      code,
      message: expect.stringMatching(message),
      hint: expect.any(String),
    });
  });

  test("JSON that is empty lacks no line of names", async () => {
    write("zero.jsonl", "");
    await expect(resolveSource("zero.jsonl", { cwd: folder })).rejects.toMatchObject({
      hint: "check how the file was written",
    });
  });

  test.each([
    [{ sep: "--" }, /not one character/],
    [{ encoding: "cp1251" }, /cp1251/],
    [{ sep: ",", decimal: "," as const }, /both/],
  ])("text option %o", async (text, message) => {
    await expect(resolveSource("sales_2025.csv", { cwd: folder, text })).rejects.toMatchObject({
      code: "E_BAD_TEXT_OPTION",
      message: expect.stringMatching(message),
    });
  });
});

test.each([
  [{ sep: ";" }, /--sep is for delimited text, and lines.jsonl is JSON/],
  [{ header: false }, /--no-header/],
  [{ na: ["-"] }, /--na/],
  [{ skipRows: 1 }, /--skip-rows/],
  [{ badRows: "skip" as const }, /--bad-rows/],
  [{ decimal: "," as const }, /--decimal/],
  [{ encoding: "latin-1" }, /--encoding latin-1 .* is UTF-8/],
])("refuses %o for JSON, which would be ignored", async (text, message) => {
  await expect(resolveSource("lines.jsonl", { cwd: folder, text })).rejects.toMatchObject({
    code: "E_BAD_TEXT_OPTION",
    message: expect.stringMatching(message),
    hint: expect.any(String),
  });
});

test.each([{ na: "-" }, { na: [5] }, { sep: 5 }, { thousands: 1 }, { encoding: 3 }, { header: "yes" }])(
  "an option of another kind: %o",
  async (text) => {
    await expect(resolveSource("sales_2025.csv", { cwd: folder, text: text as never })).rejects.toMatchObject({
      code: "E_BAD_TEXT_OPTION",
      message: expect.stringContaining(Object.keys(text)[0] as string),
    });
  },
);

test("an encoding is named as the program that converts it names it", async () => {
  await expect(resolveSource("lines.jsonl", { cwd: folder, text: { encoding: "latin1" } })).rejects.toMatchObject({
    hint: expect.stringContaining("iconv -f iso-8859-1 -t utf-8"),
  });
});

test("takes options for JSON that say nothing else than what is so", async () => {
  const text = { sep: undefined, encoding: "utf8", dateFormat: "%d.%m.%Y" };
  expect(await resolveSource("lines.jsonl", { cwd: folder, text })).toMatchObject({ format: "json" });
});

describe("the dialect", () => {
  test.each([
    ["a,b\n1,2\n", ","],
    ["a;b\n1,5;2\n3,4;5\n", ";"],
    ["a\tb,c\n1\t2\n", "\t"],
    ["a|b|c\n1|2|3\n", "|"],
    ['"x;y",b\n"1;2",3\n', ","],
    ["one\ntwo\n", ","],
    ["", ","],
  ])("%j is cut by %j", (text, separator) => {
    expect(sniffSeparator(text)).toBe(separator);
  });

  test("the first ragged row, quoted line breaks counted", () => {
    expect(firstRaggedRow('a,b\n"x\ny",2\n\n3\n4,5\n', ",")).toEqual({ line: 5, found: 1, expected: 2, isOpen: false });
    expect(firstRaggedRow('a,b\n1,"x\n2,y\n', ",")).toMatchObject({ line: 2, isOpen: true });
    expect(firstRaggedRow('a,b\n1,"a ""q"" b"\n', ",")).toBeUndefined();
  });
});

function write(name: string, content: string | Uint8Array): void {
  const file = path.join(folder, name);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, content);
}
