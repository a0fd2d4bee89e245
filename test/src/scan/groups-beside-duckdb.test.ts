import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { aggregate } from "../../../src/duckdb/aggregate.ts";
import { describeSource } from "../../../src/duckdb/describe.ts";
import { type DuckdbSession, openDuckdb } from "../../../src/duckdb/session.ts";
import type { EngineColumn } from "../../../src/query/engine-table.ts";
import { planQuery } from "../../../src/query/plan.ts";
import type { GroupAggregate } from "../../../src/scan/request.ts";
import { scanGroups } from "../../../src/scan/scan-groups.ts";
import { sniffTable } from "../../../src/scan/sniff.ts";
import { resolveSource } from "../../../src/source/resolve.ts";
import { cellsOf } from "./group-rows.ts";
import { testFolder, writeSource } from "./scan-table.ts";

const folder = testFolder();
let session: DuckdbSession;
beforeAll(async () => {
  session = await openDuckdb({ memoryLimit: 512 * 2 ** 20, threads: 2 });
});
afterAll(() => session[Symbol.asyncDispose]());

interface Answer {
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  readonly rows: readonly (readonly unknown[])[];
}

/** One aggregate query by both engines. */
async function both(text: string, by: string, agg: string, dtype = ""): Promise<readonly [Answer, Answer]> {
  writeSource(folder, "data.csv", text);
  const source = await resolveSource("data.csv", { cwd: folder });
  const described = await describeSource(session, source);
  const plan = planQuery(described, { by, agg, dtype });
  const theirs = await aggregate(session, source, described, plan);
  const table = await sniffTable(source, { dtype });
  const aggregates = plan.aggregates as readonly GroupAggregate[];
  const ours = await scanGroups(table, { keys: plan.keys.map(({ name }) => name), aggregates, sorted: true });
  expect(ours.matched).toBe(theirs.inputRows);
  return [answerOf(ours.columns), answerOf(theirs.columns)];
}

function answerOf(columns: readonly EngineColumn[]): Answer {
  return { columns: columns.map(({ name, type }) => ({ name, type })), rows: cellsOf(columns) };
}

/** Doubles may lie a little beside one another where an engine adds them up. */
function expectSame([ours, theirs]: readonly [Answer, Answer]): void {
  expect(ours.columns).toEqual(theirs.columns);
  expect(ours.rows.length).toBe(theirs.rows.length);
  for (const [row, cells] of ours.rows.entries())
    for (const [i, cell] of cells.entries()) {
      const other = theirs.rows[row]?.[i];
      const { name = "" } = ours.columns[i] ?? {};
      if (/_(sum|mean|var|std)$/.test(name) && Number.isFinite(cell) && typeof other === "number")
        expect(Math.abs((cell as number) - other), name).toBeLessThanOrEqual(1e-12 * Math.abs(other) + 1e-12);
      else expect(cell === 0 ? 0 : cell, `row ${row}, ${name}`).toEqual(other === 0 ? 0 : other);
    }
}

const NUMBERS = ["sum", "mean", "count", "min", "max", "var", "std", "nunique", "any", "all"];
const OTHERS = ["count", "min", "max", "nunique"];
const ask = (columns: string, functions: readonly string[]) =>
  [...columns].flatMap((column) => functions.map((fn) => `${column}:${fn}`)).join(",");

describe("names, types and values are those of the general engine", () => {
  test("for every function and kind of column", async () => {
    const some = <T>(values: fc.Arbitrary<T>) => fc.option(values, { nil: "" as const, freq: 4 });
    const day = fc.date({ min: new Date("1950-01-01"), max: new Date("2090-01-01"), noInvalidDate: true });
    const row = fc.tuple(
      some(fc.constantFrom("north", "south", "é", "Z")),
      some(fc.oneof(fc.integer({ min: -3, max: 3 }), fc.bigInt({ min: -(2n ** 62n), max: 2n ** 62n }))),
      some(fc.integer({ min: -9_999_999, max: 9_999_999 }).map((cents) => (cents / 100).toFixed(2))),
      some(fc.double({ min: -1e12, max: 1e12, noNaN: true })),
      some(fc.boolean()),
      some(day.map((date) => date.toISOString().slice(0, 10))),
      some(day.map((date) => date.toISOString())),
    );
    // A row that shows the type of each column.
    const first = ["north", "1", "1.25", "1.0625e-7", "true", "2024-02-29", "2024-02-29T12:00:00.5Z"].join(",");
    const aggregates = ["*:count", ask("imfb", NUMBERS), ask("sdt", OTHERS)].join(",");
    await fc.assert(
      fc.asyncProperty(
        fc.array(row, { maxLength: 50 }),
        fc.constantFrom("", "s", "i", "b", "d", "t", "m", "s,b", "d,s,i"),
        async (rows, by) => {
          const text = ["s,i,m,f,b,d,t", first, ...rows.map((cells) => cells.join(",")), ""].join("\n");
          expectSame(await both(text, by, aggregates));
        },
      ),
      { numRuns: 12, seed: 41 },
    );
  });

  test("for sums beyond 64 bits", async () => {
    const text = `k,v\na,9223372036854775807\na,1\nb,-9223372036854775808\nb,-1\nc,5\n`;
    const [ours, theirs] = await both(text, "k", "v:sum,v:mean,v:min,v:max");
    expect(ours).toEqual(theirs);
    expectSame(await both("v\n9223372036854775807\n1\n", "", "v:sum"));
  });

  test("for declared types", async () => {
    const text = "k,n,m,f\n1,5,1.25,0.1\n1,7,2.50,0.2\n2,,,\n";
    const dtype = "k:int8,n:int32,m:decimal(9, 2),f:float32";
    expectSame(await both(text, "k", "n:sum,n:min,n:mean,m:sum,m:min,m:mean,f:sum,f:max,f:mean", dtype));
    expectSame(await both(text, "m", "*:count,f:nunique", dtype));
    expectSame(await both("k,v\n007,1\n7,2\n", "k", "v:sum", "k:str"));
  });

  test("for NaN and infinities", async () => {
    const text = "k,v\na,1.5\na,nan\nb,inf\nb,-inf\nc,inf\nc,2.5\nd,nan\n,-0.0\n,0.0\n";
    expectSame(await both(text, "k", ask("v", NUMBERS), "v:float64"));
    expectSame(await both(text, "v", "*:count,k:max", "v:float64"));
  });
});
