import { checkSqlOfTypes } from "../duckdb/check-sql.ts";
import type { DuckdbSession } from "../duckdb/session.ts";
import { requireWriter } from "../duckdb/write/spool.ts";
import { parseDtypes } from "../query/dtypes.ts";
import { mentions, type QueryPlan } from "../query/plan.ts";
import { refuseConflicts } from "../source/drift.ts";
import type { FileSource } from "../source/source.ts";
import { type HeldFiles, holdTables } from "../tables/hold.ts";
import { isTableSource, schemaOfFields, type TableSource, typeInEngine } from "../tables/table-source.ts";
import { hasSql } from "./engines/absent-column.ts";
import { planOf } from "./engines/checked-plan.ts";
import { bytesOf, type ChunkedOptions } from "./options.ts";
import type { LocalSource } from "./source.ts";

type Engine = () => Promise<DuckdbSession>;

/** The files of one run: those that were named, or those that tables are laid into for it. */
export class RunFiles implements AsyncDisposable {
  #found: Promise<FileSource> | undefined;
  #held: HeldFiles | undefined;

  /** Bytes of temporary files. */
  get bytes(): number {
    return this.#held?.bytes ?? 0;
  }

  /** Files that the engines read. What a query has wrong is told before rows are copied. */
  of(
    source: LocalSource,
    engine: Engine,
    options: ChunkedOptions,
    onFraction: (fraction: number | undefined) => void,
  ): Promise<FileSource> {
    this.#found ??= isTableSource(source) ? this.#hold(source, engine, options, onFraction) : Promise.resolve(source);
    return this.#found;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#found?.catch(() => undefined);
    await this.#held?.[Symbol.asyncDispose]();
  }

  async #hold(
    source: TableSource,
    engine: Engine,
    options: ChunkedOptions,
    onFraction: (fraction: number | undefined) => void,
  ): Promise<FileSource> {
    const { fields } = source;
    if (fields !== undefined) await planTables(source, engine, options);
    const { signal, threads, memoryLimit } = options;
    this.#held = await holdTables(source, {
      signal,
      threads,
      memoryLimit: bytesOf(memoryLimit),
      isWanted: mentions(options),
      onFraction,
    });
    return this.#held.source;
  }
}

/**
 * A query over tables, checked and its SQL bound before any row is read.
 *
 * @throws {UsageError} as the query itself does
 */
export async function planTables(
  { fields = [], conflicts = [] }: Pick<TableSource, "fields" | "conflicts">,
  engine: Engine,
  options: ChunkedOptions,
): Promise<QueryPlan> {
  const isUsed = mentions(options);
  // Before the plan, which would name the functions that such a type has elsewhere.
  const odd = fields.find(({ name, type }) => isUsed(name) && typeInEngine(type) === undefined);
  if (odd) requireWriter(odd.name, odd.type);
  const plan = planOf(schemaOfFields(fields), options);
  refuseConflicts(conflicts, isUsed, parseDtypes(options.dtype ?? {}));
  if (!hasSql(plan)) return plan;
  const all = planOf(schemaOfFields(fields), { dtype: options.dtype }).columns;
  await checkSqlOfTypes(await engine(), all, plan);
  return plan;
}
