import { mkdirSync, rmSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { chunked } from "../../../src/chunked/chunked.ts";
import { pandasCode } from "../../../src/profile/apply-pandas.ts";
import { forgetProfiles } from "../../../src/profile/cache.ts";
import { profile } from "../../../src/profile/profile.ts";
import { folder, write } from "./generate.ts";

delete process.env.OUTGROW_CACHE_DIR;

const dir = folder();
afterAll(() => rmSync(dir, { recursive: true, force: true }));
beforeEach(() => forgetProfiles());

const NUMBERS = Array.from({ length: 50 }, (_, i) => i);

async function codeFor(name: string, header: string, row: (i: number) => string): Promise<string> {
  return pandasCode(await profile(write(dir, name, `${header}\n${NUMBERS.map(row).join("\n")}\n`)));
}

/** Each trap was tried in pandas 3.1: the plain call fails, or reads something else without a word. */
describe("code for pandas reads what was profiled", () => {
  test("names that come twice, are missing or are padded", async () => {
    const code = await codeFor("names.csv", "id,v,v,V,, padded ", (i) => `${i},${i},${i},${i},${i},${i}`);
    expect(code).toContain('header=0, names=["id", "v", "v_1", "V_2", "column4", "padded"]');
    expect(await codeFor("plain.csv", "id,v", (i) => `${i},${i}`)).not.toContain("names=");
  });

  test("rows that end in a separator, of which pandas takes the first field for the index", async () => {
    expect(await codeFor("trailing.csv", "a,b", (i) => `${i},${i * 2},`)).toContain("index_col=False");
    expect(await codeFor("whole.csv", "a,b,c", (i) => `${i},${i * 2},`)).not.toContain("index_col");
  });

  test("texts of digits, whose zeros and signs are lost", async () => {
    const code = await codeFor("zip.csv", "zip,phone,long", (i) => `0${1000 + i},+49${i},9${"0".repeat(30)}x${i}`);
    expect(code).toContain('dtype={"zip": "str", "phone": "str"}');
  });

  test("texts that are numbers where points set thousands apart", async () => {
    const rows = NUMBERS.map((i) => `${10 + (i % 19)}.12.${24 + Math.floor(i / 19)};1.${100 + i},5`);
    const file = write(dir, "points.csv", `paid;amount\n${rows.join("\n")}\n`);
    const code = pandasCode(await profile(file, { thousands: ".", decimal: "," }));
    expect(code).toContain('"paid": "str"');
  });

  test("words for truth values, which pandas leaves as texts", async () => {
    const code = await codeFor("truth.csv", "paid,open", (i) => `${i % 2 ? "Yes" : "no"},${i % 3 ? "t" : "f"}`);
    expect(code).toContain('true_values=["yes", "Yes", "YES", "y", "Y", "t", "T"]');
    expect(code).toContain('false_values=["no", "No", "NO", "n", "N", "f", "F"]');
    const both = await codeFor("both.csv", "paid,open", (i) => `${i % 2 ? "Yes" : "no"},${i % 3 ? "Y" : "N"}`);
    expect(both).toContain('true_values=["yes", "Yes", "YES", "t", "T"], false_values=["no", "No", "NO", "f", "F"]');
    expect(await codeFor("plain-truth.csv", "paid,n", (i) => `${i % 2 ? "TRUE" : "False"},${i}`)).not.toContain(
      "_values",
    );
  });

  test("words such as NA, which are texts here", async () => {
    expect(await codeFor("words.csv", "country,n", (i) => `${["AT", "NA", "ZA"][i % 3]},${i}`)).toContain(
      'keep_default_na=False, na_values=[""]',
    );
    const withFloats = await codeFor("floats.csv", "country,x", (i) => `${["AT", "NA", "ZA"][i % 3]},${i / 8}`);
    expect(withFloats).toContain('keep_default_na=False, na_values=["", "NaN", "nan"]');
    expect(await codeFor("key.csv", "key,n", (i) => `k${i % 3},${i}`)).not.toContain("keep_default_na");
    // The range alone does not tell.
    expect(await codeFor("names.csv", "name,n", (i) => `${["Ann", "Zoe"][i % 2]},${i}`)).not.toContain(
      "keep_default_na",
    );
    const many = Array.from({ length: 70_000 }, (_, i) => `${i % 2 ? "a" : "z"}${i},1`);
    const file = (last: string) => write(dir, `many${last.length}.csv`, `id,n\n${many.join("\n")}\n${last},1\n`);
    expect(pandasCode(await profile(file("name")))).not.toContain("keep_default_na");
    expect(pandasCode(await profile(file("n/a")))).toContain("keep_default_na");
  });

  test("moments of summer and winter, and of several lengths", async () => {
    const zone = (i: number) => (i % 2 ? "+01:00" : "+02:00");
    const code = await codeFor("zones.csv", "at,t", (i) => {
      const second = `2024-01-01 00:00:${String(i).padStart(2, "0")}`;
      return `${second}${zone(i)},${second}${i % 2 ? ".5" : ""}`;
    });
    expect(code).toContain('parse_dates=["t"], date_format="ISO8601"');
    expect(code).toMatch(/\ndf\["at"\] = pd\.to_datetime\(df\["at"\], format="ISO8601", utc=True\)$/);
  });

  test("texts of digits and days in JSON", async () => {
    const lines = NUMBERS.map((i) => JSON.stringify({ zip: `0${1000 + i}`, at: `2024-01-${10 + (i % 9)}` }));
    const code = pandasCode(await profile(write(dir, "zips.jsonl", lines.join("\n"))));
    expect(code).toContain('lines=True, dtype={"zip": "str"})');
    expect(code).toMatch(/\ndf\["at"\] = pd\.to_datetime\(df\["at"\], format="ISO8601"\)$/);
  });

  test("a folder of missing values, of which pandas makes no category", async () => {
    for (const [folder, wanted] of [
      ["__HIVE_DEFAULT_PARTITION__", 'pd.read_parquet("SOURCE", partitioning=ds.partitioning(flavor="hive"))'],
      ["3", 'pd.read_parquet("SOURCE")'],
    ] as const) {
      const source = path.join(dir, `hive-${folder}`);
      for (const year of ["1", folder]) {
        mkdirSync(path.join(source, `year=${year}`), { recursive: true });
        await chunked(write(dir, "id.csv", "id\n1\n2\n"), { to: path.join(source, `year=${year}`, "part.parquet") });
      }
      const code = pandasCode(await profile(source));
      expect(code.replaceAll(JSON.stringify(source), '"SOURCE"')).toContain(wanted);
      expect(code.includes("import pyarrow.dataset as ds")).toBe(folder !== "3");
    }
  });

  test.each([
    ["all", ["year"]],
    ["some", ["city=a", "year"]],
  ])(
    "files of Parquet that hold %s of what stands in the names of their folders, which pandas cannot join",
    async (kind, folders) => {
      const source = path.join(dir, `held-${kind}`);
      for (const year of ["1", "2"]) {
        const inner = path.join(source, ...folders.slice(0, -1), `year=${year}`);
        mkdirSync(inner, { recursive: true });
        const csv = write(dir, "id.csv", `id,year\n1,${year}\n2,${year}\n`);
        await chunked(csv, { to: path.join(inner, "part.parquet") });
      }
      const code = pandasCode(await profile(source));
      expect(code).toContain("pd.read_parquet(path, partitioning=None)");
      expect(code).toContain(`[-${folders.length}:]`);
      expect(code).toContain(
        `.assign(**folders(path)) for path in sorted(glob("${source}/**/*.parquet", recursive=True))`,
      );
      expect(code).toMatch(/\.astype\(\{"year": "int8"\}\)$/);
    },
  );

  test("a folder or a pattern of one file, of which pandas reads no text", async () => {
    mkdirSync(path.join(dir, "single/year=1"), { recursive: true });
    write(dir, "single/year=1/x.csv", "id\n1\n");
    const pattern = async (source: string) => pandasCode(await profile(path.join(dir, source)));
    expect(await pattern("single")).toContain(`glob("${dir}/single/**/*.csv", recursive=True)`);
    expect(await pattern("single/year=1")).toContain(`glob("${dir}/single/year=1/*.csv")`);
    expect(await pattern("single/year=1/*.csv")).toContain(`glob("${dir}/single/year=1/*.csv")`);
    expect(await pattern("single/year=1/x.csv")).toContain(`pd.read_csv("${dir}/single/year=1/x.csv"`);
  });

  test("a pattern of folders", async () => {
    for (const month of ["01", "02"]) {
      mkdirSync(path.join(dir, "months", month), { recursive: true });
      write(dir, `months/${month}/x.csv`, "id\n1\n");
    }
    for (const pattern of ["months/*", "months/0?/"])
      expect(pandasCode(await profile(path.join(dir, pattern)))).toContain(
        `glob("${path.join(dir, pattern).replace(/\/$/, "")}/*.csv")`,
      );
  });

  test("Parquet files that differ, of which pandas reads the columns of the first alone", async () => {
    const source = path.join(dir, "drifting");
    mkdirSync(source);
    for (const [name, header] of [
      ["a", "id,n"],
      ["b", "id,fee"],
      ["c", "id,Fee"],
    ] as const)
      await chunked(write(dir, "differs.csv", `${header}\n1,2.5\n2,3\n`), { to: path.join(source, `${name}.parquet`) });
    const found = await profile(source);
    expect(found.notes).toEqual([
      `the files differ: "n" is in a.parquet alone, "fee" is in all files but a.parquet, "Fee" is taken for "fee" in c.parquet alone; they are joined by the names of columns`,
    ]);
    const code = pandasCode(found);
    expect(code).toContain(
      `pd.concat((pd.read_parquet(path) for path in sorted(glob("${source}/*.parquet"))), ignore_index=True).astype({`,
    );
  });

  test.each(["parquet", "arrow"])("files in which a column is another thing: %s", async (ending) => {
    const source = path.join(dir, `conflicting-${ending}`);
    mkdirSync(source);
    for (const [name, value] of [
      ["a", "1"],
      ["b", "q"],
    ] as const)
      await chunked(write(dir, "conflicts.csv", `v\n${value}\n`), { to: path.join(source, `${name}.${ending}`) });
    const found = await profile(source);
    expect(found.notes).toEqual([
      `the files differ: "v" is int64 in a.${ending} and str in b.${ending}; %chunked wants the type of such a column, or files of one kind`,
    ]);
    if (ending === "parquet")
      expect(pandasCode(found)).toContain("pd.concat((pd.read_parquet(path) for path in sorted(");
  });

  test("days in texts of Parquet, for which pandas has no type of its own", async () => {
    const csv = write(dir, "days.csv", `day\n${NUMBERS.map((i) => `2024-01-${10 + (i % 9)}`).join("\n")}\n`);
    const parquet = path.join(dir, "days.parquet");
    await chunked(csv, { dtype: { day: "str" }, to: parquet });
    expect(pandasCode(await profile(parquet))).toContain('.astype({"day": "datetime64[us]"})');
  });

  test("categories of several files, which differ from file to file", async () => {
    for (const name of ["a", "b"])
      write(dir, `parts-${name}.csv`, `key,n\n${NUMBERS.map((i) => `${name}${i % 2},${i}`).join("\n")}\n`);
    const code = pandasCode(await profile(path.join(dir, "parts-*.csv")));
    expect(code).toContain('dtype={"n": "int8"}');
    expect(code).toMatch(/ignore_index=True\)\.astype\(\{"key": "category"\}\)$/);
  });
});

test("a profile says how the files of a pattern differ", async () => {
  write(dir, "drift-a.csv", "id\n1\n");
  write(dir, "drift-b.csv", "id,town\n1,x\n");
  const { notes } = await profile(path.join(dir, "drift-*.csv"));
  expect(notes).toContainEqual(expect.stringMatching(/^the files differ: "town" is in drift-b\.csv alone/));
});
