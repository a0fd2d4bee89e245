import { type DescribedSource, scanColumns } from "../../duckdb/describe.ts";
import { selectOf } from "../../duckdb/select.ts";
import type { DuckdbSession } from "../../duckdb/session.ts";
import { quoteName } from "../../duckdb/sql.ts";
import { DataError, EngineError } from "../../errors.ts";
import { estimateSource } from "../../profile/estimate.ts";
import type { ColumnFacts } from "../../profile/facts.ts";
import type { ProgressEvent, ProgressListener, RunOptions } from "../../progress.ts";
import type { QueryPlan } from "../../query/plan.ts";
import { NEEDS_ALL_VALUES } from "../../query/query.ts";
import type { FileSource } from "../../source/source.ts";
import { formatBytes } from "../../units.ts";
import type { Planned } from "./by-duckdb.ts";

/** The most that a byte of a file becomes on its way: packed columns grow, and each value is in a group of its own. */
const MOST_GROWTH = 40;
/** What a sample says of groups may be off by this either way. */
const DOUBT = 2;

/** Bytes of a group as the engine keeps it: its hash and its place, a value or the start of a text, the state of an aggregate. */
const GROUP = 16;
const VALUE = 16;
const SHORT_TEXT = 12;
const STATE = 16;
/** Of the result, which is a table of the engine's. */
const RESULT_VALUE = 8;

/** What the groups of a query take, and what there is for them, in bytes. */
export interface Room {
  readonly groups: number;
  readonly need: number;
  readonly memory: number;
  /** Of the disk of temporary files. */
  readonly disk: number;
}

/** The room that a sample lets expect, a condition left out; undefined where it says nothing of the groups. */
export async function roomFor(
  session: DuckdbSession,
  source: FileSource,
  plan: QueryPlan,
  signal: AbortSignal | undefined,
): Promise<(Room & Groups) | undefined> {
  const sampled = await sampledGroups(session, source, plan, signal);
  if (sampled === undefined) return undefined;
  return { ...sampled, need: needOf(sampled), memory: session.memoryLimit, disk: session.tempFree };
}

/**
 * Looks before a query runs whether the disk of temporary files could hold what has no room in memory. Of work that is surely small nothing is
 * read, of other work a sample; where that says no, the groups are counted in a pass over the keys, for a sample cannot know that keys go
 * together or come again. What it gives is to be said of a query that may run out of it.
 *
 * @throws {EngineError} E_NO_TEMP_SPACE where even half of what was counted has no room
 */
export async function spillNotes(
  session: DuckdbSession,
  source: FileSource,
  { described, plan }: Planned,
  { signal, onProgress }: Pick<RunOptions, "signal" | "onProgress">,
): Promise<string[]> {
  const free = session.memoryLimit + session.tempFree;
  // How many rows a condition leaves nobody knows.
  if (plan.where !== undefined || source.bytes * MOST_GROWTH < free) return [];
  const expected = await roomFor(session, source, plan, signal);
  if (expected === undefined) return [];
  const isDoubtful = expected.need / DOUBT <= free;
  const groups = isDoubtful ? expected.groups : await countedGroups(session, source, described, plan, onProgress);
  if (groups === undefined) return [];
  const room = { ...expected, need: needOf({ ...expected, groups }) };
  if (room.need <= free) return [];
  const words = `the groups ${room.need / DOUBT <= free ? "may take" : "take"} ${spilled(room)}`;
  if (room.need / DOUBT <= free) return [words];
  throw new EngineError("E_NO_TEMP_SPACE", words, {
    hint: "set TMPDIR to a folder on a larger disk and restart the kernel, group by fewer keys, raise --memory-limit, or let Spark do it with -e spark",
  });
}

/** What has no room in memory beside what the disk has. */
export function spilled({ need, memory, disk }: Room): string {
  return `about ${formatBytes(need - memory)} of temporary files, and ${formatBytes(disk)} are free`;
}

interface Groups {
  readonly groups: number;
  /** Of one, with its part of the result. */
  readonly bytes: number;
  /** Of the values that some aggregates keep of all groups. */
  readonly kept: number;
}

function needOf({ groups, bytes, kept }: Groups): number {
  return groups * bytes + kept;
}

/** As many groups as a sample lets expect; undefined where it says nothing of them. */
async function sampledGroups(
  session: DuckdbSession,
  source: FileSource,
  { keys, aggregates }: QueryPlan,
  signal: AbortSignal | undefined,
): Promise<Groups | undefined> {
  if (keys.length === 0 || keys.some(({ expression }) => expression !== undefined)) return undefined;
  const estimate = await estimateSource(source, async () => session, signal).catch(ofNone);
  const facts = keys.map(({ name }) => estimate?.facts.find((one) => one.name === name));
  if (!estimate || !facts.every((one) => one !== undefined)) return undefined;
  const groups = Math.min(
    estimate.rows,
    facts.reduce((product, { distinct, nulls }) => product * Math.max(1, distinct + (nulls > 0 ? 1 : 0)), 1),
  );
  const key = facts.reduce((sum, one) => sum + valueBytes(one), 0);
  const state = GROUP + key + STATE * aggregates.length;
  const keeping = aggregates.filter(({ fn }) => NEEDS_ALL_VALUES.has(fn)).length;
  return { groups, bytes: state + key + RESULT_VALUE * aggregates.length, kept: keeping * estimate.rows * VALUE };
}

/** Within some tenths, in no memory to speak of. */
async function countedGroups(
  session: DuckdbSession,
  source: FileSource,
  described: DescribedSource,
  { keys, columns }: QueryPlan,
  onProgress: ProgressListener = () => undefined,
): Promise<number | undefined> {
  const read = scanColumns(
    described,
    columns.filter(({ name }) => keys.some((key) => key.name === name)),
  );
  const list = read.map(({ name }) => quoteName(name)).join(", ");
  const sql = `SELECT CAST(approx_count_distinct(hash(${list})) AS DOUBLE) AS n FROM (${selectOf(source, read)})`;
  const note = "counts the groups, for which there may be no room";
  const told = (event: ProgressEvent) => onProgress({ ...event, note });
  const counted = await session.query(sql, { onProgress: told }).catch(ofNone);
  return counted && Number(counted.columns[0]?.values[0]);
}

/** The query itself says what is wrong with the data. */
function ofNone(failure: unknown): undefined {
  if (!(failure instanceof DataError || failure instanceof EngineError)) throw failure;
}

function valueBytes({ rows, nulls, text }: ColumnFacts): number {
  const length = text ? text.bytes / Math.max(1, rows - nulls) : 0;
  return VALUE + (length > SHORT_TEXT ? length : 0);
}
