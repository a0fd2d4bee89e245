import { stat } from "node:fs/promises";
import { aggregateTable } from "../../duckdb/aggregate-table.ts";
import { copyTo } from "../../duckdb/copy.ts";
import { leftOutNotes } from "../../duckdb/left-out.ts";
import { openDuckdb } from "../../duckdb/session.ts";
import { trustingFooters } from "../../duckdb/trusted-footers.ts";
import { COPYING, inUtf8 } from "../../duckdb/utf8-copy.ts";
import { wantsRows } from "../../query/plan.ts";
import { withFileChecks } from "../../source/file-checks.ts";
import { throughDraft } from "../draft.ts";
import { planFor } from "../engines/by-duckdb.ts";
import { withWidened } from "../engines/settled-types.ts";
import { spillNotes } from "../engines/spill.ts";
import { withMemory } from "../live.ts";
import { doubtNotes, sourceNotes } from "../notes.ts";
import { bytesOf, type ChunkedOptions } from "../options.ts";
import { planHere } from "../plan-on.ts";
import { attachRun, type ChunkedRun, duckdbFigures, type EngineFigures, NO_ENGINE, RunMeter, withRun } from "../run.ts";
import { RunFiles } from "../run-files.ts";
import type { LocalSource } from "../source.ts";
import type { WrittenFile } from "../written-file.ts";
import { copyFirst } from "./first-rows.ts";
import { copyRows } from "./rows.ts";
import { targetOf } from "./target.ts";

/** Writes an aggregate, or without one the chosen rows, to the file that `to` names; it is there whole or not at all. */
export async function chunkedToFile(
  source: LocalSource,
  options: ChunkedOptions & { readonly to: string },
): Promise<WrittenFile & { readonly run: ChunkedRun }> {
  const target = await targetOf(options.to, options.cwd, source);
  const { engine, reason } = await planHere(source, options);
  const state: State = { rows: 0, fraction: undefined, notes: [], engines: NO_ENGINE };
  using meter = new RunMeter(options.signal, () => state.engines());
  const onProgress = withMemory(options.onProgress, meter, () => undefined);
  const finish = (isComplete: boolean): ChunkedRun => {
    const run = meter.finish({
      source: source.label,
      rows: state.rows,
      where: options.where,
      chunks: 0,
      fileBytes: source.bytes,
      engine,
      reason,
      complete: isComplete,
      fraction: isComplete ? 1 : state.fraction,
      wholeBytes: undefined,
      notes: [...sourceNotes(source, options.dtype), ...state.notes],
    });
    options.onRun?.(run);
    return run;
  };
  try {
    const rows = await throughDraft(target, options.signal, (draft) =>
      write(source, { ...options, onProgress }, { ...target, path: draft }, state),
    );
    const { size } = await stat(target.path);
    return withRun({ path: target.path, rows, bytes: size }, finish(true));
  } catch (failure) {
    attachRun(failure, finish(false));
    throw failure;
  }
}

interface State {
  rows: number;
  fraction: number | undefined;
  notes: readonly string[];
  engines: () => EngineFigures;
}

async function write(
  given: LocalSource,
  options: ChunkedOptions,
  target: Parameters<typeof copyTo>[3] & { readonly path: string },
  state: State,
): Promise<number> {
  const { threads, signal } = options;
  await using session = await openDuckdb({ memoryLimit: bytesOf(options.memoryLimit), threads, signal });
  await using held = new RunFiles();
  state.engines = () => duckdbFigures(session, undefined, held.bytes);
  const open = async () => session;
  const files = await held.of(given, open, options, (fraction) => {
    state.fraction = fraction;
    options.onProgress?.({ operation: "chunked", fraction });
  });
  const onProgress: NonNullable<ChunkedOptions["onProgress"]> = (event) => {
    state.fraction = event.fraction;
    options.onProgress?.(event);
  };
  const onFraction = (fraction: number) => onProgress({ operation: "chunked", fraction, note: COPYING });
  const source = await inUtf8(session, files, { onFraction });
  if (wantsRows(options)) {
    const copied =
      (await copyFirst(session, source, options, target, onProgress)) ??
      (await withFileChecks(source, signal, () => copyRows(session, source, options, target, onProgress)));
    state.rows = copied.rows;
    state.notes = [...copied.notes, ...(await leftOutNotes(session, source))];
    return state.rows;
  }
  const planned = await planFor(session, source, { ...options, onProgress });
  const { described, plan } = planned;
  const spill = await spillNotes(session, source, planned, { signal, onProgress });
  const table = await withFileChecks(source, signal, () =>
    trustingFooters(session, source, described, plan, (question) => aggregateTable(question, { onProgress })),
  ).catch((failure: unknown) => {
    throw withWidened(failure, described);
  });
  state.rows = table.inputRows;
  const doubts = [...(described.notes ?? []), ...doubtNotes(described.columns, options)];
  state.notes = [...spill, ...table.notes, ...doubts, ...(await leftOutNotes(session, source))];
  const rows = await copyTo(session, table.sql, target.path, target);
  return rows;
}
