import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { copyTo } from "../../../src/duckdb/copy.ts";
import { openDuckdb } from "../../../src/duckdb/session.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), "outgrow-copy-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test.each(["parquet", "csv"] as const)(
  "a thousand rows of a thousand columns go to %s in little memory",
  async (kind) => {
    await using session = await openDuckdb({ memoryLimit: 256 * 2 ** 20, threads: 2 });
    const names = Array.from({ length: 1000 }, (_, i) => `c${i}`);
    const sql = `SELECT ${names.map((name, i) => `((i + ${i}) % 7)::VARCHAR AS ${name}`).join(", ")} FROM range(1000) AS r(i)`;
    const file = path.join(folder, `wide.${kind}`);
    expect(await copyTo(session, sql, file, { kind, isPacked: false })).toBe(1000);
    const { columns } = await session.query(`SELECT c999::BIGINT AS last FROM '${file}' ORDER BY last DESC LIMIT 1`);
    expect(Number(columns[0]?.values[0])).toBe(6);
  },
);
