import { mkdirSync, rmSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { chunked } from "../../../src/chunked/chunked.ts";
import { applyCode } from "../../../src/profile/apply.ts";
import { forgetProfiles } from "../../../src/profile/cache.ts";
import { type ProfileOptions, profile } from "../../../src/profile/profile.ts";
import { folder, write } from "./generate.ts";

delete process.env.OUTGROW_CACHE_DIR;

const dir = folder();
afterAll(() => rmSync(dir, { recursive: true, force: true }));
beforeEach(() => forgetProfiles());

async function codeOf(file: string, options: ProfileOptions = {}) {
  const made = await profile(file, options);
  const of = (title: string) => applyCode(made).find((code) => code.title === title)?.code;
  return {
    next: made.verdict.next,
    cell: of("in a cell, chunk by chunk"),
    library: of("in TypeScript"),
    pandas: of("in pandas"),
  };
}

const CATEGORIES = Array.from({ length: 500 }, (_, i) => `k${i % 3}`);

describe("advice", () => {
  test("counts one text as one", async () => {
    const { columns } = await profile(write(dir, "one.csv", "name\nx\n"));
    expect(columns[0]?.proof).toBe("1 different text");
  });

  test("says of a smaller whole number that it leaves no room, and not that it does not fit", async () => {
    const file = write(dir, "tight.csv", "close,wide\n0,0\n2100000000,2200000000\n");
    expect((await profile(file)).columns.map(({ proof }) => proof)).toEqual([
      "0 to 2,100,000,000 needs int64, for int32 leaves little room to grow",
      "0 to 2,200,000,000 needs int64",
    ]);
  });

  test("says again how the text was read, also from what is known", async () => {
    const rows = CATEGORIES.map((key, i) => `${key};${i},5;${String((i % 28) + 1).padStart(2, "0")}.01.2024;-`).join(
      "\n",
    );
    const file = write(
      dir,
      "bank.csv",
      Buffer.from(`made by ü\nkéy;amount;day;empty\n${rows}\n`, "latin1").toString("latin1"),
    );
    const options = { encoding: "utf-8", skipRows: 1, decimal: ",", dateFormat: "%d.%m.%Y", na: ["-"] } as const;
    for (let time = 0; time < 2; time++) {
      const { next, cell, library, pandas } = await codeOf(file, options);
      const words = "--skip-rows 1 --na - --encoding utf-8 --decimal , --date-format %d.%m.%Y";
      expect(next).toContain(`bank.csv ${words.replace("--na -", '--na "-"')} --by`);
      expect(cell).toContain(`--date-format %d.%m.%Y -s 50000`);
      expect(library).toContain('  dateFormat: "%d.%m.%Y",');
      expect(pandas).toContain('sep=";", skiprows=1, decimal=",", na_values=["-"]');
      expect(pandas).toContain('parse_dates=["day"], date_format="%d.%m.%Y"');
    }
  });

  test.each([true, false])(
    "tells pandas how dates are written, which it would guess from one value (fast: %s)",
    async (fast) => {
      const lines = CATEGORIES.map(
        (key, i) => `${key};0${(i % 9) + 1}.02.2024;2024-02-0${(i % 9) + 1};02/0${(i % 9) + 1}/2024 1:05:00 PM`,
      );
      const file = write(dir, "written.csv", `key;day;iso;at\n${lines.join("\n")}\n`);
      const { pandas } = await codeOf(file, { fast });
      expect(pandas).toContain(
        'parse_dates=["day", "iso", "at"], date_format={"day": "%d.%m.%Y", "at": "%m/%d/%Y %I:%M:%S %p"}',
      );
    },
  );

  test("leaves out the rows that were left out, and offers pandas nothing that cannot", async () => {
    const file = write(dir, "ragged.csv", `key\tn\n${CATEGORIES.map((key, i) => `${key}\t${i}`).join("\n")}\nTotal\n`);
    const { next, cell, pandas } = await codeOf(file);
    expect(next).toContain("--bad-rows skip");
    expect(cell).toContain("--bad-rows skip");
    expect(pandas).toBeUndefined();
    expect((await chunked(file, { by: "key", agg: "n:sum", badRows: "skip" })).shape).toEqual([3, 2]);
  });

  test("names files to pandas, and columns of folders", async () => {
    for (const day of ["2024-01-01", "2024-01-02"]) {
      mkdirSync(path.join(dir, `days/day=${day}`), { recursive: true });
      write(dir, `days/day=${day}/part.csv`, `key\n${CATEGORIES.join("\n")}\n`);
    }
    const { pandas } = await codeOf(path.join(dir, "days"));
    expect(pandas).toContain('/days/**/*.csv", recursive=True)');
    expect(pandas).toContain('re.findall(r"([^/=]+)=([^/]*)/", path)[-1:]');
    expect(pandas).toContain(".assign(**folders(path))");
    expect(pandas).toContain('.astype({"key": "category", "day": "datetime64[us]"})');
    expect(pandas).not.toContain("parse_dates");
  });

  test("tells an array of JSON from lines", async () => {
    const rows = CATEGORIES.map((key) => ({ key }));
    expect((await codeOf(write(dir, "array.json", JSON.stringify(rows)))).pandas).not.toContain("lines=True");
    const lines = rows.map((row) => JSON.stringify(row)).join("\n");
    expect((await codeOf(write(dir, "lines.jsonl", lines))).pandas).toContain("lines=True");
  });

  test("stays short for very many columns", async () => {
    const names = Array.from({ length: 600 }, (_, i) => `column ${i}`);
    const file = write(dir, "wide.csv", `${names.join(",")}\n${names.map(() => 1).join(",")}\n`);
    const { cell, library } = await codeOf(file);
    expect(cell).toBeUndefined();
    expect(library?.length).toBeLessThan(1_000);
    const types = Object.fromEntries((await profile(file)).columns.map(({ name, advised }) => [name, advised]));
    expect(await chunked(file, (chunk) => chunk.ctypes.values, { dtype: types })).toHaveLength(1);
  });

  test("groups by no lists and objects, which nobody groups by", async () => {
    const rows = CATEGORIES.map((_, i) => JSON.stringify({ tags: [i % 3], at: { x: i % 3 }, n: i }));
    expect((await codeOf(write(dir, "nested.jsonl", rows.join("\n")))).next).toMatch(/nested\.jsonl --agg \*:count$/);
  });

  test("adds up no telephone numbers, which no reader takes for numbers", async () => {
    const rows = CATEGORIES.map((key, i) => `${key},+49${1_000_000 + i}`).join("\n");
    const file = write(dir, "phones.csv", `key,phone\n${rows}\n`);
    const { columns, verdict } = await profile(file);
    expect(columns[1]).toMatchObject({ name: "phone", type: "str" });
    expect(verdict.next).not.toContain("phone:sum");
  });
});
