import { writeFileSync } from "node:fs";
import type { DuckdbSession } from "../../../src/duckdb/session.ts";
import { type Difference, type Found, firstDifference } from "./compare.ts";
import { columnsByDuckdb, groupsByDuckdb } from "./duckdb-peer.ts";
import { nearestDouble } from "./exact.ts";
import type { Expectation } from "./expect-case.ts";
import { bytesOf, type ScanCase } from "./generate.ts";
import type { Cell, Expected } from "./reference.ts";

/** Where DuckDB and the reference differ over a case: texts, values, groups. */
export async function differenceToDuckdb(
  session: DuckdbSession,
  file: string,
  one: ScanCase,
  { columns, values, result }: Expectation,
): Promise<(Difference & { what: string }) | undefined> {
  writeFileSync(file, bytesOf(one));
  const read = await columnsByDuckdb(session, file, one.dialect, columns);
  const inValues = firstDifference(read, expectedOf(columns, values), 0, "loose");
  if (inValues) return { what: "values", ...inValues };
  const groups: Found[] = await groupsByDuckdb(session, file, one.dialect, columns, one.request);
  const inGroups = firstDifference(groups, result.columns, one.request.keys.length, "loose");
  return inGroups && { what: "groups", ...inGroups };
}

function expectedOf(columns: Expectation["columns"], values: readonly (readonly Cell[])[]) {
  return columns.map(({ name, type }, at) => ({
    name,
    cells: (values[at] ?? []).map((cell): Expected => {
      const shown =
        type.kind === "decimal" && cell !== null
          ? nearestDouble({ top: cell as bigint, bottom: 10n ** BigInt(type.scale) })
          : cell;
      return { cell: shown, slack: 0, loose: 0 };
    }),
  }));
}
