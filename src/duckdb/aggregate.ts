import type { EngineTable } from "../query/engine-table.ts";
import type { QueryPlan } from "../query/plan.ts";
import type { FileSource } from "../source/source.ts";
import { type AggregateOptions, aggregateTable } from "./aggregate-table.ts";
import type { Question } from "./attempt.ts";
import { groupsOfCloseKeys } from "./close-groups.ts";
import type { DescribedSource } from "./describe.ts";
import type { DuckdbSession } from "./session.ts";
import { trustingFooters } from "./trusted-footers.ts";

export interface AggregateResult extends EngineTable {
  /** Rows that went into it: after `where`. */
  readonly inputRows: number;
  /** What a reader of the result should know. */
  readonly notes: readonly string[];
}

/**
 * Runs an aggregate query over a source: rows sorted by key, null last, one row without keys.
 *
 * Sums and means of decimals (`12.50`) are exact; where large ones cancel out each value is counted in units of the last place, by a second query. Other sums of doubles are compensated, so that repeated runs agree to the last digits.
 *
 * Groups of whole numbers that lie close together are read as the engine finds them. Any other result is a table of the engine first, which keeps on disk what its memory does not hold, and is read from there into columns of exactly its
 * length: a result never lies in memory twice.
 *
 * @throws {UsageError | DataError | EngineError | MemoryLimitError | Interrupted}
 */
export async function aggregate(
  session: DuckdbSession,
  source: FileSource,
  described: DescribedSource,
  plan: QueryPlan,
  options: AggregateOptions = {},
): Promise<AggregateResult> {
  return trustingFooters(session, source, described, plan, (question) => answered(question, options));
}

async function answered(question: Question, options: AggregateOptions): Promise<Omit<AggregateResult, "notes">> {
  const { session, plan } = question;
  const close = await groupsOfCloseKeys(question, options);
  if (close) return close;
  const { sql, rows, inputRows, drop } = await aggregateTable(question, options);
  const table = await session.read(sql, rows, { operation: "aggregate", types: keyTypes(plan) });
  await drop();
  return { ...table, inputRows };
}

function keyTypes(plan: QueryPlan): Record<string, string> {
  const categories = plan.columns.filter(({ name, type }) => type === "category" && isKey(plan, name));
  return Object.fromEntries(categories.map(({ name }) => [name, "category"]));
}

function isKey({ keys }: QueryPlan, column: string): boolean {
  return keys.some(({ name, expression }) => name === column && expression === undefined);
}
