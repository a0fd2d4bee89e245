import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { planFor } from "../../../../src/chunked/engines/by-duckdb.ts";
import { spillNotes } from "../../../../src/chunked/engines/spill.ts";
import { type DuckdbSession, openDuckdb } from "../../../../src/duckdb/session.ts";
import type { QueryWords } from "../../../../src/query/plan.ts";
import { resolveSource } from "../../../../src/source/resolve.ts";

const ROWS = 200_000;
const folder = mkdtempSync(path.join(tmpdir(), "outgrow-spill-"));
let session: DuckdbSession;
beforeAll(async () => {
  const lines = Array.from({ length: ROWS }, (_, i) => `${i},c${i % 20},${i % 7},${i % 900},n${i % 900}`);
  writeFileSync(path.join(folder, "data.csv"), `id,kind,v,user,name\n${lines.join("\n")}\n`);
  session = await openDuckdb();
});
afterAll(async () => {
  await session.close();
  rmSync(folder, { recursive: true, force: true });
});

/** With so much memory and disk. */
async function notesOf(words: QueryWords, memoryLimit: number, tempFree: number): Promise<string[]> {
  const source = await resolveSource("data.csv", { cwd: folder });
  const { described, plan } = await planFor(session, source, words);
  const bounds = {
    memoryLimit: { value: memoryLimit },
    tempFree: { value: tempFree },
    query: { value: session.query.bind(session) },
  };
  return spillNotes(Object.create(session, bounds) as DuckdbSession, source, described, plan, undefined);
}

const MANY: QueryWords = { by: "id", agg: "v:sum" };
const MB = 1e6;

test("groups that have no room in memory and on the disk are refused before they are made, with the ways out", async () => {
  const error = await notesOf(MANY, MB, 2 * MB).catch((failure: unknown) => failure);
  expect(error).toMatchObject({
    name: "EngineError",
    code: "E_NO_TEMP_SPACE",
    hint: expect.stringMatching(/TMPDIR.*-e spark/),
  });
  expect(String(error)).toMatch(/about 1\d(\.\d)? Mi?B of temporary files, and (2|1\.9) Mi?B are free/);
});

test("what may fit runs, and is told", async () => {
  expect(await notesOf(MANY, MB, 10 * MB)).toEqual([expect.stringMatching(/^the groups may take about .* are free$/)]);
});

test("what fits, few groups, none, a condition and computed keys say nothing", async () => {
  expect(await notesOf(MANY, MB, 100 * MB)).toEqual([]);
  for (const words of [
    { by: "kind", agg: "v:sum" },
    { agg: "v:sum" },
    { ...MANY, where: "v = 3" },
    { by: "id % 3 AS k", agg: "v:sum" },
  ])
    expect(await notesOf(words, MB, 2 * MB)).toEqual([]);
});

test("keys that go together make few groups, whatever a sample of each lets expect", async () => {
  expect(await notesOf({ by: "user,name", agg: "v:sum" }, MB, MB / 2)).toEqual([]);
});
