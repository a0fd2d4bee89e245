import { aggregate } from "../duckdb/aggregate.ts";
import { type DescribedSource, describeSource, retypeVoid } from "../duckdb/describe.ts";
import type { DuckdbSession } from "../duckdb/session.ts";
import { UsageError } from "../errors.ts";
import type { ProgressListener } from "../progress.ts";
import { planQuery, type QueryPlan } from "../query/plan.ts";
import { withGzipCheck } from "../source/check-gzip.ts";
import type { FileSource } from "../source/source.ts";
import type { Answer } from "./answer.ts";
import type { ChunkedOptions } from "./options.ts";

/** The query by the general engine: every format, every function, and it spills to disk when it must. */
export async function aggregateByDuckdb(
  session: DuckdbSession,
  source: FileSource,
  options: ChunkedOptions,
  onProgress: ProgressListener,
): Promise<Omit<Answer, "reason">> {
  const { described, plan } = await planFor(session, source, options);
  const { columns, inputRows } = await withGzipCheck(source, options.signal, () =>
    aggregate(session, source, described, plan, { onProgress }),
  );
  return { engine: "DuckDB", columns, rows: inputRows, notes: [] };
}

interface Planned {
  readonly described: DescribedSource;
  readonly plan: QueryPlan;
}

/** A sum over a column without any value is null, not an error: what looks like text may be nothing at all. */
async function planFor(session: DuckdbSession, source: FileSource, options: ChunkedOptions): Promise<Planned> {
  const described = await describeSource(session, source);
  try {
    return { described, plan: planQuery(described, options) };
  } catch (failure) {
    if (!(failure instanceof UsageError) || failure.code !== "E_WRONG_TYPE") throw failure;
    const retyped = await retypeVoid(session, source, described);
    return { described: retyped, plan: planQuery(retyped, options) };
  }
}
