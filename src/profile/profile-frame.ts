import { setImmediate as nextTurn } from "node:timers/promises";
import { Interrupted } from "../errors.ts";
import type { Table } from "../frame/arrow.ts";
import { columnsOf, type DataFrame, rowsOf } from "../frame/frame.ts";
import { columnOfInput } from "../frame/input.ts";
import { frameSizesInTurns } from "../frame/sizes.ts";
import { pauses } from "../pauses.ts";
import { readTexts } from "../source/read-texts.ts";
import { machine } from "../verdict/machine.ts";
import { predictSeconds } from "../verdict/speed.ts";
import { assemble } from "./assemble.ts";
import type { ColumnFacts } from "./facts.ts";
import { kindsRemark } from "./kinds-remark.ts";
import { measureColumn } from "./measure.ts";
import type { ProfileOptions } from "./profile.ts";
import type { Profile } from "./types.ts";

/** A look at some texts tells whether it is worth trying all of them as something else. */
const TRIED = 500;
/** Rows between two turns of the event loop. */
const SLICE = 10_000;

/** The profile of a frame as it lies in memory: every figure is counted, and nothing is copied. */
export async function profileFrame(frame: DataFrame | Table, options: ProfileOptions): Promise<Profile> {
  const start = performance.now();
  const rows = rowsOf(frame);
  const columns = columnsOf(frame);
  const pause = pauses();
  const measured = await frameSizesInTurns(frame, pause);
  const facts: ColumnFacts[] = [];
  for (const [i, column] of columns.entries()) {
    options.onProgress?.({
      operation: "profile",
      fraction: i / columns.length,
      note: `${i} of ${columns.length} columns`,
    });
    const found = await measureColumn(column, options.signal);
    const facted =
      column.type === "str" ? await withReading(found, column.toArray() as (string | null)[], options.signal) : found;
    const remarks = column.view.kind === "object" ? await kindsRemark(column.view.values, pause) : [];
    // Nothing of one kind is smaller than something of another.
    const range = remarks.length > 0 ? { min: null, max: null } : {};
    facts.push({ ...facted, ...range, arrowBytes: measured.columns[i]?.arrow, remarks });
  }
  const here = machine();
  const made = await assemble(
    {
      source: options.name ?? "frame",
      format: "memory",
      files: 0,
      fileBytes: 0,
      unpackedBytes: measured.arrow,
      rows,
      rowsError: 0,
      rowsRead: rows,
      exact: true,
      rejected: { rows: 0, more: false, examples: [] },
      notes: [],
      seconds: (performance.now() - start) / 1000,
      passSeconds: predictSeconds({ format: "memory", bytes: measured.arrow, values: rows * columns.length }, here),
    },
    facts,
    here,
  );
  // What is in memory was walked over, and need not be predicted.
  return { ...made, sizes: { ...made.sizes, js: measured.js, danfo: measured.danfo, arrow: measured.arrow } };
}

/** Texts that all read as something narrower are measured as that. */
async function withReading(
  found: ColumnFacts,
  texts: readonly (string | null)[],
  signal: AbortSignal | undefined,
): Promise<ColumnFacts> {
  const tried = readTexts(texts.slice(0, TRIED));
  if (tried.type === "str") return { ...found, leadingZeros: tried.leadingZeros };
  const values: unknown[] = [];
  const types = new Set<string>();
  for (let from = 0; from < texts.length && types.size < 3; from += SLICE) {
    if (signal?.aborted) throw new Interrupted();
    const { type, values: read, leadingZeros } = readTexts(texts.slice(from, from + SLICE));
    if (type === "str" && read.some((value) => value !== null)) return { ...found, leadingZeros };
    if (type !== "str") types.add(type);
    for (const value of read) values.push(value);
    await nextTurn();
  }
  const type =
    [...types].every((one) => /^(int|float)64$/.test(one)) && types.has("float64") ? "float64" : [...types][0];
  if (type === undefined || (types.size > 1 && type !== "float64")) return found;
  const { nulls, min, max, distinct, distinctExact, numbers } = await measureColumn(
    columnOfInput({ name: found.name, type, values }),
    signal,
  );
  return { ...found, nulls, min, max, distinct, distinctExact, numbers, readsAs: type };
}
