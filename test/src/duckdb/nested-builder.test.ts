import type { DuckDBDataChunk, DuckDBValueConverter } from "@duckdb/node-api";
import { afterEach, expect, test, vi } from "vitest";
import { loadDuckdb } from "../../../src/duckdb/api.ts";
import { createBuilder } from "../../../src/duckdb/builder.ts";
import { Interrupted } from "../../../src/errors.ts";

afterEach(() => vi.restoreAllMocks());

const LISTS = `SELECT CASE WHEN i = 3 THEN NULL WHEN i = 1 THEN [] WHEN i = 2 THEN [NULL, 2, 2 ** 53] ELSE range(100000 + i) END::BIGINT[] AS l
  FROM range(5) t(i) ORDER BY i`;

test("a long list is read in slices with turns between, and the others beside it as they are", async () => {
  const { chunk, convert } = await firstChunk(LISTS);
  let clock = 0;
  vi.spyOn(performance, "now").mockImplementation(() => (clock += 10));
  let turns = 0;
  const pause = async () => void turns++;
  const builder = createBuilder("l", "BIGINT[]", { convert, pause });
  await builder.append(chunk, 0, 0, 2);
  expect(turns).toBe(Math.ceil(100_000 / 1024));
  await builder.append(chunk, 0, 2, 3);
  const range = (length: number) => Array.from({ length }, (_, i) => i);
  expect(builder.finish()).toEqual({
    name: "l",
    type: "list",
    values: [range(100_000), [], [null, 2, 2n ** 53n], null, range(100_004)],
  });
});

test("no more is read of an engine that was closed in a turn", async () => {
  const { chunk, convert } = await firstChunk(LISTS);
  let clock = 0;
  vi.spyOn(performance, "now").mockImplementation(() => (clock += 10));
  const pause = () => Promise.reject(new Interrupted());
  await expect(createBuilder("l", "BIGINT[]", { convert, pause }).append(chunk, 0, 0, 5)).rejects.toThrow(Interrupted);
});

async function firstChunk(sql: string) {
  const { DuckDBInstance, JSDuckDBValueConverter } = await loadDuckdb();
  const connection = await (await DuckDBInstance.create(":memory:")).connect();
  const chunk = await (await connection.run(sql)).fetchChunk();
  return { chunk: chunk as DuckDBDataChunk, convert: JSDuckDBValueConverter as DuckDBValueConverter<unknown> };
}
