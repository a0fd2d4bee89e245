import { aggregate } from "../../duckdb/aggregate.ts";
import { retypeVoid } from "../../duckdb/describe.ts";
import { leftOutNotes } from "../../duckdb/left-out.ts";
import type { DuckdbSession } from "../../duckdb/session.ts";
import { type SpansOfTime, withSpans } from "../../duckdb/spans-of-time.ts";
import { UsageError } from "../../errors.ts";
import type { ProgressListener } from "../../progress.ts";
import { mentions, planQuery, type QueryPlan } from "../../query/plan.ts";
import { driftNotes } from "../../source/drift.ts";
import { withFileChecks } from "../../source/file-checks.ts";
import type { FileSource } from "../../source/source.ts";
import { withNumberAdvice } from "../../source/text-columns.ts";
import type { Found } from "../answer.ts";
import { doubtNotes, readingNotes } from "../notes.ts";
import type { ChunkedOptions } from "../options.ts";
import { withPlace } from "./misfit-place.ts";
import { describeSettled, type SettledSource, withWidened } from "./settled-types.ts";
import { spillNotes } from "./spill.ts";

/** The query by the general engine: every format, every function, and it spills to disk when it must. */
export async function aggregateByDuckdb(
  session: DuckdbSession,
  source: FileSource,
  options: ChunkedOptions,
  onProgress: ProgressListener,
): Promise<Found> {
  const planned = await planFor(session, source, { ...options, onProgress });
  const { described, plan } = planned;
  const spill = await spillNotes(session, source, planned, { signal: options.signal, onProgress });
  const { columns, inputRows, notes } = await withFileChecks(source, options.signal, () =>
    aggregate(session, source, described, plan, { onProgress }),
  ).catch(async (failure: unknown) => {
    throw withWidened(await withPlace(failure, source, options), described);
  });
  return {
    engine: "DuckDB",
    columns: withSpans(columns, spansIn(plan, described.spans)),
    rows: inputRows,
    notes: [
      ...spill,
      ...notes,
      ...driftNotes(described.drift),
      ...(described.notes ?? []),
      ...doubtNotes(described.columns, options),
      ...readingNotes(described, plan.columns.filter(isGiven(plan))),
      ...(await leftOutNotes(session, source)),
    ],
  };
}

/** What of the result is a span of time where a column is one: keys, and such added up. */
function spansIn({ keys, aggregates }: QueryPlan, spans: SpansOfTime = new Map()): SpansOfTime {
  const plain = keys.filter(({ expression }) => expression === undefined).map(({ name }) => ({ name, column: name }));
  const kept = [...plain, ...aggregates.filter(({ fn }) => KEEPS_SPAN.has(fn))];
  return new Map(
    kept.flatMap(({ name, column }) => {
      const span = spans.get(column);
      return span ? [[name, span] as const] : [];
    }),
  );
}

const KEEPS_SPAN: ReadonlySet<string> = new Set(["sum", "min", "max", "mode", "first", "last"]);

/** Whether values of a column are in the result. */
function isGiven({ keys, aggregates }: QueryPlan): (column: { readonly name: string }) => boolean {
  const given = aggregates.filter(({ fn }) => fn !== "count" && fn !== "nunique").map(({ column }) => column);
  const names = new Set([...keys.map(({ name }) => name), ...given]);
  return ({ name }) => names.has(name);
}

export interface Planned {
  readonly described: SettledSource;
  readonly plan: QueryPlan;
}

/** A sum over a column without any value is null, not an error: what looks like text may be nothing at all. */
export async function planFor(session: DuckdbSession, source: FileSource, options: ChunkedOptions): Promise<Planned> {
  const described = await describeSettled(session, source, options);
  try {
    return { described, plan: planQuery(described, options) };
  } catch (failure) {
    if (!(failure instanceof UsageError) || failure.code !== "E_WRONG_TYPE") throw failure;
    const retyped = await retypeVoid(session, source, described, mentions(options));
    try {
      return { described: retyped, plan: planQuery(retyped, options) };
    } catch (wrong) {
      throw await withNumberAdvice(wrong, source);
    }
  }
}
