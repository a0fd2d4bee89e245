import { rmSync } from "node:fs";
import path from "node:path";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { afterAll, beforeEach, describe, expect, test, vi } from "vitest";
import { openDuckdb } from "../../../src/duckdb/session.ts";
import { arrow } from "../../../src/frame/arrow.ts";
import { forgetProfiles } from "../../../src/profile/cache.ts";
import { type Profile, type ProfileColumn, profile, profileDocument } from "../../../src/profile/profile.ts";
import { readTexts } from "../../../src/source/read-texts.ts";
import { formatCount } from "../../../src/units.ts";
import { folder, sales, toCsv, toParquet, write } from "./generate.ts";

// A profile kept on disk by an earlier run would answer instead of the pass under test.
delete process.env.OUTGROW_CACHE_DIR;

const dir = folder();
const rows = sales(30_000);
const csv = write(dir, "sales.csv", toCsv(rows));

afterAll(() => rmSync(dir, { recursive: true, force: true }));
beforeEach(() => forgetProfiles());

function column({ columns }: Profile, name: string): ProfileColumn {
  const found = columns.find((one) => one.name === name);
  expect(found, `column ${name}`).toBeDefined();
  return found as ProfileColumn;
}

/** Compared with plain loops over the rows that the file was written from. */
function expectFigures(made: Profile): void {
  const notes = rows.flatMap(({ note }) => (note === null ? [] : [note]));
  const amounts = rows.map(({ amount }) => amount);
  expect(made.rows).toBe(rows.length);
  expect(made.exact).toBe(true);
  const user = column(made, "user_id");
  expect(user).toMatchObject({ nulls: 0, type: "int64", advised: "int32", distinctExact: true });
  expect(user.distinct).toBe(new Set(rows.map(({ user_id }) => user_id)).size);
  expect([user.min, user.max]).toEqual([
    Math.min(...rows.map((row) => row.user_id)),
    Math.max(...rows.map((row) => row.user_id)),
  ]);
  expect(column(made, "category")).toMatchObject({
    type: "str",
    advised: "category",
    distinct: 20,
    distinctExact: true,
    min: "cat 0",
    max: "cat 9",
  });
  const amount = column(made, "amount");
  expect(amount).toMatchObject({
    type: "float64",
    advised: "float32",
    lossy: true,
    min: Math.min(...amounts),
    max: Math.max(...amounts),
  });
  expect(amount.distinct).toBe(new Set(amounts).size);
  const lossy = amounts.filter((value) => Math.fround(value) !== value).length / amounts.length;
  expect(amount.proof).toContain(`lossy for ${Math.round(lossy * 100)} % of values, exact at 2 decimals`);
  expect(amount.proof).toContain("sums stay float64");
  const zip = column(made, "zip");
  expect(zip.type).toBe("str");
  expect(zip.min).toBe(rows.map((row) => row.zip).sort()[0]);
  expect(column(made, "at")).toMatchObject({
    type: "datetime64[us]",
    min: rows[0]?.at,
    max: rows.at(-1)?.at,
    distinct: rows.length,
  });
  expect(column(made, "note")).toMatchObject({
    type: "str",
    advised: "str",
    nulls: rows.length - notes.length,
    distinct: new Set(notes).size,
  });
  expect(column(made, "note").bytes).toBe(
    Math.ceil(rows.length / 8) + 4 * (rows.length + 1) + Buffer.byteLength(notes.join("")),
  );
}

describe("a full pass gives the figures of a plain computation", () => {
  test("CSV with quoted fields, line breaks and commas in them", async () => {
    const made = await profile(csv);
    expectFigures(made);
    expect(made.rejected.rows).toBe(0);
    expect(column(made, "zip").proof).toContain("with a leading zero, which a number would lose");
    expect(made.sizes.file).toBe(Buffer.byteLength(toCsv(rows)));
  });

  test("gzip, CRLF and semicolons", async () => {
    const packed = write(dir, "packed.csv.gz", gzipSync(toCsv(rows, ";", "\r\n").replaceAll("left\r\n", "left\n")));
    expectFigures(await profile(packed));
  });

  test("a folder of files", async () => {
    const parts = [rows.slice(0, 10_000), rows.slice(10_000, 10_001), rows.slice(10_001)];
    for (const [i, part] of parts.entries()) write(dir, `part-${i}.csv`, toCsv(part));
    const made = await profile(path.join(dir, "part-*.csv"));
    expectFigures(made);
    expect(made.files).toBe(3);
  });

  test("Parquet", async () => {
    const parquet = path.join(dir, "sales.parquet");
    await toParquet(csv, parquet);
    expectFigures(await profile(parquet));
  });

  test("JSON lines", async () => {
    const lines = rows.map((row) => JSON.stringify({ ...row, at: row.at.toISOString().slice(0, 19) })).join("\n");
    expectFigures(await profile(write(dir, "sales.jsonl", lines)));
  });
});

describe("what a sample cannot see", () => {
  const many = (value: string, odd: string) =>
    `v,w\n${Array.from({ length: 60_000 }, (_, i) => `${i === 45_000 ? odd : value},${i}`).join("\n")}\n`;

  test("a word among numbers makes the column text, and says so", async () => {
    const made = await profile(write(dir, "word.csv", many("12", "n/a")));
    expect(made.rows).toBe(60_000);
    expect(column(made, "v")).toMatchObject({ type: "str", distinct: 2 });
    expect(column(made, "v").proof).toContain(
      '1 of 60,000 values does not read as float64: "n/a", which --na "n/a" would read as missing',
    );
    expect(column(made, "w")).toMatchObject({ type: "int64", advised: "int32", min: 0, max: 59_999 });
  });

  test("a late leading zero keeps the column text", async () => {
    const made = await profile(write(dir, "zero.csv", many("12345", "00123")));
    expect(column(made, "v")).toMatchObject({ type: "str", advised: "category", min: "00123" });
    expect(column(made, "v").proof).toContain("1 with a leading zero");
  });

  test("a late fraction makes the column float", async () => {
    expect(column(await profile(write(dir, "fraction.csv", many("12", "1.5"))), "v")).toMatchObject({
      type: "float64",
      min: 1.5,
      max: 12,
    });
  });

  test("a late large integer needs int64", async () => {
    expect(column(await profile(write(dir, "large.csv", many("12", "9007199254740993"))), "v")).toMatchObject({
      type: "int64",
      advised: "int64",
      max: 9007199254740993n,
    });
  });

  test("a late time of day is not cut off a date", async () => {
    const made = await profile(write(dir, "day.csv", many("2024-01-02", "2024-01-03 10:30:00")));
    expect(column(made, "v")).toMatchObject({ type: "datetime64[us]", max: new Date("2024-01-03T10:30:00Z") });
  });

  test("rows with too many or too few fields are counted and named", async () => {
    const made = await profile(write(dir, "ragged.csv", "a,b\n1,x\n2\n3,y,z\n4,w\n5,v\n"));
    expect(made.rows).toBe(3);
    expect(made.rejected).toMatchObject({ rows: 2, more: false });
    expect(made.rejected.examples[0]).toEqual({
      file: "ragged.csv",
      line: 3,
      reason: "has 1 field, the line of names has 2",
    });
  });
});

describe("how text is written", () => {
  const lines = (head: string, row: (i: number) => string, count = 5_000) =>
    `${[head, ...Array.from({ length: count }, (_, i) => row(i))].join("\n")}\n`;

  test("decimal commas", async () => {
    const file = write(
      dir,
      "comma.csv",
      lines("a;b", (i) => `${i},5;x`),
    );
    expect(column(await profile(file, { decimal: ",", sep: ";" }), "a")).toMatchObject({
      type: "float64",
      min: 0.5,
      max: 4999.5,
      advised: "float32",
      lossy: false,
    });
  });

  test("dates of other countries, found or said", async () => {
    const file = write(
      dir,
      "dates.csv",
      lines("d,n", (i) => `${String(13 + (i % 15)).padStart(2, "0")}/02/2024,${i}`),
    );
    const expected = { type: "date", min: new Date("2024-02-13Z"), max: new Date("2024-02-27Z"), distinct: 15 };
    expect(column(await profile(file), "d")).toMatchObject(expected);
    expect(column(await profile(file, { dateFormat: "%d/%m/%Y" }), "d")).toMatchObject(expected);
  });

  test("words for missing values, latin-1, no line of names", async () => {
    const file = write(
      dir,
      "latin.csv",
      Buffer.from(
        lines("é,1", (i) => `${i % 2 ? "Köln" : "NA"},${i}`),
        "latin1",
      ),
    );
    const made = await profile(file, { encoding: "latin-1", header: false, na: ["NA"] });
    expect(made.rows).toBe(5_001);
    expect(made.columns[0]).toMatchObject({ name: "column0", nulls: 2_500, distinct: 2, min: "Köln", max: "é" });
  });

  test("zones are kept apart from times without one", async () => {
    const zoned = column(
      await profile(
        write(
          dir,
          "zone.csv",
          lines("t,n", (i) => `2024-01-01T10:00:00+02:00,${i}`),
        ),
      ),
      "t",
    );
    expect(zoned).toMatchObject({ type: "datetime64[us, UTC]", min: new Date("2024-01-01T08:00:00Z"), distinct: 1 });
  });

  test("odd names of columns", async () => {
    const made = await profile(
      write(
        dir,
        "names.csv",
        lines('"a ""b""","x, y",x,x', (i) => `${i},b,1.5,true`),
      ),
    );
    expect(made.columns.map(({ name }) => name).slice(0, 3)).toEqual(['a "b"', "x, y", "x"]);
    expect(made.columns.map(({ advised }) => advised)).toEqual(["int16", "category", "float32", "bool"]);
  });

  test("NaN and infinity are values and leave the range alone", async () => {
    const file = write(
      dir,
      "nan.csv",
      lines("v,n", (i) => `${["nan", "inf", "-inf", "2.25"][i % 4]},${i}`),
    );
    const found = await profile(file, { full: true });
    expect(column(found, "v")).toMatchObject({
      type: "float64",
      nulls: 0,
      min: 2.25,
      max: 2.25,
      advised: "float32",
      distinct: 4,
      proof: expect.stringContaining(
        `${formatCount((found.rows * 3) / 4)} values are NaN or infinite, and left out of min and max`,
      ),
    });
    expect(column(await profile(file, { fast: true }), "v").proof).toContain("left out of min and max");
    expect(column(found, "n").proof).not.toContain("left out");
  });

  test("missing values leave the decimals alone", async () => {
    const file = write(
      dir,
      "money.csv",
      lines("price,n", (i) => `${i % 5 === 0 ? "" : (i / 100).toFixed(2)},${i}`),
    );
    const price = column(await profile(file), "price");
    expect(price.advised).toBe("float32");
    expect(price.proof).toContain("exact at 2 decimals");
  });
});

describe("any CSV", () => {
  const word = fc.oneof(
    fc.constantFrom(
      "",
      "0",
      "-1",
      "12",
      "007",
      "1.5",
      "2.25",
      "1e3",
      "nan",
      "true",
      "false",
      "2024-02-29",
      "2024-02-29 10:00:00",
      "x",
      "é",
      '"',
      "a,b",
    ),
    fc.integer().map(String),
    fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
    fc.string({ maxLength: 5 }).map((text) => text.replace(/[\r\n\0]/g, "").trim()),
  );
  const pure = fc.constantFrom(
    ...["12|-3|", "1.5|2|", "true|false|", "2024-01-01|2023-12-31|", "a|b|c|", "01|2|"].map((words) =>
      words.split("|"),
    ),
  );
  const columnOf = (rows: number) =>
    fc.oneof(
      fc.array(word, { minLength: rows, maxLength: rows }),
      pure.chain((words) => fc.array(fc.constantFrom(...words), { minLength: rows, maxLength: rows })),
    );

  test("is typed and counted as a plain reading of all its values", async () => {
    const anyTable = fc
      .integer({ min: 1, max: 12 })
      .chain((rows) => fc.array(columnOf(rows), { minLength: 2, maxLength: 4 }));
    await fc.assert(
      fc.asyncProperty(anyTable, async (columns) => {
        const lines = (columns[0] as string[]).map((_, i) =>
          columns.map((values) => `"${(values[i] as string).replaceAll('"', '""')}"`).join(","),
        );
        const made = await profile(
          write(dir, "any.csv", `${columns.map((_, i) => `c${i}`).join(",")}\n${lines.join("\n")}\n`),
          { sep: "," },
        );
        forgetProfiles();
        expect(made.rows).toBe(lines.length);
        for (const [i, values] of columns.entries()) {
          const texts = values.map((text) => (text === "" ? null : text));
          const plain = readTexts(texts);
          const found = made.columns[i] as ProfileColumn;
          expect(found.nulls).toBe(texts.filter((text) => text === null).length);
          // What the engine does not take for a number or date may stay text, but never the other way round.
          if (found.type !== plain.type)
            expect([found.type, plain.type]).toEqual(
              expect.arrayContaining([expect.stringMatching(/^(str|float64)$/)]),
            );
          if (plain.type === "str" && texts.some((text) => text !== null))
            expect(found.type).not.toMatch(/^(int|bool)/);
          if (found.type === "str") expect(found.distinct).toBe(new Set(texts.filter((text) => text !== null)).size);
        }
      }),
      { seed: 20260105, numRuns: 40 },
    );
  });
});

describe("texts in Parquet that are something else", () => {
  test("are advised to be that when all rows prove it", async () => {
    const file = path.join(dir, "texts.parquet");
    await using session = await openDuckdb();
    await session.execute(
      `COPY (SELECT (i % 1000)::VARCHAR AS n, lpad(i::VARCHAR, 7, '0') AS z, CASE WHEN i = 4999 THEN 'x' ELSE i::VARCHAR END AS w,
        (i / 4)::VARCHAR AS f, i::DECIMAL(9, 2) AS d, [i, i] AS l FROM range(5000) t(i)) TO '${file}' (FORMAT parquet)`,
    );
    const made = await profile(file);
    expect(made.columns.map(({ name, type, advised }) => [name, type, advised])).toEqual([
      ["n", "str", "int16"],
      ["z", "str", "str"],
      ["w", "str", "str"],
      ["f", "str", "float32"],
      ["d", "decimal(9, 2)", "decimal(9, 2)"],
      ["l", "list", "list"],
    ]);
    expect(column(made, "n")).toMatchObject({ min: 0, max: 999, distinct: 1000 });
    expect(column(made, "n").bytes).toBe(
      4 * 5001 + Array.from({ length: 5000 }, (_, i) => String(i % 1000)).join("").length,
    );
    expect(column(made, "w").proof).toContain("1 of 5,000 values does not read as");
    expect(column(made, "d")).toMatchObject({ min: 0, max: 4999, distinct: 5000 });
  });
});

test("spans of time in Parquet, which are whole numbers there, are not advised to be smaller ones", async () => {
  const { DurationMicrosecond, Field, Int64, Schema, Table, tableToIPC } = arrow();
  const schema = new Schema([new Field("n", new Int64(), true), new Field("d", new DurationMicrosecond(), true)]);
  const beside = Buffer.from(tableToIPC(new Table(schema), "stream")).toString("base64");
  const file = path.join(dir, "spans.parquet");
  await using session = await openDuckdb();
  await session.execute(
    `COPY (SELECT i AS n, i AS d FROM range(500) t(i)) TO '${file}' (FORMAT parquet, KV_METADATA {'ARROW:schema': '${beside}'})`,
  );
  for (const options of [{ fast: true }, {}]) {
    const made = await profile(file, options);
    expect(column(made, "n")).toMatchObject({ type: "int64", advised: "int16" });
    expect(column(made, "d")).toMatchObject({ type: "int64", advised: "int64" });
    expect(column(made, "d").proof).toContain("timedelta64[us] in pandas");
    const [, , table] = profileDocument(made).blocks;
    const row = table?.kind === "table" ? table.preview.rows[1]?.map(({ text }) => text) : [];
    expect([row?.[1], ...(row?.slice(5, 7) ?? [])]).toEqual(["timedelta64[us]", "00:00:00", "00:00:00.000499"]);
  }
});

describe("a file that is no table", () => {
  test("missing, empty, binary", async () => {
    await expect(profile(path.join(dir, "sale.csv"))).rejects.toMatchObject({ name: "UsageError", code: "E_NO_FILE" });
    await expect(profile(write(dir, "empty.csv", ""))).rejects.toMatchObject({
      name: "DataError",
      code: "E_EMPTY_FILE",
    });
    await expect(profile(write(dir, "binary.csv", Buffer.from([80, 75, 3, 4, 0, 0, 0])))).rejects.toMatchObject({
      name: "DataError",
    });
    await expect(profile(new Map())).rejects.toMatchObject({ name: "UsageError", code: "E_BAD_SOURCE" });
    await expect(profile(csv, { fast: true, full: true })).rejects.toMatchObject({
      name: "UsageError",
      code: "E_BAD_OPTION",
    });
  });

  test("only the line of names: no rows, and the columns", async () => {
    const made = await profile(write(dir, "header.csv", "a,b\n"));
    expect(made).toMatchObject({ rows: 0, exact: true });
    expect(made.columns.map(({ name }) => name)).toEqual(["a", "b"]);
    expect(profileDocument(made).blocks.length).toBeGreaterThan(3);
  });

  test("a stop ends the pass", async () => {
    const stop = new AbortController();
    const running = profile(csv, { signal: stop.signal, full: true, onEstimate: () => stop.abort() });
    await expect(running).rejects.toMatchObject({ name: "Interrupted" });
  });
});

describe("the estimate", () => {
  test("comes first, and is near", async () => {
    const big = write(dir, "big.csv", toCsv(sales(120_000)));
    const seen: Profile[] = [];
    const made = await profile(big, { onEstimate: (estimate) => seen.push(estimate) });
    expect(seen).toHaveLength(1);
    const estimate = seen[0] as Profile;
    expect(estimate.exact).toBe(false);
    expect(Math.abs(estimate.rows - made.rows)).toBeLessThanOrEqual(Math.max(estimate.rowsError, made.rows * 0.02));
    expect(estimate.columns.map(({ name, type }) => [name, type])).toEqual(
      made.columns.map(({ name, type }) => [name, type]),
    );
    for (const form of ["js", "danfo", "arrow", "pandas2", "pandas3"] as const)
      expect(estimate.sizes[form] / made.sizes[form], form).toBeCloseTo(1, 0.7);
  });

  test("is all there is with fast, and marked in the report", async () => {
    const made = await profile(csv, { fast: true });
    expect(made.exact).toBe(false);
    const captions = profileDocument(made).blocks.map((block) => block.kind === "table" && block.preview.caption);
    expect(captions.join("\n")).toContain("estimate from a sample");
  });
});

describe("profiled again", () => {
  test("unchanged files are answered at once, changed ones are read", async () => {
    const file = write(dir, "again.csv", "a\n1\n2\n");
    expect(await profile(file)).toMatchObject({ rows: 2, cached: false });
    expect(await profile(file)).toMatchObject({ rows: 2, cached: true });
    write(dir, "again.csv", "a\n1\n2\n3\n");
    expect(await profile(file)).toMatchObject({ rows: 3, cached: false });
  });

  test("another process finds it in OUTGROW_CACHE_DIR", async () => {
    vi.stubEnv("OUTGROW_CACHE_DIR", path.join(dir, "cache"));
    try {
      const first = await profile(csv);
      forgetProfiles();
      const second = await profile(csv);
      expect(second.cached).toBe(true);
      expect(second.columns).toEqual(first.columns);
      expectFigures(second);
    } finally {
      vi.unstubAllEnvs();
    }
  });
});
