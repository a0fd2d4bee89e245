import type { DescribedSource } from "../duckdb/describe.ts";
import { isSet } from "../frame/bits.ts";
import { parseDtypes } from "../query/dtypes.ts";
import type { EngineColumn } from "../query/engine-table.ts";
import { mentions, type QueryWords } from "../query/plan.ts";
import { driftNotes } from "../source/drift.ts";
import { emptyNotes } from "../source/empty-notes.ts";
import { hintNotes } from "../source/text-hints.ts";
import type { LocalSource } from "./source.ts";

/** What a reader of a result should know about its source: how files differ, and what declared types do to values. */
export function sourceNotes(
  source: LocalSource,
  dtype: string | Readonly<Record<string, string>> | undefined,
): string[] {
  return [...(source.kind === "files" ? emptyNotes(source) : []), ...driftNotes(source.drift), ...lossyNotes(dtype)];
}

type Used = readonly { readonly name: string; readonly type: string }[];

/** What becomes of the values of columns that a query reads, for captions. */
export function readingNotes(described: DescribedSource, used: Used): string[] {
  return [...momentNotes(described, used), ...jsonNotes(described, used)];
}

/** Strings keep their quotes, so that "1" and 1 stay two values. */
function jsonNotes({ columns }: DescribedSource, used: Used): string[] {
  const mixed = new Set(columns.filter(({ sqlType }) => sqlType === "JSON").map(({ name }) => name));
  const names = used.filter(({ name }) => mixed.has(name)).map(({ name }) => name);
  if (names.length === 0) return [];
  return [
    `values of several kinds in ${names.join(", ")} are given as JSON text, strings in quotes; JSON.parse makes values of it`,
  ];
}

/** Which of them lose their nanoseconds. */
function momentNotes({ columns }: DescribedSource, used: Used): string[] {
  const fine = new Set(columns.filter(({ sqlType }) => sqlType === "TIMESTAMP_NS").map(({ name }) => name));
  const names = used.filter(({ name, type }) => fine.has(name) && /^datetime/.test(type)).map(({ name }) => name);
  return names.length === 0 ? [] : [`lossy: moments of ${names.join(", ")} are cut to microseconds`];
}

/** Which of the columns that a query names hold days or moments that may be others. */
export function doubtNotes(
  columns: readonly { readonly name: string; readonly doubt?: string | undefined }[],
  words: QueryWords,
): string[] {
  const isUsed = mentions(words);
  const doubts = columns.flatMap(({ name, doubt }) =>
    doubt === undefined || !isUsed(name) ? [] : [{ column: name, words: doubt }],
  );
  return hintNotes(doubts, new Map());
}

/** What declared types do to values, for captions. */
function lossyNotes(dtype: string | Readonly<Record<string, string>> | undefined): string[] {
  const narrow = Object.entries(parseDtypes(dtype ?? {})).filter(([, type]) => type === "float32");
  if (narrow.length === 0) return [];
  return [
    `lossy: float32 rounds each value of ${narrow.map(([name]) => name).join(", ")} to about 7 digits; sums are float64`,
  ];
}

/** Why an aggregate is NaN: one NaN among its values is enough, where pandas leaves it out. `names` are those of aggregates. */
export function nanNotes(columns: readonly EngineColumn[], names: ReadonlySet<string>, source: LocalSource): string[] {
  const odd = columns.filter((column) => names.has(column.name) && hasNaN(column)).map(({ name }) => name);
  if (odd.length === 0) return [];
  const isText = source.kind === "files" && source.format === "csv";
  const way = isText ? "--na NaN reads the word as missing, as pandas does" : "--where leaves such rows out";
  return [`NaN is a value, and one among the rows is enough to make ${odd.join(", ")} NaN; ${way}`];
}

function hasNaN({ values, validity }: EngineColumn): boolean {
  if (!(values instanceof Float64Array || values instanceof Float32Array)) return false;
  for (let i = 0; i < values.length; i++)
    if (Number.isNaN(values[i]) && (validity === undefined || isSet(validity, i))) return true;
  return false;
}
