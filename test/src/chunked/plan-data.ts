import { type Random, randomOf } from "./datasets.ts";

export { type Random, randomOf };

/** A table in the forms of a file, with what all engines have to agree on: nulls, NaN, infinities, ties, decimals, zones, long integers. */
export interface PlanData {
  readonly csv: string;
  readonly json: string;
  /** The largest number in size that is finite, and the rows: what a sum may be off by depends on them. */
  readonly largest: number;
  readonly rows: number;
}

const CITIES = ["Oslo", "Rome", "rome", "Århus", "a,b", 'say "hi"', "𝒳", "- dash"];
const IDS = ["007", "07", "0042", "00123", "1e5x"];
const DAY = 86_400_000;
const START = Date.UTC(2023, 11, 20);

type Written = string | null;

const COLUMNS: Readonly<Record<string, (random: Random) => string>> = {
  id: (random) => random.pick(IDS),
  n: (random) => String(random.below(9) - 4),
  big: (random) => String(2n ** 53n + BigInt(random.below(5)) - 2n),
  amount: (random) => ((random.below(10_001) - 5000) / 100).toFixed(2),
  x: (random) => random.pick(["NaN", "inf", "-inf", "0.1", "1e-7", "2.5", "123456.789", "-3.75", "0.1"]),
  city: (random) => random.pick(CITIES),
  ok: (random) => random.pick(["true", "false"]),
  day: (random) => new Date(START + random.below(120) * DAY).toISOString().slice(0, 10),
  at: (random) =>
    `${new Date(START + random.below(60) * 3_600_000 * 7).toISOString().slice(0, 19).replace("T", " ")}.${String(random.below(1_000_000)).padStart(6, "0")}`,
  z: (random) =>
    `${new Date(START + random.below(40) * 3_600_000).toISOString().slice(0, 19)}${random.pick(["Z", "+02:00", "-05:30"])}`,
};

/** Rows whose columns each have nulls in none, some or most places; the first row has none. */
export function makeText(
  random: Random,
  rows: number,
  options: { readonly odd?: readonly string[] | undefined },
): PlanData {
  const nulls = Object.fromEntries(Object.keys(COLUMNS).map((name) => [name, random.pick([0, 0.15, 0.6])]));
  const cell = (name: string, row: number): Written => {
    if (row > 0 && random.next() < (nulls[name] as number)) return null;
    const written = (COLUMNS[name] as (random: Random) => string)(random);
    // JSON has neither of them; between both lies no quantile.
    return name === "x" && /^[Ni-]\D*$/.test(written) && !(options.odd ?? []).includes(written) ? "7.25" : written;
  };
  const names = Object.keys(COLUMNS);
  const table = Array.from({ length: rows }, (_, row) => names.map((name) => cell(name, row)));
  const numbers = table.flat().map(Number).filter(Number.isFinite);
  return {
    csv: `${[names, ...table].map((row) => row.map(field).join(",")).join("\n")}\n`,
    json: `${table.map((row) => `{${row.map((value, i) => pair(names[i] as string, value)).join(",")}}`).join("\n")}\n`,
    largest: Math.max(1, ...numbers.map(Math.abs).filter((size) => size < 1e6)),
    rows,
  };
}

function field(value: Written): string {
  return value === null ? "" : /[",]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
}

function pair(name: string, value: Written): string {
  const isPlain = value === null || /^(n|big|amount|x|ok)$/.test(name);
  return `"${name}":${isPlain ? value : JSON.stringify(value)}`;
}
