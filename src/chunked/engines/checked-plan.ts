import type { DuckdbSession } from "../../duckdb/session.ts";
import { inUtf8 } from "../../duckdb/utf8-copy.ts";
import { UsageError } from "../../errors.ts";
import { planQuery, planRows, type QueryPlan, type SourceSchema, wantsRows } from "../../query/plan.ts";
import type { FileSource } from "../../source/source.ts";
import type { ChunkedOptions } from "../options.ts";
import { planFor } from "./by-duckdb.ts";
import { sourceSchema } from "./source-schema.ts";

export interface CheckedPlan {
  readonly schema: SourceSchema;
  readonly plan: QueryPlan;
}

/** A query over a source, checked before the data are read, and the source's columns. */
export async function checkedPlan(
  engine: () => Promise<DuckdbSession>,
  source: FileSource,
  options: ChunkedOptions,
): Promise<CheckedPlan> {
  try {
    const schema = await sourceSchema(engine, source, options);
    return { schema, plan: planOf(schema, options) };
  } catch (failure) {
    // What looks like text may hold no value at all, which takes a look at the whole.
    if (!(failure instanceof UsageError) || failure.code !== "E_WRONG_TYPE" || source.format !== "csv") throw failure;
    const session = await engine();
    const { described, plan } = await planFor(session, await inUtf8(session, source), options);
    return { schema: described, plan };
  }
}

/** The rows themselves where nothing is computed. */
export function planOf(schema: SourceSchema, options: ChunkedOptions): QueryPlan {
  return wantsRows(options) ? planRows(schema, options) : planQuery(schema, options);
}
