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
  test("begins with the verdict and is tables of one width each, with all columns and forms", async () => {
    const made = await profile(file);
    const [verdict, reason] = profileDocument(made).blocks;
    expect(verdict).toMatchObject({ kind: "text", strong: true, text: expect.stringMatching(/^Verdict: local/) });
    expect(reason).toMatchObject({ text: expect.stringMatching(/rule of thumb for pandas says .*under 10 GB/) });
    const [columns, advice, sizes] = tablesOf(profileDocument(made));
    for (const table of tablesOf(profileDocument(made)))
      for (const row of table.rows) expect(row).toHaveLength(table.columns.length);
    const names = made.columns.map(({ name }) => name);
    expect(columns?.rows.map((row) => row[0]?.text)).toEqual(names);
    expect(columns?.caption).toContain("60,000 rows × 6 columns");
    expect(columns?.rows.flat().some(({ text }) => text.startsWith("~") && !/distinct/.test(text))).toBe(false);
    const [changed, kept] = [true, false].map((is) => made.columns.filter((one) => (one.type !== one.advised) === is));
    expect(advice?.rows.map((row) => row[2]?.text)).toEqual(changed?.map(({ proof }) => proof));
    for (const { name, type, proof } of kept ?? []) expect(advice?.notes?.[0]).toContain(`${name} (${type}: ${proof})`);
    expect(sizes?.rows).toHaveLength(Object.keys(made.sizes).length);
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
      `import pandas as pd\n\ndf = pd.read_csv("${file}", dtype={"user_id": "int32", "category": "category", "amount": "float32", "zip": "category"}, parse_dates=["at"], date_format="ISO8601")`,
    );
  });

  test("is for pandas alone where nothing changes, which may read a text as something else", async () => {
    const codes = applyCode(await profile(write(dir, "plain.csv", "a\nsome text\nother text\n")));
    expect(codes.map(({ title }) => title)).toEqual(["in pandas"]);
    expect(applyCode(await profile(write(dir, "bare.csv", "a,b\n")))).toEqual([]);
  });
});
