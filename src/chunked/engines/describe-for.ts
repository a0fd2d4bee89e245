import { type DescribedSource, describeSource } from "../../duckdb/describe.ts";
import type { DuckdbSession } from "../../duckdb/session.ts";
import { parseDtypes } from "../../query/dtypes.ts";
import { mentions, type QueryWords } from "../../query/plan.ts";
import { refuseConflicts } from "../../source/drift.ts";
import type { FileSource } from "../../source/source.ts";

/**
 * The schema of a source for a query.
 *
 * @throws {DataError} E_DRIFT for a column that is used and that no type holds of all files
 */
export async function describeFor(
  session: DuckdbSession,
  source: FileSource,
  words: QueryWords,
  looked: Parameters<typeof describeSource>[2] = {},
): Promise<DescribedSource> {
  const described = await describeSource(session, source, looked);
  refuseConflicts(described.conflicts ?? [], mentions(words), parseDtypes(words.dtype ?? {}));
  return described;
}
