import { writeFileSync } from "node:fs";
import { aggregateByDuckdb } from "../../../src/chunked/engines/by-duckdb.ts";
import type { DuckdbSession } from "../../../src/duckdb/session.ts";
import { OutgrowError } from "../../../src/errors.ts";
import { planQuery } from "../../../src/query/plan.ts";
import { ScanRefused } from "../../../src/scan/refused.ts";
import type { GroupFunction, GroupResult } from "../../../src/scan/request.ts";
import { scanGroups } from "../../../src/scan/scan-groups.ts";
import { sniffTable } from "../../../src/scan/sniff.ts";
import type { ScanOptions } from "../../../src/scan/threads/run-scan.ts";
import { pandasTypeOf } from "../../../src/scan/types/pandas-type.ts";
import { resolveSource } from "../../../src/source/resolve.ts";
import type { Random } from "../chunked/datasets.ts";
import { type Found, firstDifference, foundIn } from "./compare.ts";
import { type JsonCase, makeJson } from "./generate-json.ts";

/** Where the groups of JSON Lines are others than the general engine's; what the scanner leaves to that engine is no difference. */
export async function differenceInJson(
  session: DuckdbSession,
  file: string,
  random: Random,
  options: ScanOptions,
): Promise<object | undefined> {
  const one = makeJson(random);
  writeFileSync(file, one.text);
  const found = await scanned(file, one, options);
  if (found === undefined) return undefined;
  const shown = { options, query: one.query, text: one.text.length < 4000 ? one.text : `${one.text.slice(0, 4000)}…` };
  let wanted: readonly Found[];
  try {
    const source = await resolveSource(file);
    const { columns, rows } = await aggregateByDuckdb(session, source, one.query, () => undefined);
    if (rows !== found.matched) return { what: "rows", found: found.matched, expected: rows, ...shown };
    wanted = foundIn(columns);
  } catch (failure) {
    if (!(failure instanceof OutgrowError)) throw failure;
    return { found: "a result", expected: failure.message, ...shown };
  }
  const expected = wanted.map(({ name, cells }) => ({
    name,
    cells: cells.map((cell) => {
      const size = typeof cell === "number" && /_(sum|mean|var)$/.test(name) ? 1e-9 * Math.max(1, Math.abs(cell)) : 0;
      return { cell, slack: size, loose: size };
    }),
  }));
  const difference = firstDifference(foundIn(found.columns), expected, one.query.by.length, "slack");
  return difference && { ...difference, ...shown };
}

async function scanned(file: string, { query }: JsonCase, options: ScanOptions): Promise<GroupResult | undefined> {
  try {
    const table = await sniffTable(await resolveSource(file));
    const schema = { columns: table.columns.map(({ name, type }) => ({ name, type: pandasTypeOf(type) })) };
    const { aggregates, ...plan } = planQuery(schema, query);
    const keys = plan.keys.map(({ name }) => name);
    const asked = aggregates.map((aggregate) => ({ ...aggregate, fn: aggregate.fn as GroupFunction }));
    return await scanGroups(table, { keys, aggregates: asked, sorted: true }, options);
  } catch (failure) {
    if (failure instanceof ScanRefused) return undefined;
    // A column that is not in the table may be one that the scanner has no type for.
    if (failure instanceof OutgrowError && ["E_NO_COLUMN", "E_WRONG_TYPE"].includes(failure.code)) return undefined;
    throw failure;
  }
}
