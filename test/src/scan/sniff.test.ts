import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { describeSource } from "../../../src/duckdb/describe.ts";
import { type DuckdbSession, openDuckdb } from "../../../src/duckdb/session.ts";
import { sniffTable } from "../../../src/scan/sniff.ts";
import type { Kind, ScanTable } from "../../../src/scan/table.ts";
import { pandasTypeOf } from "../../../src/scan/types/pandas-type.ts";
import { resolveSource } from "../../../src/source/resolve.ts";
import type { TextOptions } from "../../../src/source/source.ts";

let folder: string;
let session: DuckdbSession;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "outgrow-sniff-"));
  session = await openDuckdb();
});

afterAll(async () => {
  await session[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

async function fileOf(content: string | Uint8Array, name = "data.csv"): Promise<string> {
  const file = path.join(folder, name);
  await writeFile(file, content);
  return file;
}

async function sniff(content: string | Uint8Array, text: TextOptions = {}, name?: string): Promise<ScanTable> {
  return sniffTable(await resolveSource(await fileOf(content, name), { text }));
}

/** The same files by both engines. */
async function both(content: string, text: TextOptions = {}) {
  const source = await resolveSource(await fileOf(content), { text });
  const { columns } = await sniffTable(source);
  const described = await describeSource(session, source);
  return {
    scanner: columns.map(({ name, type }) => [name, pandasTypeOf(type)]),
    engine: described.columns.map(({ name, type }) => [name, type]),
  };
}

async function kindOf(values: readonly string[], text: TextOptions = {}): Promise<Kind | undefined> {
  const table = await sniff(`x;k\n${values.map((value) => `${value};1`).join("\n")}\n`, { sep: ";", ...text });
  return table.columns[0]?.type;
}

describe("sniffTable and the general engine", () => {
  const values: Record<string, fc.Arbitrary<string>> = {
    int: fc.integer().map(String),
    wide: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(String),
    decimal: fc.integer({ min: -99_999, max: 99_999 }).map((cents) => (cents / 100).toFixed(2)),
    double: fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
    exponent: fc.integer({ min: 1, max: 99 }).map((n) => `${n}e${n % 7}`),
    nan: fc.constantFrom("NaN", "1.5"),
    bool: fc.constantFrom("true", "FALSE", "t", "F", "yes", "No"),
    date: fc
      .date({ min: new Date("1900-01-01"), max: new Date("2100-01-01"), noInvalidDate: true })
      .map((d) => d.toISOString().slice(0, 10)),
    moment: fc
      .date({ min: new Date("1900-01-01"), max: new Date("2100-01-01"), noInvalidDate: true })
      .map((d) => d.toISOString().slice(0, 19).replace("T", " ")),
    zoned: fc
      .date({ min: new Date("1900-01-01"), max: new Date("2100-01-01"), noInvalidDate: true })
      .map((d) => d.toISOString()),
    id: fc.integer({ min: 0, max: 999 }).map((n) => String(n).padStart(5, "0")),
    word: fc.constantFrom("a", "b c", "Ünï", '"quoted, ""text"""', "12 apples", "1.2.3", "$5", "12:30:00"),
    yesNo: fc.constantFrom("y", "n"),
  };

  it("find the same names and types", async () => {
    const kinds = Object.keys(values);
    const column = fc.tuple(fc.constantFrom(...kinds), fc.constantFrom(0, 0, 3));
    const file = fc.tuple(
      fc.array(column, { minLength: 2, maxLength: 6 }),
      fc.integer({ min: 3, max: 40 }),
      fc.integer(),
    );
    await fc.assert(
      fc.asyncProperty(file, async ([columns, rows, seed]) => {
        const texts = columns.map(([kind, gaps]) => {
          const drawn = fc.sample(values[kind] as fc.Arbitrary<string>, { numRuns: rows, seed });
          return drawn.map((text, i) => (gaps > 0 && i % gaps === 1 ? "" : text));
        });
        const names = columns.map(([kind], i) => (i % 3 === 2 ? "x" : kind));
        const lines = Array.from({ length: rows }, (_, row) => texts.map((column) => column[row]).join(","));
        const { scanner, engine } = await both(`${names.join(",")}\n${lines.join("\n")}\n`);
        expect(scanner).toEqual(engine);
      }),
      { seed: 7, numRuns: 60 },
    );
  });

  it("agree on single columns with odd values", async () => {
    const columns: string[][] = [
      ["5", "5.0"],
      ["5", "nan"],
      ["5", "x"],
      ["true", ""],
      ["", "5"],
      ["t", "y"],
      ["0", "00"],
      ["007", "8"],
      ["0.5", "00.5"],
      ["+5"],
      ["+1.5"],
      ["5", " 6 "],
      ["1_000"],
      ["1.", "2."],
      [".5"],
      ["1.2.3"],
      [" true"],
      ["2024-02-30"],
      ["2024-02-28", "2024-02-30"],
      ["2024-02-28 25:00:00"],
      ["2024-01-01 10:00:00", "2024-01-01"],
      ["2024-01-01 10:00:00", "2024-01-01 10:00:00Z"],
      ["2024-01-01 10:00:00.5", "2024-01-01T10:00:00"],
      ["2024-01-01 10:00:00+02"],
      ["2024-01-01 10:00"],
      ["2024-1-5"],
      ["2024/01/05"],
      ["2024-01"],
      ["20241231"],
      ["10:00:00"],
      ["1:2"],
      ["5%"],
      ["1e5", "5"],
      ["y", "n"],
      ["0x"],
      ["-"],
      ["2024-01-01 24:00:00"],
      ["31/12/2024", "01/02/2024"],
      ["12/31/2024", "01/02/2024"],
      ["01/02/2024"],
      ["01.02.2024"],
      ["01.02.24"],
      ["24-01-02"],
      ["31/12/2024 10:00:00"],
      ["12/31/2024 10:00:00"],
      ["12/31/2024 10:00:00 PM"],
      ["01/02/2024 10:00"],
      ["2024.01.02"],
      ["13/13/2024"],
      ["2024/12/31", "2024-12-30"],
    ];
    for (const column of columns) {
      const { scanner, engine } = await both(`x,k\n${column.map((text) => `${text},1`).join("\n")}\n`);
      expect([column, scanner]).toEqual([column, engine]);
    }
  });

  it("read dates in other forms as the same days", async () => {
    const columns = [
      ["01/02/24"],
      ["31/12/24"],
      ["01.02.2024"],
      ["13.02.2024"],
      ["02.13.2024"],
      ["24-01-02"],
      ["01 02 2024"],
      ["12/31/24"],
      ["1/2/2024"],
      ["2024.01.02"],
      ["69-01-02"],
    ];
    const formats: Record<string, string> = {};
    for (const [text] of columns as string[][]) {
      const kind = await kindOf([text as string]);
      formats[text as string] = kind?.kind === "date" ? (kind.format ?? "ISO") : String(kind?.kind);
    }
    expect(formats).toEqual({
      "01/02/24": "text",
      "31/12/24": "text",
      "01.02.2024": "%d.%m.%Y",
      "13.02.2024": "%d.%m.%Y",
      "02.13.2024": "%m.%d.%Y",
      "24-01-02": "text",
      "01 02 2024": "%d %m %Y",
      "12/31/24": "text",
      "1/2/2024": "%d/%m/%Y",
      "2024.01.02": "%Y.%m.%d",
      "69-01-02": "text",
    });
  });

  it("leave years of two digits as texts, beside others too", async () => {
    const columns = [
      ["31.12.24", "01.02.23"],
      ["24-01-02"],
      ["12/31/24"],
      ["31.12.2024", "30.12.24"],
      ["31.12.24 10:00:00"],
      ["12/31/24 10:00:00 PM"],
    ];
    for (const column of columns)
      for (const other of ["1", "2024-01-02", "2024-01-02 10:00:00", "31.12.2024", "12/31/2024"]) {
        const { scanner, engine } = await both(`x,k\n${column.map((text) => `${text},${other}`).join("\n")}\n`);
        expect([column, other, scanner[0]]).toEqual([column, other, ["x", "str"]]);
        expect([column, other, engine]).toEqual([column, other, scanner]);
      }
  });

  it("have a format for each column", async () => {
    const rows = ["31/12/2024,2024-12-31,12/31/2024,31.12.2024 10:00:00,2024-12-31 10:00:00,31.12.24,5"];
    const { scanner, engine } = await both(`dmy,iso,mdy,at,ts,short,n\n${rows.join("\n")}\n`);
    expect(engine).toEqual(scanner);
    expect(scanner.map(([, type]) => type)).toEqual([
      "date",
      "date",
      "date",
      "datetime64[us]",
      "datetime64[us]",
      "str",
      "int64",
    ]);
  });

  it("read declared formats alike", async () => {
    const text = 'a,b,c,d\n31.12.24,2024-12-31,20241231,"Dec 31, 2024"\n';
    const cases: [TextOptions["dateFormat"], string[]][] = [
      ["%d.%m.%y", ["date", "date", "int64", "str"]],
      ["%y.%m.%d", ["date", "date", "int64", "str"]],
      ["%b %d, %Y", ["str", "date", "int64", "date"]],
      [{ a: "%d.%m.%y", c: "%Y%m%d" }, ["date", "date", "date", "str"]],
      ['a:%d.%m.%y,c:%Y%m%d,d:"%b %d, %Y"', ["date", "date", "date", "date"]],
    ];
    for (const [dateFormat, types] of cases) {
      const { scanner, engine } = await both(text, { dateFormat });
      expect([dateFormat, scanner.map(([, type]) => type)]).toEqual([dateFormat, types]);
      expect([dateFormat, engine]).toEqual([dateFormat, scanner]);
    }
    const source = await resolveSource(await fileOf(text), { text: { dateFormat: { e: "%Y" } } });
    const refused = { code: "E_NO_COLUMN", message: 'no column "e" for --date-format' };
    await expect(sniffTable(source)).rejects.toMatchObject(refused);
    await expect(describeSource(session, source)).rejects.toMatchObject(refused);
  });

  it("give columns the same names", async () => {
    for (const names of ["a,a,A,a,a_1", "a_1,a,a,A_1,a", "a,,b", " a , b", "column1,", '"a""b",c', "1,2"]) {
      const { scanner, engine } = await both(
        `${names}\n${names
          .split(",")
          .map((_, i) => i)
          .join(",")}\n`,
      );
      expect(scanner).toEqual(engine);
    }
    const row = Array.from({ length: 12 }, (_, i) => i).join(",");
    const { scanner, engine } = await both(`${row}\n${row}\n`, { header: false });
    expect(scanner).toEqual(engine);
    expect(scanner[0]).toEqual(["column00", "int64"]);
  });
});

describe("sniffTable", () => {
  it("keeps the digits of decimals, and takes what machines write in full for doubles", async () => {
    expect(await kindOf(["1.5", "2.25", "3"])).toEqual({ kind: "decimal", scale: 2 });
    expect(await kindOf(["0.1234567891"])).toEqual({ kind: "double" });
    expect(await kindOf(["1.5", "-0.0"])).toEqual({ kind: "double" });
    expect(await kindOf(["99999999999999999.5"])).toEqual({ kind: "double" });
    expect(await kindOf(["1,5", "2"], { decimal: "," })).toEqual({ kind: "decimal", scale: 1 });
    expect(await kindOf(["1.5", "2"], { decimal: "," })).toEqual({ kind: "text" });
  });

  it("takes whole numbers beyond 64 bits and digits with a leading zero for names", async () => {
    expect(await kindOf(["9223372036854775807", "-9223372036854775808"])).toEqual({ kind: "int" });
    expect(await kindOf(["9223372036854775808"])).toEqual({ kind: "text", isDigits: true });
    expect(await kindOf(["-9223372036854775809", "5"])).toEqual({ kind: "text", isDigits: true });
    for (const name of ["007", "-05", "00.5", "-00.5"])
      expect([name, await kindOf([name, "8"])]).toEqual([name, { kind: "text" }]);
  });

  it("leaves null words out", async () => {
    expect(await kindOf(["5", "NA", "-", ""], { na: ["NA", "-"] })).toEqual({ kind: "int" });
    expect(await kindOf(["NA", ""], { na: ["NA"] })).toEqual({ kind: "text" });
    const { dialect } = await sniff("a,b\n1,2\n", { na: ["NA"] });
    expect(dialect.nulls).toEqual(["NA"]);
  });

  it("reads dates in a declared format", async () => {
    expect(await kindOf(["31.12.2024", "1.2.2024"], { dateFormat: "%d.%m.%Y" })).toEqual({
      kind: "date",
      format: "%d.%m.%Y",
    });
    expect(await kindOf(["31.02.2024"], { dateFormat: "%d.%m.%Y" })).toEqual({ kind: "text" });
    expect(await kindOf(["05 Mar 1999 13:00"], { dateFormat: "%d %b %Y %H:%M" })).toEqual({
      kind: "timestamp",
      zoned: false,
      format: "%d %b %Y %H:%M",
    });
    expect(await kindOf(["2024-01-01"], { dateFormat: "%d %b %Y %H:%M" })).toEqual({ kind: "date" });
  });

  it("finds separator, line ends, and encodings with their marks", async () => {
    expect((await sniff("a;b\r\n1,5;x\r\n")).dialect).toMatchObject({
      separator: ";",
      newline: "crlf",
      encoding: "utf-8",
    });
    expect((await sniff("a\tb\n1\tx\n")).dialect).toMatchObject({ separator: "\t", newline: "lf" });
    expect((await sniff("a,b\r1,2\r3,4\r")).dialect).toMatchObject({ newline: "cr" });
    const marked = await sniff("\ufeffü,b\n1,2\n");
    expect(marked.columns.map(({ name, type }) => [name, type.kind])).toEqual([
      ["ü", "int"],
      ["b", "int"],
    ]);
    const wide = await sniff(Buffer.from("\ufeffü,b\n1,x\n", "utf16le"));
    expect(wide.dialect.encoding).toBe("utf-16le");
    expect(wide.columns.map(({ name, type }) => [name, type.kind])).toEqual([
      ["ü", "int"],
      ["b", "text"],
    ]);
    const latin = await sniff(Buffer.from("ü,b\n1,x\n", "latin1"), { encoding: "latin-1" });
    expect([latin.dialect.encoding, latin.columns[0]?.name]).toEqual(["latin-1", "ü"]);
  });

  it("looks at all of a large file, at packed files, and at every file of several", async () => {
    const rows = Array.from({ length: 400_000 }, (_, i) => `${i},${i > 350_000 ? "1.25" : "1"},"a, ""b"""`);
    const text = `id,n,t\n${rows.join("\n")}\n`;
    const large = await sniff(text);
    expect(large.columns.map(({ type }) => type)).toEqual([
      { kind: "int" },
      { kind: "decimal", scale: 2 },
      { kind: "text" },
    ]);
    const packed = await sniff(gzipSync(text.slice(0, 200_000)), {}, "data.csv.gz");
    expect(packed.compression).toBe("gzip");
    expect(packed.columns.map(({ type }) => type.kind)).toEqual(["int", "int", "text"]);
    const several = path.join(folder, "several");
    await mkdir(several);
    await writeFile(path.join(several, "a.csv"), "x,y\n1,2\n");
    await writeFile(path.join(several, "b.csv"), "x,y\n1,z\n");
    const table = await sniffTable(await resolveSource(several));
    expect(table.files.length).toBe(2);
    expect(table.columns.map(({ type }) => type.kind)).toEqual(["int", "text"]);
  });

  it("takes declared types, and hands on what does not fit into 64 bits", async () => {
    const source = await resolveSource(await fileOf("a,b,c,d,e,f\n1,2,3,4,5,6\n"));
    const dtype = "a:int8,b:float32,c:category,d:decimal(9, 2),e:uint32";
    const { columns } = await sniffTable(source, { dtype });
    expect(columns.map(({ type }) => pandasTypeOf(type))).toEqual([
      "int8",
      "float32",
      "str",
      "decimal(9, 2)",
      "uint32",
      "int64",
    ]);
    expect(columns.map(({ isDeclared }) => isDeclared)).toEqual([true, true, true, true, true, false]);
    await expect(sniffTable(source, { dtype: "a:uint64" })).rejects.toMatchObject({
      name: "ScanRefused",
      reason: "type",
    });
    await expect(sniffTable(source, { dtype: "a:decimal(20, 2)" })).rejects.toMatchObject({ reason: "type" });
  });

  it("leaves to others what is no plain text table", async () => {
    const source = await resolveSource(await fileOf("a\n1\n"));
    await expect(sniffTable({ ...source, format: "parquet" })).rejects.toMatchObject({ reason: "query" });
    await expect(sniffTable({ ...source, compression: "zstd" })).rejects.toMatchObject({ reason: "compression" });
    await expect(sniffTable({ ...source, isDrifting: true })).rejects.toMatchObject({ reason: "query" });
    const files = source.files.map((file) => ({ ...file, path: "/data/year=2024/a.csv" }));
    await expect(sniffTable({ ...source, files })).rejects.toMatchObject({ reason: "query" });
    await expect(sniff("\n\n")).rejects.toMatchObject({ code: "E_EMPTY_FILE" });
    await expect(sniff("k§v\na§1\n", { sep: "§" })).rejects.toMatchObject({ reason: "dialect" });
  });

  it("knows the columns of a table without rows, and goes on before a row that is ragged", async () => {
    expect((await sniff("a,b\n")).columns.map(({ name, type }) => [name, type.kind])).toEqual([
      ["a", "text"],
      ["b", "text"],
    ]);
    expect((await sniff("a,b")).columns.length).toBe(2);
    expect((await sniff("a,b\n1,2\n3\n4,5\n", { sep: "," })).columns.map(({ type }) => type.kind)).toEqual([
      "int",
      "int",
    ]);
  });

  it("says of a file that went after it was found that it is gone", async () => {
    for (const [name, content] of [
      ["gone.csv", "a\n1\n"],
      ["gone-large.csv", "a\n".repeat(2 * 2 ** 20)],
      ["gone.csv.gz", gzipSync("a\n1\n")],
    ] as const) {
      const source = await resolveSource(await fileOf(content, name));
      await rm(source.files[0]?.path ?? "");
      await expect(sniffTable(source)).rejects.toMatchObject({
        code: "E_FILE_CHANGED",
        message: `${name} is gone: it was moved or removed`,
      });
    }
  });
});
