import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { explainChunked, explanationDocument } from "../../../../src/chunked/chunked.ts";
import { planFor } from "../../../../src/chunked/engines/by-duckdb.ts";
import { spillNotes } from "../../../../src/chunked/engines/spill.ts";
import type { QueryOptions } from "../../../../src/duckdb/query-options.ts";
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
  const planned = await planFor(session, source, words);
  const bounds = {
    memoryLimit: { value: memoryLimit },
    tempFree: { value: tempFree },
    query: {
      value: (sql: string, options?: QueryOptions) => {
        options?.onProgress?.({ operation: "query", fraction: 0.5 });
        return session.query(sql, options);
      },
    },
  };
  return spillNotes(Object.create(session, bounds) as DuckdbSession, source, planned, {
    onProgress: ({ note }) => told.add(note),
  });
}

const MANY: QueryWords = { by: "id", agg: "v:sum" };
const MB = 1e6;
/** What was told while groups were counted. */
const told = new Set<string | undefined>();

test("groups that have no room in memory and on the disk are refused before they are made, with the ways out", async () => {
  const error = await notesOf(MANY, MB, 2 * MB).catch((failure: unknown) => failure);
  expect(error).toMatchObject({
    name: "EngineError",
    code: "E_NO_TEMP_SPACE",
    hint: expect.stringMatching(/TMPDIR.*-e spark/),
  });
  expect([...told]).toEqual([expect.stringMatching(/^counts the groups/)]);
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

test("a plan says what the groups take, by a sample, and what there is for them", async () => {
  const explained = (words: QueryWords) => explainChunked("data.csv", { ...words, cwd: folder, memoryLimit: "64MiB" });
  const { room } = await explained({ by: "id", agg: "v:median" });
  expect(room).toMatchObject({ memory: 64 * 2 ** 20, disk: expect.any(Number) });
  expect(room?.groups).toBeGreaterThan(ROWS / 2);
  const said = async (words: QueryWords) => JSON.stringify(explanationDocument(await explained(words)));
  expect(await said({ by: "kind", agg: "v:median" })).toMatch(
    /"about 20 groups of 3(\.\d)? MiB in 64\.0 MiB of memory"/,
  );
  expect(await said({ by: "kind", agg: "v:median", where: "v = 3" })).toContain("at most about 20 groups of");
  expect(await explained({ by: "kind", agg: "v:sum" })).toMatchObject({ engine: "scanner", room: undefined });
  const told = await explained({ by: "id", agg: "v:median" });
  const small = { groups: 1000, need: 5 * MB, memory: MB, disk: MB };
  expect(JSON.stringify(explanationDocument({ ...told, room: small }))).toContain(
    "about 1,000 groups: about 3.8 MiB of temporary files, and 977 KiB are free",
  );
});
