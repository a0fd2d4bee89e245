import type { Table } from "../frame/arrow.ts";
import { columnsOf, type DataFrame, rowsOf } from "../frame/frame.ts";
import { frameSizes } from "../frame/sizes.ts";
import { machine } from "../verdict/machine.ts";
import { predictSeconds } from "../verdict/speed.ts";
import { assemble } from "./assemble.ts";
import type { ColumnFacts } from "./facts.ts";
import { readTexts } from "./infer-text.ts";
import { measureColumn } from "./measure.ts";
import type { ProfileOptions } from "./profile.ts";
import type { Profile } from "./types.ts";

/** A look at some texts tells whether it is worth trying all of them as something else. */
const TRIED = 500;

/** The profile of a frame as it lies in memory: every figure is counted, and nothing is copied. */
export async function profileFrame(frame: DataFrame | Table, options: ProfileOptions): Promise<Profile> {
  const start = performance.now();
  const rows = rowsOf(frame);
  const columns = columnsOf(frame);
  const measured = frameSizes(frame);
  const facts: ColumnFacts[] = [];
  for (const [i, column] of columns.entries()) {
    options.onProgress?.({
      operation: "profile",
      fraction: i / columns.length,
      note: `${i} of ${columns.length} columns`,
    });
    const found = await measureColumn(column, options.signal);
    const better = column.type === "str" ? readingOf(column.toArray() as (string | null)[]) : {};
    facts.push({ ...found, ...better, arrowBytes: measured.columns[i]?.arrow });
  }
  const here = machine();
  const made = assemble(
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

function readingOf(texts: readonly (string | null)[]): Partial<ColumnFacts> {
  const tried = readTexts(texts.slice(0, TRIED));
  if (tried.type === "str") return {};
  const { type, leadingZeros } = readTexts(texts);
  return leadingZeros > 0 || type === "str" ? { leadingZeros } : { readsAs: type };
}
