import {
  appendFileSync,
  copyFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { chunked } from "../../../src/chunked/chunked.ts";
import { openDuckdb } from "../../../src/duckdb/session.ts";
import type { DataFrame } from "../../../src/frame/frame.ts";

const ROWS = 400_000;
let cwd: string;

beforeAll(async () => {
  cwd = mkdtempSync(path.join(tmpdir(), "outgrow-bad-input-"));
  const lines = Array.from({ length: ROWS }, (_, i) => `${i},${(i * 7919) % 65_537},t${i % 5}`);
  writeFileSync(own("data.csv"), `id,v,tag\n${lines.join("\n")}\n`);
  await chunked("data.csv", { to: "data.parquet", cwd });
});
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

const own = (name: string) => path.join(cwd, name);
const countRows = (chunk: DataFrame) => chunk.shape[0];

/** What is left in the system's temporary folder by this process. */
const leftovers = () => readdirSync(tmpdir()).filter((name) => name.startsWith(`outgrow-duckdb-${process.pid}-`));

describe("a Parquet file", () => {
  test.each([0.1, 0.5, 0.8])(
    "with a page that is hurt at %d of its length is told as damaged in every form",
    async (at) => {
      const whole = readFileSync(own("data.parquet"));
      const from = Math.floor(whole.length * at);
      writeFileSync(own("hurt.parquet"), Buffer.from(whole).fill(0xa5, from, from + 3000));
      const damaged = { name: "DataError", code: "E_DAMAGED_FILE", message: expect.stringContaining("hurt.parquet") };
      const before = leftovers();
      await expect(chunked("hurt.parquet", { by: "tag", agg: "v:sum,id:max", cwd })).rejects.toMatchObject(damaged);
      await expect(chunked("hurt.parquet", countRows, { cwd })).rejects.toMatchObject(damaged);
      await expect(chunked("hurt.parquet", { to: "out.csv", cwd })).rejects.toMatchObject(damaged);
      expect(leftovers()).toEqual(before);
      expect(readdirSync(cwd)).not.toContain("out.csv");
    },
  );

  test("that is cut off is told as damaged", async () => {
    const whole = readFileSync(own("data.parquet"));
    writeFileSync(own("cut.parquet"), whole.subarray(0, whole.length / 2));
    await expect(chunked("cut.parquet", { agg: "*:count", cwd })).rejects.toMatchObject({ code: "E_DAMAGED_FILE" });
  });
});

describe("a file that changes while chunks of it are worked on", () => {
  const changes = {
    shrinks: (file: string) => truncateSync(file, 10_000),
    grows: (file: string) => appendFileSync(file, "1,1,t\n"),
    "is written anew": (file: string) => writeFileSync(file, readFileSync(file).reverse()),
  };
  const cases = ["csv", "parquet"].flatMap((format) =>
    Object.entries(changes).map(([what, change]) => [format, what, change] as const),
  );

  test.each(cases)("%s: that it %s is told, whatever the engine says", async (format, _, change) => {
    const file = own(`moving.${format}`);
    copyFileSync(own(`data.${format}`), file);
    const work = chunked(
      file,
      async (chunk, { index }) => {
        // A later time than that of the copy.
        await new Promise((resolve) => setTimeout(resolve, 5));
        if (index === 1) change(file);
        return countRows(chunk);
      },
      { chunksize: 20_000, cwd },
    );
    await expect(work).rejects.toMatchObject({
      name: "DataError",
      code: "E_FILE_CHANGED",
      message: expect.stringMatching(/^moving\.(csv|parquet) (became shorter|grew|was written to) while/),
    });
  });
});

test("a disk that is full of spilled data is told as that, and nothing of it is left", async () => {
  const session = await openDuckdb({ memoryLimit: 48 * 2 ** 20, threads: 1, tempRoot: cwd });
  await session.execute("SET max_temp_directory_size = '2MiB'");
  const spilling = session.query(
    "SELECT count(*) FROM (SELECT range AS i, md5(range::VARCHAR) AS h FROM range(2000000) ORDER BY h)",
  );
  await expect(spilling).rejects.toMatchObject({
    name: "EngineError",
    code: "E_NO_TEMP_SPACE",
    hint: expect.stringContaining("TMPDIR"),
  });
  await session.close();
  expect(readdirSync(cwd).filter((name) => name.startsWith("outgrow"))).toEqual([]);
});

describe("a function that is wrong about the columns", () => {
  test("is told the column that it meant, and in which chunk", async () => {
    const call = (chunk: DataFrame) => chunk.groupby(["tga"]).col(["v"]).sum();
    await expect(chunked("data.csv", call, { cwd })).rejects.toMatchObject({
      code: "E_NO_COLUMN",
      message: expect.stringContaining("(in chunk 1, rows 1 to 50,000)"),
      hint: expect.stringContaining("tag"),
    });
    await expect(chunked("data.csv", countRows, { usecols: "idd", cwd })).rejects.toMatchObject({
      code: "E_NO_COLUMN",
    });
  });
});
