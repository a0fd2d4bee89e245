import { setImmediate as nextTurn } from "node:timers/promises";
import { inspect } from "node:util";
import { Interrupted } from "../errors.ts";
import type { Column } from "../frame/column.ts";
import { isNullAt, type View } from "../frame/view.ts";
import { DistinctCounter } from "./distinct.ts";
import type { ColumnFacts, NumberFacts, TextFacts } from "./facts.ts";
import type { ProfileValue } from "./types.ts";

/** Rows between two looks at the clock and at the signal: a few milliseconds. */
const SLICE = 20_000;
export const MOST_DECIMALS = 6;
const LONGEST_SHOWN = 80;

/** Facts about a column in memory, from all of its values; the event loop gets its turn between slices. */
export async function measureColumn(column: Column, signal?: AbortSignal): Promise<ColumnFacts> {
  const { view, length } = column;
  const base = { name: column.name, type: column.type, rows: length };
  const distinct = new DistinctCounter();
  if (view.kind === "number" && !view.date) {
    const range = await numberRange(view, length, distinct, signal);
    const numbers = await numberFacts(view, length, range.scale, signal);
    const { unusual, notFinite } = range;
    return { ...base, ...range.facts, ...counted(distinct), numbers: { ...numbers, unusual, notFinite } };
  }
  if (view.kind === "codes" || view.kind === "object")
    return { ...base, ...(await textual(view, length, distinct, signal)) };
  let [nulls, min, max]: [number, number | bigint | undefined, number | bigint | undefined] = [0, undefined, undefined];
  await inSlices(length, signal, (i) => {
    if (isNullAt(view, i)) return void nulls++;
    const value = view.values[i] as number | bigint;
    distinct.add(value);
    if (min === undefined || value < min) min = value;
    if (max === undefined || value > max) max = value;
  });
  const shown = (value: number | bigint | undefined): ProfileValue => {
    if (value === undefined) return null;
    if (view.kind === "bool") return value === 1;
    return view.kind === "number" ? new Date(Math.floor(value as number)) : value;
  };
  return { ...base, nulls, min: shown(min), max: shown(max), ...counted(distinct) };
}

/** Calls `each` for every row, with a pause after each slice. */
async function inSlices(length: number, signal: AbortSignal | undefined, each: (i: number) => void): Promise<void> {
  for (let from = 0; from < length; from += SLICE) {
    if (signal?.aborted) throw new Interrupted();
    const to = Math.min(length, from + SLICE);
    for (let i = from; i < to; i++) each(i);
    if (to < length) await nextTurn();
  }
}

function counted(distinct: DistinctCounter): { distinct: number; distinctExact: boolean } {
  return { distinct: distinct.count, distinctExact: distinct.isExact };
}

async function numberRange(view: View, length: number, distinct: DistinctCounter, signal: AbortSignal | undefined) {
  const values = view.values as ArrayLike<number>;
  let [nulls, unusual, notFinite, scale, min, max] = [0, 0, 0, 0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  await inSlices(length, signal, (i) => {
    if (isNullAt(view, i)) return void nulls++;
    const value = values[i] as number;
    distinct.add(value);
    if (!Number.isFinite(value)) return void notFinite++;
    if (Object.is(value, -0)) unusual++;
    if (value < min) min = value;
    if (value > max) max = value;
    while (scale <= MOST_DECIMALS && !fits(value, scale)) scale++;
  });
  const facts = { nulls, min: min <= max ? min : null, max: min <= max ? max : null };
  return { facts, unusual: unusual + notFinite, notFinite, scale: scale > MOST_DECIMALS ? undefined : scale };
}

function fits(value: number, scale: number): boolean {
  return round(value, scale) === value;
}

function round(value: number, scale: number): number {
  const factor = 10 ** scale;
  return Math.round(value * factor) / factor;
}

async function numberFacts(
  view: View,
  length: number,
  scale: number | undefined,
  signal: AbortSignal | undefined,
): Promise<Omit<NumberFacts, "unusual" | "notFinite">> {
  const values = view.values as ArrayLike<number>;
  let [float32Same, float32AtScale] = [0, 0];
  await inSlices(length, signal, (i) => {
    if (isNullAt(view, i)) return;
    const value = values[i] as number;
    const narrow = Math.fround(value);
    if (Object.is(narrow, value) || narrow === value) float32Same++;
    if (!Number.isFinite(value) || (scale !== undefined && round(narrow, scale) === value)) float32AtScale++;
  });
  return { scale, float32Same, float32AtScale };
}

async function textual(view: View, length: number, distinct: DistinctCounter, signal: AbortSignal | undefined) {
  const meter = new TextMeter();
  let [nulls, min, max]: [number, string | undefined, string | undefined] = [0, undefined, undefined];
  const read =
    view.kind === "codes" ? (i: number) => view.dictionary[view.values[i] as number] : (i: number) => view.values[i];
  await inSlices(length, signal, (i) => {
    if (isNullAt(view, i)) return void nulls++;
    const value = read(i);
    const text = typeof value === "string" ? value : plainText(value);
    meter.add(text);
    distinct.add(text);
    if (min === undefined || text < min) min = text;
    if (max === undefined || text > max) max = text;
  });
  const cut = (text: string | undefined) => text?.slice(0, LONGEST_SHOWN) ?? null;
  return { nulls, min: cut(min), max: cut(max), ...counted(distinct), text: meter.facts };
}

/** Any value as a text that tells it from others. */
export function plainText(value: unknown): string {
  if (value instanceof Uint8Array) return Buffer.from(value.subarray(0, LONGEST_SHOWN)).toString("hex");
  if (typeof value !== "object" || value === null) return String(value);
  try {
    return JSON.stringify(value, (_, inner) => (typeof inner === "bigint" ? String(inner) : inner)) ?? "";
  } catch {
    // It holds itself, or code of its own fails.
    return inspect(value, { customInspect: false });
  }
}

/** Adds up the lengths of texts. */
export class TextMeter {
  #bytes = 0;
  #chars = 0;
  #wide = 0;
  #longest = 0;

  add(text: string): void {
    const bytes = Buffer.byteLength(text);
    this.#bytes += bytes;
    this.#chars += text.length;
    if (bytes !== text.length) this.#wide++;
    if (bytes > this.#longest) this.#longest = bytes;
  }

  get facts(): TextFacts {
    return { bytes: this.#bytes, chars: this.#chars, wide: this.#wide, longest: this.#longest };
  }
}
