import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { chunked, explainChunked } from "../../../src/chunked/chunked.ts";
import { firstRows } from "../../../src/chunked/first-rows.ts";
import { openDuckdb } from "../../../src/duckdb/session.ts";
import { columnsOf, type DataFrame } from "../../../src/frame/frame.ts";
import { estimateSource } from "../../../src/profile/estimate.ts";
import { profile } from "../../../src/profile/profile.ts";
import { resolveSource } from "../../../src/source/resolve.ts";
import type { TextOptions } from "../../../src/source/source.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), "outgrow-test-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function write(name: string, lines: readonly string[]): string {
  const file = path.join(folder, name);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, `${lines.join("\n")}\n`);
  return file;
}

/** An aggregate that the scanner takes, and one that it leaves to the general engine. */
const BOTH = [
  { engine: "scanner", agg: (column: string) => `${column}:min,${column}:max` },
  { engine: "DuckDB", agg: (column: string) => `${column}:min,${column}:max,n:median` },
] as const;

function plain(frame: DataFrame): unknown[] {
  return (frame.values[0] as unknown[])
    .slice(0, 2)
    .map((value) => (value instanceof Date ? value.toISOString() : value));
}

function typeOf(frame: DataFrame, name: string): string | undefined {
  return columnsOf(frame).find((column) => column.name === name)?.type;
}

/** What every reader makes of a column: its type, and its least and largest value. */
async function readings(file: string, column: string, options: TextOptions = {}) {
  const found: Record<string, unknown> = {};
  for (const { engine, agg } of BOTH) {
    const frame = await chunked(file, { agg: agg(column), ...options });
    expect(frame.run.engine).toBe(engine);
    found[engine] = [typeOf(frame, `${column}_min`), ...plain(frame)];
  }
  const { frame } = await firstRows(file, 100, { text: options });
  found["head"] = typeOf(frame, column);
  const told = (await profile(file, { ...options, full: true })).columns.find(({ name }) => name === column);
  found["profile"] = told?.type;
  const source = await resolveSource(file, { text: options });
  const { facts } = await estimateSource(source, () => openDuckdb());
  found["estimate"] = facts.find(({ name }) => name === column)?.type;
  return found;
}

function same(type: string, least: string, largest: string) {
  const value = (text: string) => (type === "str" ? text : new Date(text).toISOString());
  const both = [type, value(least), value(largest)];
  return { scanner: both, DuckDB: both, head: type, profile: type, estimate: type };
}

const ROWS = [
  "31.12.24,31.12.2024,12/31/2024,2024-12-31,20241231,1",
  "01.02.23,01.02.2023,02/01/2023,2023-02-01,20230201,2",
];
const NAMES = "short,dmy,mdy,iso,digits,n";

describe("dates of text", () => {
  test.each<[string, TextOptions, ReturnType<typeof same>]>([
    ["short", {}, same("str", "01.02.23", "31.12.24")],
    ["dmy", {}, same("date", "2023-02-01", "2024-12-31")],
    ["mdy", {}, same("date", "2023-02-01", "2024-12-31")],
    ["iso", {}, same("date", "2023-02-01", "2024-12-31")],
    ["short", { dateFormat: "%d.%m.%y" }, same("date", "2023-02-01", "2024-12-31")],
    ["short", { dateFormat: "%y.%m.%d" }, same("date", "2001-02-23", "2031-12-24")],
    ["iso", { dateFormat: "%d.%m.%y" }, same("date", "2023-02-01", "2024-12-31")],
    ["dmy", { dateFormat: { short: "%d.%m.%y" } }, same("date", "2023-02-01", "2024-12-31")],
    ["short", { dateFormat: { short: "%d.%m.%y", digits: "%Y%m%d" } }, same("date", "2023-02-01", "2024-12-31")],
    ["digits", { dateFormat: "short:%d.%m.%y,digits:%Y%m%d" }, same("date", "2023-02-01", "2024-12-31")],
  ])("%s with %j is the same to every reader", async (column, options, wanted) => {
    expect(await readings(write("all.csv", [NAMES, ...ROWS]), column, options)).toEqual(wanted);
  });

  test.each([
    { what: "days beside moments", values: ["2024-01-02", "2024-12-31 23:59:00"], type: "datetime64[us]" },
    { what: "a zone by its name", values: ["2024-01-02 03:04:05 UTC", "2024-12-31 23:59:59 UTC"], type: "str" },
    { what: "an era", values: ["2024-01-01", "2024-01-01 (BC)"], type: "str" },
  ])("with $what are the same to every reader", async ({ values: [least = "", largest = ""], type }) => {
    const file = write("odd.csv", ["d,n", `${least},1`, `${largest},2`]);
    const utc = (text: string) => (type === "str" || text.length === 10 ? text : `${text}Z`);
    expect(await readings(file, "d")).toEqual(same(type, utc(least), utc(largest)));
  });

  test("of a format of their own are read in it, also where no other column has dates", async () => {
    const file = write("alone.csv", ["d,n", "31.12.24,1", "01.02.23,2"]);
    expect(await readings(file, "d", { dateFormat: { d: "%d.%m.%y" } })).toEqual(
      same("date", "2023-02-01", "2024-12-31"),
    );
  });

  test("of a format with a zone are in UTC, Z included", async () => {
    const file = write("zones.csv", ["d,n", "02.01.2024 03:04:05+0200,1", "31.12.2024 23:59:59Z,2"]);
    expect(await readings(file, "d", { dateFormat: "%d.%m.%Y %H:%M:%S%z" })).toEqual(
      same("datetime64[us, UTC]", "2024-01-02T01:04:05Z", "2024-12-31T23:59:59Z"),
    );
  });

  test("are of no century where a later year has two digits", async () => {
    const later = write("later.csv", [
      "d,n",
      ...Array.from({ length: 60_000 }, (_, i) => `${(i % 28) + 1}.12.2024,${i}`),
      "30.12.24,1",
    ]);
    const scanned = await chunked(later, { agg: "d:min,d:max" });
    expect(plain(scanned)).toEqual(["1.12.2024", "9.12.2024"]);
    expect(scanned.run.notes.join()).toContain('column "d" is read as str and not as date');
    const computed = await chunked(later, { agg: "d:min,d:max,n:median" });
    expect(plain(computed).slice(0, 2)).toEqual(["1.12.2024", "9.12.2024"]);
    expect(computed.run.notes.join()).toContain('later.csv row 60,001 has "30.12.24"');
  });

  test("are read in the format that they have where their type is declared, and in none of two digits", async () => {
    const file = write("declared.csv", [NAMES, ...ROWS]);
    for (const { agg } of BOTH) {
      const frame = await chunked(file, { agg: agg("dmy"), dtype: "dmy:date" });
      expect(plain(frame)[1]).toBe("2024-12-31T00:00:00.000Z");
      await expect(chunked(file, { agg: agg("short"), dtype: "short:date" })).rejects.toMatchObject({
        code: "E_BAD_VALUE",
        hint: expect.stringContaining("--date-format short:%d.%m.%Y"),
      });
      const own = { dtype: "short:datetime64[us]", dateFormat: { short: "%d.%m.%y" } };
      expect(plain(await chunked(file, { agg: agg("short"), ...own }))[1]).toBe("2024-12-31T00:00:00.000Z");
    }
  });

  test.each(["2024-01-02 03:04:05", "2024-01-02T03:04:05Z", "2024-01-02 03:04:05+02:00"])(
    "%s loses nothing to a declared type that has no room for it",
    async (moment) => {
      const file = write("room.csv", ["d,n", `${moment},1`, `${moment},2`]);
      for (const { agg } of BOTH)
        for (const type of moment.endsWith(":05") ? ["date"] : ["date", "datetime64[us]"])
          await expect(chunked(file, { agg: agg("d"), dtype: { d: type } })).rejects.toMatchObject({
            code: "E_BAD_VALUE",
            message: expect.stringContaining(moment),
          });
    },
  );

  test("before 1970 are in their millisecond to the profile, whichever engine reads them", async () => {
    const lines = ["d,n", "1969-12-31 23:59:59.999999,1", "9999-12-31 23:59:59.999999,2"];
    for (const file of [write("before.csv", lines), path.dirname(write("before/k=1/a.csv", lines)).slice(0, -4)]) {
      const { columns } = await profile(file, { full: true });
      const { min, max } = columns[0] ?? {};
      expect([min, max]).toEqual([new Date("1969-12-31T23:59:59.999Z"), new Date("9999-12-31T23:59:59.999Z")]);
    }
  });

  test("of folders, which the general engine reads, are those of a file", async () => {
    write("folders/k=1/a.csv", [NAMES, ROWS[0] as string]);
    write("folders/k=2/b.csv", [NAMES, ROWS[1] as string]);
    const frame = await chunked(path.join(folder, "folders"), { agg: "short:max,dmy:max,mdy:max,iso:max" });
    const day = new Date("2024-12-31");
    expect(frame.values[0]).toEqual(["31.12.24", day, day, day]);
    const { columns } = await profile(path.join(folder, "folders"), { full: true });
    expect(columns.slice(0, 4).map(({ type }) => type)).toEqual(["str", "date", "date", "date"]);
  });

  test("that may be others are told by every reader, unless it is said or not used", async () => {
    const file = write("doubt.csv", ["at,sure,n", "01/02/2024,13/02/2024,1", "03/04/2024,14/02/2024,2"]);
    const doubt =
      'at: moments as 01/02/2024 fit %d/%m/%Y, %m/%d/%Y, and are read by the first that fits all: --date-format says which it is, as in --date-format "%m/%d/%Y".';
    expect((await firstRows(file, 5, {})).notes).toEqual([doubt]);
    expect((await profile(file)).notes).toEqual([doubt]);
    for (const { agg } of BOTH) {
      const notes = async (options: object) => (await chunked(file, { agg: agg("at"), ...options })).run.notes;
      expect(await notes({})).toEqual([doubt]);
      expect(await notes({ dtype: "at:date" })).toEqual([doubt]);
      expect(await notes({ dateFormat: "%m/%d/%Y" })).toEqual([]);
      expect(await notes({ dateFormat: { at: "%m/%d/%Y" } })).toEqual([]);
      expect((await chunked(file, { agg: agg("sure") })).run.notes).toEqual([]);
    }
    expect((await chunked(file).toArray()).run.notes).toEqual([doubt]);
    const written = await chunked(file, { to: path.join(folder, "out.csv") });
    expect(written.run.notes).toEqual([doubt]);
  });

  test("of which a late one is none are told with its place, whichever engine reads them", async () => {
    const file = write("late.csv", ["d,n", ...Array.from({ length: 30_000 }, () => "01.02.2024,1"), "soon,2"]);
    for (const { agg } of BOTH)
      for (const options of [{ dateFormat: { d: "%d.%m.%Y" } }, { dtype: "d:date" }])
        await expect(chunked(file, { agg: agg("d"), ...options })).rejects.toMatchObject({
          code: "E_BAD_VALUE",
          message: 'late.csv row 30,001, column "d": "soon" is not a date (line 30,002)',
        });
  });

  test("of a year that begins with zeros are none in a format of four digits", async () => {
    const file = write("zeros.csv", ["d,n", "0024,1"]);
    for (const { agg } of BOTH)
      await expect(chunked(file, { agg: agg("d"), dateFormat: { d: "%Y" } })).rejects.toMatchObject({
        code: "E_BAD_VALUE",
        message: expect.stringContaining('column "d": "0024" is not'),
      });
  });

  test("that are times alone are those of 1900-01-01", async () => {
    const file = write("times.csv", ["d,n", "12:30,1", "7:05,2"]);
    for (const { agg } of BOTH) {
      const frame = await chunked(file, { agg: agg("d"), dateFormat: { d: "%H:%M" } });
      expect(plain(frame)).toEqual(["1900-01-01T07:05:00.000Z", "1900-01-01T12:30:00.000Z"]);
    }
  });

  test("in a format are not given to Spark, with the way", async () => {
    const file = write("spark.csv", [NAMES, ...ROWS]);
    const work = chunked(file, { by: "dmy", agg: "n:sum", engine: "spark" });
    await expect(work).rejects.toMatchObject({
      code: "E_ENGINE_CHOICE",
      message: expect.stringContaining('the dates of "dmy" are written as %d.%m.%Y'),
      hint: expect.stringContaining("leave -e spark out"),
    });
    const declared = chunked(file, { agg: "n:sum", engine: "spark", dateFormat: { short: "%d.%m.%y" } });
    await expect(declared).rejects.toMatchObject({ code: "E_ENGINE_CHOICE" });
  });

  test("of one column are for delimited text", async () => {
    const file = write("lines.jsonl", ['{"d":"31.12.24"}']);
    await expect(resolveSource(file, { text: { dateFormat: { d: "%d.%m.%y" } } })).rejects.toMatchObject({
      code: "E_BAD_TEXT_OPTION",
    });
  });
});

describe("moments of JSON", () => {
  test.each([
    { values: ["2024-01-02T03:04:05Z", "2024-12-31T23:59:59Z"], type: "datetime64[us, UTC]" },
    { values: ["2024-01-02T03:04:05+02:00", "2024-12-31T23:59:59-05:00"], type: "datetime64[us, UTC]" },
    { values: ["2024-01-02T03:04:05", "2024-12-31T23:59:59"], type: "datetime64[us]" },
    { values: ["23-01-02", "24-12-31"], type: "str" },
    { values: ["01-02-2024", "31-12-2024"], type: "str" },
    { values: ["2024-01-01", "infinity"], type: "str" },
  ])("$values are $type to every reader, in UTC where they name a zone", async ({ values, type }) => {
    const utc = (text: string) => new Date(/Z|[+-]..:..$/.test(text) ? text : `${text}Z`).toISOString();
    const wanted = type === "str" ? values : values.map(utc);
    const lines = values.map((d, n) => JSON.stringify({ d, n }));
    for (const [name, text] of [
      ["lines.jsonl", lines],
      ["list.json", [`[${lines.join(",\n")}]`]],
    ] as const) {
      const file = write(name, text);
      for (const { agg } of BOTH) {
        const frame = await chunked(file, { agg: agg("d") });
        expect([typeOf(frame, "d_min"), ...plain(frame)]).toEqual([type, ...wanted]);
      }
      expect(typeOf((await firstRows(file, 10, {})).frame, "d")).toBe(type);
      const { columns } = await profile(file, { full: true });
      const { type: told, min, max } = columns[0] ?? {};
      const [least, largest] = [min, max].map((value) => (value instanceof Date ? value.toISOString() : value));
      expect([told, least, largest]).toEqual([type, ...wanted]);
      const source = await resolveSource(file);
      expect((await estimateSource(source, () => openDuckdb())).facts[0]?.type).toBe(type);
    }
  });

  test("are of the type that is declared, whichever engine reads them, and texts as they stand there", async () => {
    const lines = ['{"d":"2024-01-02T03:04:05+02:00","n":1}', '{"d":"2024-12-31T23:59:59+02:00","n":2}'];
    const offset = write("offset.jsonl", lines);
    const zulu = write(
      "zulu.jsonl",
      lines.map((line) => line.replace("+02:00", "Z")),
    );
    for (const { agg } of BOTH) {
      const query = { agg: agg("d") };
      expect(typeOf(await chunked(zulu, { ...query, dtype: "d:datetime64[us]" }), "d_min")).toBe("datetime64[us]");
      expect(plain(await chunked(zulu, { ...query, dtype: "d:str" }))[0]).toBe("2024-01-02T03:04:05Z");
      expect(plain(await chunked(offset, { ...query, dtype: "d:str" }))[0]).toBe("2024-01-02T03:04:05+02:00");
    }
  });

  test("are days and moments to Spark, too", async () => {
    const file = write("spark.jsonl", ['{"d":"2024-01-02","t":"2024-01-02T03:04:05Z"}']);
    const { refused } = await explainChunked(file, { agg: "d:min,t:max" });
    expect(refused).toContainEqual({ engine: "Spark", reason: expect.stringContaining("-e spark runs it there") });
  });
});
