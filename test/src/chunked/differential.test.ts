import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, expect, test } from "vitest";
import { chunked } from "../../../src/chunked/chunked.ts";
import type { DataFrame } from "../../../src/frame/frame.ts";
import { type Cell, type Dataset, makeDataset, type Random, randomOf } from "./datasets.ts";
import { reference } from "./reference.ts";

// Every case is one generated data set and one query: the engine, the callback form in chunks of a random size, and a plain
// slow computation of the whole must agree. More cases: OUTGROW_CASES=400 npm test -- test/src/chunked/differential
const CASES = Number(process.env.OUTGROW_CASES ?? 60);
const SEED = Number(process.env.OUTGROW_SEED ?? 1);

const folder = mkdtempSync(path.join(tmpdir(), "outgrow-test-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Query {
  readonly by: readonly string[];
  readonly aggregates: readonly { readonly column: string; readonly fn: string }[];
}

const ANY = ["count", "nunique", "min", "max"];
const NUMBERS = [...ANY, "sum", "mean", "var", "std", "median"];
/** What a group-by of a chunk can merge. */
const MERGED = new Set(["sum", "mean", "count", "min", "max", "std", "var", "nunique"]);

function makeQuery(random: Random, data: Dataset, hasKeys: boolean): Query {
  const names = [...random.shuffled(data.columns)];
  const by = hasKeys ? names.splice(0, random.below(4) === 0 ? 2 : 1) : [];
  const aggregates = names.flatMap(({ name, kind }) => {
    const fns = kind === "number" ? NUMBERS : kind === "bool" ? [...ANY, "sum", "mean", "any", "all"] : ANY;
    return random
      .shuffled(fns)
      .slice(0, 1 + random.below(4))
      .map((fn) => ({ column: name, fn }));
  });
  return { by: by.map(({ name }) => name), aggregates };
}

const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`;

function byEngine(file: string, { by, aggregates }: Query) {
  const agg = [...aggregates.map(({ column, fn }) => `${quoted(column)}:${fn}`), "*:count"].join(",");
  return chunked(file, { by: by.map(quoted).join(","), agg });
}

async function byChunks(file: string, { by, aggregates }: Query, chunksize: number): Promise<DataFrame> {
  const fns: Record<string, string[]> = Object.create(null);
  for (const { column, fn } of aggregates) fns[column] = [...(fns[column] ?? []), fn];
  return (await chunked(file, (chunk) => chunk.groupby([...by]).agg(fns), { chunksize })) as DataFrame;
}

/** Sums, means and deviations agree to 1e-12 of the size of what was added; everything else is the same. */
function expectSame(
  found: DataFrame,
  wanted: { columns: string[]; rows: Cell[][]; scales: (number | undefined)[][] },
  form: string,
) {
  expect(found.columns).toEqual(wanted.columns);
  const rows = found.values as Cell[][];
  expect(rows.length).toBe(wanted.rows.length);
  for (const [i, row] of rows.entries()) {
    for (const [j, value] of row.entries()) {
      const [expected, scale] = [wanted.rows[i]?.[j], wanted.scales[i]?.[j]];
      const isNear =
        scale !== undefined &&
        typeof value === "number" &&
        typeof expected === "number" &&
        Math.abs(value - expected) <= 1e-12 * scale;
      if (!isNear)
        expect({ row: i, column: wanted.columns[j], value: plain(value), form }).toEqual({
          row: i,
          column: wanted.columns[j],
          value: plain(expected),
          form,
        });
    }
  }
}

/** -0 is 0, and a whole bigint is its number: the column as a whole is bigint when one of its values has to be. */
function plain(value: unknown): unknown {
  if (typeof value === "bigint" && Number.isSafeInteger(Number(value))) return Number(value);
  return value === 0 ? 0 : value;
}

test.each(Array.from({ length: CASES }, (_, i) => SEED * 10_000 + i))(
  "case %i",
  async (seed) => {
    const random = randomOf(seed);
    const data = makeDataset(random);
    const file = path.join(folder, `${seed}.${data.extension}`);
    writeFileSync(file, data.content);
    const query = makeQuery(random, data, random.below(6) > 0);
    const engine = await byEngine(file, query);
    expectSame(engine, reference(data, query.by, [...query.aggregates, { column: "*", fn: "count" }]), "engine");
    expect(engine.run).toMatchObject({ rows: data.rows.length, complete: true });
    const mergeable = { by: query.by, aggregates: query.aggregates.filter(({ fn }) => MERGED.has(fn)) };
    if (query.by.length === 0 || mergeable.aggregates.length === 0) return;
    const chunks = await byChunks(file, mergeable, 1 + random.below(data.rows.length + 5));
    expectSame(chunks, reference(data, mergeable.by, inOrder(mergeable.aggregates)), "chunks");
  },
  60_000,
);

/** `agg` gives the results column by column. */
function inOrder(aggregates: Query["aggregates"]): Query["aggregates"] {
  const columns = [...new Set(aggregates.map(({ column }) => column))];
  return columns.flatMap((name) => aggregates.filter(({ column }) => column === name));
}
