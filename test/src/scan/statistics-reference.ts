import { NULL_WORDS } from "../../../src/profile/null-words.ts";
import type { Histogram, Lengths, Narrowing, TopValue } from "../../../src/scan/statistics/column-figures.ts";
import type { Order } from "../../../src/scan/statistics/sortedness.ts";

/** Figures of values, each computed on its own in the plainest way. */
export function rangeOf<T>(values: readonly T[], compare: (a: T, b: T) => number): { min: T | null; max: T | null } {
  const sorted = values.toSorted(compare);
  return { min: sorted[0] ?? null, max: sorted.at(-1) ?? null };
}

export function orderOf<T>(values: readonly T[], compare: (a: T, b: T) => number): Order | undefined {
  if (values.length === 0) return undefined;
  const signs = new Set(values.slice(1).map((value, i) => Math.sign(compare(value, values[i] as T))));
  if (signs.has(1) && signs.has(-1)) return "none";
  const strictly = signs.has(0) ? "" : "strictly ";
  if (signs.has(1)) return `${strictly}ascending`;
  return signs.has(-1) ? `${strictly}descending` : "constant";
}

/** What comes most often. */
export function topOf<T>(values: readonly T[], compare: (a: T, b: T) => number): TopValue[] {
  const groups: { value: T; count: number }[] = [];
  for (const value of values.toSorted(compare)) {
    const last = groups.at(-1);
    if (last && compare(last.value, value) === 0) last.count++;
    else groups.push({ value, count: 1 });
  }
  return groups.toSorted((a, b) => b.count - a.count || compare(a.value, b.value)).slice(0, 10) as TopValue[];
}

export function momentsOf(values: readonly number[]): { mean: number; std: number | undefined } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, std: values.length < 2 ? undefined : Math.sqrt(squares / (values.length - 1)) };
}

export function histogramOf(values: readonly number[]): Histogram {
  const { min, max } = rangeOf(values, (a, b) => a - b);
  const [least, greatest] = [min as number, max as number];
  if (least === greatest) return { edges: [least, greatest], counts: [values.length], exact: true };
  const edges = Array.from({ length: 21 }, (_, i) => (i === 20 ? greatest : least + (greatest - least) * (i / 20)));
  const counts = new Array<number>(20).fill(0);
  for (const value of values) {
    const bin = Math.min(19, Math.floor(((value - least) / (greatest - least)) * 20));
    counts[bin] = (counts[bin] as number) + 1;
  }
  return { edges, counts, exact: true };
}

export function narrowingOf(values: readonly number[]): Narrowing {
  const finite = values.filter(Number.isFinite);
  const needed = finite.map((value) => [0, 1, 2, 3, 4, 5, 6].find((digits) => round(value, digits) === value) ?? 9);
  const scale = Math.max(0, ...needed);
  return {
    scale: scale > 6 ? undefined : scale,
    float32Same: values.filter((value) => Object.is(Math.fround(value), value)).length,
    float32AtScale:
      scale > 6
        ? 0
        : values.filter((value) => !Number.isFinite(value) || round(Math.fround(value), scale) === value).length,
    finite: finite.length,
    unusual: values.filter((value) => !Number.isFinite(value) || Object.is(value, -0)).length,
  };
}

/** As std::round and DuckDB do: half away from zero. */
function round(value: number, digits: number): number {
  const power = 10 ** digits;
  const size = Math.abs(value * power);
  const whole = Math.floor(size) + (size - Math.floor(size) >= 0.5 ? 1 : 0);
  const result = (value < 0 ? -whole : whole) / power;
  return Number.isFinite(result) ? result : value;
}

export function lengthsOf(texts: readonly string[]): Lengths {
  const bytes = texts.map((text) => Buffer.byteLength(text));
  const chars = texts.map((text) => [...text].length);
  const sum = (numbers: readonly number[]) => numbers.reduce((all, one) => all + one, 0);
  return {
    count: texts.length,
    bytes: sum(bytes),
    chars: sum(chars),
    wide: bytes.filter((count, i) => count !== chars[i]).length,
    zeros: texts.filter((text) => /^0\d/.test(text)).length,
    nullWords: texts.filter((text) => NULL_WORDS.includes(text)).length,
    longest: bytes.reduce((most, count) => Math.max(most, count), 0),
  };
}
