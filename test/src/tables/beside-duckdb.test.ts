import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { aggregateByDuckdb } from "../../../src/chunked/engines/by-duckdb.ts";
import { aggregateTables } from "../../../src/chunked/engines/by-scanner.ts";
import { groupsOf } from "../../../src/chunked/engines/scan-plan.ts";
import { tablesPlanOf } from "../../../src/chunked/engines/tables-plan.ts";
import { type DuckdbSession, openDuckdb } from "../../../src/duckdb/session.ts";
import { groupTables } from "../../../src/scan/group-tables.ts";
import { holdTables } from "../../../src/tables/hold.ts";
import { schemaOfFields } from "../../../src/tables/table-source.ts";
import { randomOf } from "../chunked/datasets.ts";
import { makePlan, plain } from "./both-ways.ts";
import { makeTables } from "./make-tables.ts";

// The same query over the same tables by the scanner, into whose memory they are laid, and by DuckDB over temporary Parquet files.
const PLANS = 12;

let duckdb: DuckdbSession;
let taken = 0;

beforeAll(async () => {
  duckdb = await openDuckdb();
});

afterAll(async () => {
  await duckdb?.close();
});

describe("both ways give the same, to the type", () => {
  test.each(Array.from({ length: 12 }, (_, i) => i + 1))("seed %i", async (seed) => {
    const random = randomOf(seed);
    const source = makeTables(random);
    await using held = await holdTables(source);
    for (let i = 0; i < PLANS; i++) {
      const words = makePlan(random, schemaOfFields(source.fields ?? []));
      const plan = tablesPlanOf(source, words);
      const ours = "refused" in plan ? plan : await aggregateTables(source, plan, words, () => undefined);
      if ("refused" in ours) {
        expect(ours.refused).toMatch(/^"nano" is datetime64\[ns\] \(Timestamp|may cancel out$/);
        continue;
      }
      taken++;
      // Once more by the kernel that looks after its own memory.
      const looking = { build: "checked" } as const;
      const again =
        "refused" in plan ? ours : await groupTables(source.batches(), plan.columns, groupsOf(plan), looking);
      expect({ ...plain(again), rows: ours.rows }).toEqual(plain(ours));
      const theirs = await aggregateByDuckdb(duckdb, held.source, words, () => undefined);
      expect({ words, ...plain(ours) }).toEqual({ words, ...plain(theirs, ours.columns) });
    }
  });

  test("the scanner takes nearly all of them", () => {
    expect(taken).toBeGreaterThan(100);
  });
});
