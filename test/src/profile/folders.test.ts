import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeEach, expect, test } from "vitest";
import { forgetProfiles } from "../../../src/profile/cache.ts";
import { profile } from "../../../src/profile/profile.ts";
import { folder } from "./generate.ts";

delete process.env.OUTGROW_CACHE_DIR;

const dir = folder();
afterAll(() => rmSync(dir, { recursive: true, force: true }));
beforeEach(() => forgetProfiles());

function lay(name: string, files: Readonly<Record<string, string | Buffer>>): string {
  for (const [file, content] of Object.entries(files)) {
    const full = path.join(dir, name, file);
    mkdirSync(path.dirname(full), { recursive: true });
    writeFileSync(full, content);
  }
  return path.join(dir, name);
}

const DAYS = ["2024-01-01", "2024-01-02", "2024-03-05"];

test.each([
  ["csv", (i: number) => `user,amount\n${i},1.5\n${i + 1},\n`],
  ["csv.gz", (i: number) => gzipSync(`user,amount\n${i},1.5\n${i + 1},\n`)],
  ["jsonl", (i: number) => `{"user":${i},"amount":1.5}\n{"user":${i + 1},"amount":null}\n`],
  // Other columns in one file: all are read, and joined by name.
  ["drift.csv", (i: number) => (i === 2 ? `amount,user\n1.5,${i}\n,${i + 1}\n` : `user,amount\n${i},1.5\n${i + 1},\n`)],
])("columns in the names of folders are measured: .%s", async (ending, content) => {
  const source = lay(
    `by-day-${ending}`,
    Object.fromEntries(DAYS.map((day, i) => [`day=${day}/shop=0${i}/n=${i}/part.${ending}`, content(i)])),
  );
  for (const fast of [true, false]) {
    const { columns, rows } = await profile(source, { fast });
    const of = (name: string) => columns.find((column) => column.name === name);
    expect(columns.map(({ name }) => name).sort()).toEqual(["amount", "day", "n", "shop", "user"]);
    expect(of("day")).toMatchObject({
      type: "date",
      distinct: 3,
      nulls: 0,
      min: new Date("2024-01-01"),
      max: new Date("2024-03-05"),
    });
    expect(of("shop")).toMatchObject({ type: "str", distinct: 3, min: "00", max: "02" });
    expect(of("n")).toMatchObject({ type: "int64", distinct: 3, min: 0, max: 2 });
    // The estimate may be wrong about what stands in the files, and not about the folders.
    if (!fast)
      expect({ rows, nulls: of("amount")?.nulls, max: of("amount")?.max }).toEqual({ rows: 6, nulls: 3, max: 1.5 });
  }
});
