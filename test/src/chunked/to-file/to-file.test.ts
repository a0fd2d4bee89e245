import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { chunked, explainChunked } from "../../../../src/chunked/chunked.ts";
import { throughDraft } from "../../../../src/chunked/draft.ts";
import { arrow } from "../../../../src/frame/arrow.ts";
import { frameFromArrow } from "../../../../src/frame/frame.ts";

const ROWS = 60_000;
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), "outgrow-to-"));
  const lines = Array.from(
    { length: ROWS },
    (_, i) => `${i % 55_000},${i % 7 === 0 ? "" : `c${i % 5}`},${i / 4},${2n ** 61n + BigInt(i)}`,
  );
  writeFileSync(path.join(folder, "data.csv"), `id,city,amount,big\n${lines.join("\n")}\n`);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const own = (name: string) => path.join(folder, name);
const QUERY = { by: "id,city", agg: "amount:sum,big:sum,*:count,big:max", order: "count:desc,id" };

describe("a result in a file", () => {
  test.each(["totals.parquet", "totals.csv", "totals.csv.gz", "totals.jsonl", "totals.arrow"])(
    "%s holds what the frame would",
    async (to) => {
      const wanted = await chunked("data.csv", { ...QUERY, cwd: folder });
      const written = await chunked("data.csv", { ...QUERY, cwd: folder, to });
      expect(written).toMatchObject({ path: own(to), rows: wanted.shape[0] });
      expect(written.run).toMatchObject({ rows: ROWS, complete: true, engine: "DuckDB" });
      const names = "count:desc,id";
      const back = to.endsWith(".arrow")
        ? frameFromArrow(arrow().tableFromIPC(readFileSync(own(to))))
        : await chunked(to, {
            by: "id,city,amount_sum,big_sum,count,big_max",
            agg: "*:count",
            order: names,
            cwd: folder,
          }).catch(
            // The file has a column named like the count.
            () =>
              chunked(to, {
                by: "id,city,amount_sum,big_sum,count,big_max",
                agg: "n=*:count",
                order: names,
                cwd: folder,
              }),
          );
      const rows = (back.values as unknown[][]).map((row) => row.slice(0, 6).map(String));
      expect(rows).toEqual((wanted.values as unknown[][]).map((row) => row.map(String)));
    },
  );

  test("without an aggregate it gets the chosen rows, in their order or the one asked for", async () => {
    const chosen = { where: "id < 3 AND city IS NOT NULL", usecols: "amount,id", dtype: "amount:float32", cwd: folder };
    await chunked("data.csv", { ...chosen, to: "rows.csv" });
    expect(readFileSync(own("rows.csv"), "utf8")).toBe("id,amount\n1,0.25\n2,0.5\n0,13750.0\n1,13750.25\n2,13750.5\n");
    await chunked("data.csv", { ...chosen, order: "city:desc,amount:desc", limit: 2, to: "rows.csv.gz" });
    expect(gunzipSync(readFileSync(own("rows.csv.gz"))).toString()).toBe("id,amount\n2,13750.5\n2,0.5\n");
  });

  test("of the first rows alone no more is read than the beginning of a text, as long as they are in it", async () => {
    const rows = Array.from({ length: 20_000 }, (_, i) => `${i},${"x".repeat(990)}\n`).join("");
    writeFileSync(own("long.csv"), `v,text\n${rows}1,2,3\n`);
    writeFileSync(own("long.csv.gz"), gzipSync(`v,text\n${rows.replaceAll("x", "yz")}late,2\n`, { level: 0 }));
    const first = async (source: string, limit: number) => {
      const { rows } = await chunked(source, { usecols: "v", limit, to: "first.parquet", cwd: folder });
      return [rows, ...(await chunked("first.parquet", { agg: "v:sum", cwd: folder })).values];
    };
    expect(await first("long.csv", 3)).toEqual([3, [3]]);
    expect(await first("long.csv.gz", 4)).toEqual([4, [6]]);
    await expect(first("long.csv", 19_000)).rejects.toMatchObject({ code: "E_RAGGED_ROW" });
    writeFileSync(own("long.csv"), `v,text\n${rows}`);
    expect(await first("long.csv", 19_000)).toEqual([19_000, [(19_000 * 18_999) / 2]]);
  });

  test("it is there whole or not at all", async () => {
    mkdirSync(own("whole"));
    writeFileSync(own("whole/kept.csv"), "as it was");
    writeFileSync(own("late.csv"), `v\n${"1\n".repeat(30_000)}oops\n`);
    const failing = chunked("late.csv", { dtype: "v:int32", to: "whole/kept.csv", cwd: folder });
    await expect(failing).rejects.toMatchObject({ code: "E_BAD_VALUE" });
    const stop = new AbortController();
    const stopped = chunked("data.csv", { ...QUERY, to: "whole/kept.csv", cwd: folder, signal: stop.signal });
    setTimeout(() => stop.abort(), 30);
    await expect(stopped).rejects.toMatchObject({ code: "E_INTERRUPTED" });
    expect(readdirSync(own("whole"))).toEqual(["kept.csv"]);
    expect(readFileSync(own("whole/kept.csv"), "utf8")).toBe("as it was");
  });

  test("the next run removes what a killed one left", async () => {
    mkdirSync(own("left"));
    writeFileSync(own("left/.n.csv.outgrow-999999999-00000000"), "half");
    writeFileSync(own(`left/.n.csv.outgrow-${process.pid}-00000000`), "of one that lives");
    await chunked("data.csv", { agg: "*:count", to: "left/n.csv", cwd: folder });
    expect(readdirSync(own("left")).sort()).toEqual([`.n.csv.outgrow-${process.pid}-00000000`, "n.csv"]);
    expect(readFileSync(own("left/n.csv"), "utf8")).toBe(`count\n${ROWS}\n`);
  });

  test.each([
    ["totals.xlsx", "E_BAD_TARGET", ".parquet, .csv"],
    ["totals.parquet.gz", "E_BAD_TARGET", ".parquet, .csv"],
    ["data.csv", "E_BAD_TARGET", "another file"],
    ["no/such/folder.csv", "E_NO_FILE", 'mkdir -p "no/such"'],
  ])("%s is refused", async (to, code, hint) => {
    const failing = chunked("data.csv", { agg: "*:count", to, cwd: folder });
    await expect(failing).rejects.toMatchObject({ code, hint: expect.stringContaining(hint) });
  });

  test("what is read under another name is refused", async () => {
    writeFileSync(own("real.csv"), "v\n1\n");
    symlinkSync(own("real.csv"), own("linked.csv"));
    for (const [source, to] of [
      ["linked.csv", "real.csv"],
      ["real.csv", "linked.csv"],
    ] as const)
      await expect(chunked(source, { agg: "*:count", to, cwd: folder })).rejects.toMatchObject({
        code: "E_BAD_TARGET",
      });
    expect(readFileSync(own("real.csv"), "utf8")).toBe("v\n1\n");
  });

  test("a file that was there keeps its permissions, and a link leads to the new one", async () => {
    mkdirSync(own("kept"));
    writeFileSync(own("kept/real.csv"), "old");
    chmodSync(own("kept/real.csv"), 0o640);
    symlinkSync("kept/real.csv", own("link.csv"));
    await chunked("data.csv", { agg: "*:count", to: "link.csv", cwd: folder });
    expect(lstatSync(own("link.csv")).isSymbolicLink()).toBe(true);
    expect(readFileSync(own("kept/real.csv"), "utf8")).toBe(`count\n${ROWS}\n`);
    expect(statSync(own("kept/real.csv")).mode & 0o777).toBe(0o640);
    expect(readdirSync(own("kept"))).toEqual(["real.csv"]);
  });

  test("a name of the greatest length is written", async () => {
    const to = `${"n".repeat(251)}.csv`;
    expect(await chunked("data.csv", { agg: "*:count", to, cwd: folder })).toMatchObject({ path: own(to), rows: 1 });
  });

  test.each(["n.csv", "n.parquet", "n.arrow"])("a folder that cannot be written is told as such: %s", async (name) => {
    const failing = chunked("data.csv", { agg: "*:count", to: `/dev/fd/${name}`, cwd: folder });
    await expect(failing).rejects.toMatchObject({
      code: "E_BAD_TARGET",
      message: expect.stringContaining("written"),
    });
  });

  test("a full disk is told as that of the target, and nothing of the draft is left", async () => {
    mkdirSync(own("full"));
    const target = { path: own("full/n.arrow"), kind: "arrow", isPacked: false } as const;
    const failing = throughDraft(target, undefined, async (draft) => {
      writeFileSync(draft, "half");
      throw new Error("ENOSPC: no space left on device, write");
    });
    await expect(failing).rejects.toMatchObject({ code: "E_NO_SPACE", message: expect.stringContaining("n.arrow") });
    expect(readdirSync(own("full"))).toEqual([]);
  });

  test("its plan names the engine that would write it, and refuses what the run would", async () => {
    const plan = await explainChunked("data.csv", { agg: "*:count", to: "planned.csv", cwd: folder });
    const { run } = await chunked("data.csv", { agg: "*:count", to: "planned.csv", cwd: folder });
    expect(plan).toMatchObject({ engine: run.engine, reason: run.reason });
    for (const [options, code] of [
      [{ to: "planned.xlsx" }, "E_BAD_TARGET"],
      [{ to: "planned.xlsx", engine: "spark" }, "E_BAD_TARGET"],
    ] as const)
      await expect(explainChunked("data.csv", { agg: "*:count", ...options, cwd: folder })).rejects.toMatchObject({
        code,
      });
    const there = { agg: "*:count", to: "planned.parquet", engine: "spark", cwd: folder };
    const reason = expect.stringContaining("writes the result in a folder of parts");
    expect(await explainChunked("data.csv", there)).toMatchObject({ engine: "Spark", reason });
  });

  test("a limit that is none is refused", async () => {
    const failing = chunked("data.csv", { limit: 1.5, to: "limited.csv", cwd: folder });
    await expect(failing).rejects.toMatchObject({ code: "E_BAD_OPTION" });
  });

  test("what an Arrow file would hold in lists is refused with a format that can", async () => {
    const failing = chunked("data.csv", { agg: "id:list", to: "lists.arrow", cwd: folder });
    await expect(failing).rejects.toMatchObject({ code: "E_BAD_TARGET", hint: expect.stringContaining(".parquet") });
  });

  test("sums beyond 64 bits are decimals in Parquet, with every digit", async () => {
    await chunked("data.csv", { agg: "big:sum", to: "wide.parquet", cwd: folder });
    const { values } = await chunked("wide.parquet", {
      agg: "n=big_sum:nunique",
      where: `big_sum = ${2n ** 61n * BigInt(ROWS) + (BigInt(ROWS) * BigInt(ROWS - 1)) / 2n}`,
      cwd: folder,
    });
    expect(values).toEqual([[1]]);
  });
});
