import { writeFileSync } from "node:fs";
import type { DuckdbSession } from "../../../src/duckdb/session.ts";
import { type Difference, type Found, firstDifference } from "./compare.ts";
import { columnsByDuckdb, groupsByDuckdb } from "./duckdb-peer.ts";
import { type Expectation, expectedColumns } from "./expect-case.ts";
import { bytesOf, type ScanCase } from "./generate.ts";

/** Where DuckDB and the reference differ over a case: texts, values, groups. */
export async function differenceToDuckdb(
  session: DuckdbSession,
  file: string,
  one: ScanCase,
  expectation: Expectation,
): Promise<(Difference & { what: string }) | undefined> {
  const { columns, result } = expectation;
  writeFileSync(file, bytesOf(one));
  const read = await columnsByDuckdb(session, file, one.dialect, columns);
  const inValues = firstDifference(read, expectedColumns(expectation), 0, "loose");
  if (inValues) return { what: "values", ...inValues };
  const groups: Found[] = await groupsByDuckdb(session, file, one.dialect, columns, one.request);
  const inGroups = firstDifference(groups, result.columns, one.request.keys.length, "loose");
  return inGroups && { what: "groups", ...inGroups };
}
