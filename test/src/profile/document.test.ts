import { rmSync } from "node:fs";
import { afterAll, describe, expect, test } from "vitest";
import type { Document } from "../../../src/frame/preview.ts";
import { applyCode, dtypeOf } from "../../../src/profile/apply.ts";
import { type Profile, profile, profileDocument } from "../../../src/profile/profile.ts";
import { folder, sales, toCsv, write } from "./generate.ts";

const dir = folder();
const file = write(dir, "sales.csv", toCsv(sales(60_000)));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const tablesOf = (document: Document) =>
  document.blocks.flatMap((block) => (block.kind === "table" ? [block.preview] : []));

describe("the report", () => {
  test("is tables of one width each, with all columns, forms and rules", async () => {
    const made = await profile(file);
    const [columns, advice, sizes, rules] = tablesOf(profileDocument(made));
    for (const table of tablesOf(profileDocument(made)))
      for (const row of table.rows) expect(row).toHaveLength(table.columns.length);
    const names = made.columns.map(({ name }) => name);
    expect(columns?.rows.map((row) => row[0]?.text)).toEqual(names);
    expect(columns?.caption).toContain("60,000 rows × 6 columns");
    expect(columns?.rows.flat().some(({ text }) => text.startsWith("~") && !/distinct/.test(text))).toBe(false);
    expect(advice?.rows.map((row) => row[2]?.text)).toEqual(made.columns.map(({ proof }) => proof));
    expect(sizes?.rows).toHaveLength(Object.keys(made.sizes).length);
    expect(rules?.rows.map((row) => row[0]?.text)).toEqual([
      "under 10 GB",
      "10 to 50 GB",
      "over 50 GB",
      "measured here",
    ]);
    expect(rules?.rows[0]?.[2]?.text).toContain("this data");
  });

  test("of an estimate marks what is not counted", async () => {
    const seen: Profile[] = [];
    await profile(write(dir, "more.csv", toCsv(sales(70_000))), { onEstimate: (estimate) => seen.push(estimate) });
    const [columns] = tablesOf(profileDocument(seen[0] as Profile));
    expect(columns?.caption).toMatch(/~[\d,]+ ± [\d,]+ rows/);
    expect(columns?.rows.every((row) => row[7]?.text.startsWith("~"))).toBe(true);
    expect(columns?.notes?.[0]).toContain("estimated from");
  });

  test("a second look says that it is from before", async () => {
    expect(tablesOf(profileDocument(await profile(file)))[0]?.caption).toContain("known from before");
  });
});

describe("code to apply", () => {
  test("has the types that change, in every language", async () => {
    const made = await profile(file);
    expect(dtypeOf(made)).toBe("user_id:int32,category:category,amount:float32,zip:category");
    const [magic, library, pandas] = applyCode(made).map(({ code }) => code);
    expect(magic).toContain(`%%chunked ${file} -s 50000 --dtype ${dtypeOf(made)} --as chunk`);
    expect(library).toContain('"user_id": "int32",');
    expect(pandas).toBe(
      `import pandas as pd\n\ndf = pd.read_csv("${file}", dtype={"user_id": "int32", "category": "category", "amount": "float32", "zip": "category"}, parse_dates=["at"])`,
    );
  });

  test("is left out where nothing changes", async () => {
    expect(applyCode(await profile(write(dir, "plain.csv", "a\nsome text\nother text\n")))).toEqual([]);
  });
});
