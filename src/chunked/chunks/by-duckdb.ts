import { retyped } from "../../duckdb/attempt.ts";
import { checkSql } from "../../duckdb/check-sql.ts";
import { type DescribedSource, scanColumns } from "../../duckdb/describe.ts";
import { leftOutNotes } from "../../duckdb/left-out.ts";
import { explainInteger } from "../../duckdb/locate.ts";
import { guardFailure, type ScanColumn, selectOf } from "../../duckdb/select.ts";
import type { DuckdbSession } from "../../duckdb/session.ts";
import { withSpans } from "../../duckdb/spans-of-time.ts";
import { quoteName } from "../../duckdb/sql.ts";
import type { ProgressListener } from "../../progress.ts";
import { parseDtypes } from "../../query/dtypes.ts";
import { withQuotedColumns } from "../../query/parse-expression.ts";
import { planColumns } from "../../query/plan.ts";
import { checkWhere } from "../../query/where.ts";
import type { FileSource } from "../../source/source.ts";
import { describeFor } from "../engines/describe-for.ts";
import { doubtNotes, readingNotes } from "../notes.ts";
import { bytesOf, type CallbackOptions, rowsPerChunk } from "../options.ts";
import { rowBytes } from "../whole.ts";
import { type ChunkCut, type EngineChunk, UNLIMITED } from "./chunk-stream.ts";

const SAMPLE_ROWS = 2000;

/** What is known once chunks have come. */
export interface Told {
  readonly notes: string[];
  /** The types that all of them have, which hold for rows that are read later. */
  scanned?: readonly ScanColumn[];
}

/** The chunks by the general engine, which reads every format. */
export async function* chunksByDuckdb(
  session: DuckdbSession,
  source: FileSource,
  options: CallbackOptions,
  cut: ChunkCut,
  onProgress: ProgressListener,
  told: Told = { notes: [] },
): AsyncGenerator<EngineChunk> {
  const described = await describeFor(session, source, options);
  const columns = planColumns(described, options);
  const where = checkWhere(options.where);
  const read = scanColumns(described, where === undefined ? columns : withAll(described, columns));
  await checkSql(session, source, read, { where, keys: [] });
  // What the user says is of 64 bits is read from its digits; doubles, which are faster, would round it beyond 2^53.
  const declared = parseDtypes(options.dtype ?? {});
  const isExact = (name: string) =>
    source.format === "csv" && Object.hasOwn(declared, name) && /^u?int64$/.test(declared[name] ?? "");
  const before = cut.resume?.engine === "DuckDB" ? (cut.resume.how as Told["scanned"]) : undefined;
  let scanned: readonly ScanColumn[] =
    before ?? read.map((column) => (isExact(column.name) ? { ...column, isWide: true } : column));
  for (let hasGiven = before !== undefined; ; ) {
    try {
      for await (const chunk of readChunks(session, source, options, cut, onProgress, { columns, scanned, where })) {
        hasGiven = true;
        told.scanned = scanned;
        yield { ...chunk, columns: withSpans(chunk.columns, described.spans) };
      }
      told.notes.push(
        ...doubtNotes(described.columns, options),
        ...readingNotes(described, columns),
        ...(await leftOutNotes(session, source)),
      );
      return;
    } catch (failure) {
      scanned = await betterTypes(failure, scanned, hasGiven);
    }
  }

  /** A check that failed inside the engine knows its column. Before the first chunk another type may still be taken. */
  async function betterTypes(
    failure: unknown,
    before: readonly ScanColumn[],
    hasGiven: boolean,
  ): Promise<ScanColumn[]> {
    const guard = guardFailure(failure);
    const column = before.find(({ name }) => name === guard);
    if (!column) throw failure;
    if (hasGiven) throw (await explainInteger(session, source, column)).error;
    return retyped(session, source, before, column.name, Object.hasOwn(declared, column.name));
  }
}

interface Reading {
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  readonly scanned: readonly ScanColumn[];
  readonly where: string | undefined;
}

async function* readChunks(
  session: DuckdbSession,
  source: FileSource,
  options: CallbackOptions,
  { size, resume, limit = UNLIMITED }: ChunkCut,
  onProgress: ProgressListener,
  { columns, scanned, where }: Reading,
): AsyncGenerator<EngineChunk> {
  const list = columns.map(({ name }) => quoteName(name)).join(", ");
  const sql = `SELECT ${list} FROM (${selectOf(source, scanned)})${
    where === undefined
      ? ""
      : ` WHERE (${withQuotedColumns(
          where,
          scanned.map(({ name }) => name),
        )})`
  }`;
  const types = Object.fromEntries(
    columns.filter(({ type }) => type === "category").map(({ name, type }) => [name, type]),
  );
  const bytes = rowBytes(await session.query(`SELECT * FROM (${sql}) LIMIT ${SAMPLE_ROWS}`, { types }));
  const sized = rowsPerChunk(size, bytes, bytesOf(options.memoryLimit));
  yield* session.stream(sql, () => Math.min(sized, limit.mostRows), {
    types,
    skip: resume?.rows,
    sourceTypes:
      options.dtype === undefined ? undefined : Object.fromEntries(columns.map(({ name, type }) => [name, type])),
    onProgress,
  });
}

/** A condition may use columns that the callback does not get. */
function withAll(
  described: DescribedSource,
  columns: readonly { name: string; type: string }[],
): { name: string; type: string }[] {
  const types = new Map(columns.map(({ name, type }) => [name, type]));
  return described.columns.map(({ name, type }) => ({ name, type: types.get(name) ?? type }));
}
