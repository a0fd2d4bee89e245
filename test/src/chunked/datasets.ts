/** Generated data sets, the same for the same seed, with the values that they were written from. */
export type Cell = number | bigint | string | boolean | Date | null;

export interface DataColumn {
  readonly name: string;
  readonly kind: "number" | "text" | "bool" | "date";
  readonly make: (random: Random) => { readonly value: Cell; readonly written: string };
}

export interface Dataset {
  readonly columns: readonly DataColumn[];
  readonly rows: readonly (readonly Cell[])[];
  readonly content: string;
  readonly extension: "csv" | "jsonl";
}

export interface Random {
  /** A whole number from 0 to `most` - 1. */
  below(most: number): number;
  next(): number;
  pick<T>(list: readonly T[]): T;
  shuffled<T>(list: readonly T[]): T[];
}

/** Mulberry32. */
export function randomOf(seed: number): Random {
  let state = seed;
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (most: number) => Math.floor(next() * most);
  const shuffled = <T>(list: readonly T[]) => {
    const items = [...list];
    for (let i = items.length - 1; i > 0; i--) {
      const j = below(i + 1);
      [items[i], items[j]] = [items[j] as T, items[i] as T];
    }
    return items;
  };
  return { below, next, pick: (list) => list[below(list.length)] as never, shuffled };
}

const NAMES = [
  "a",
  "user id",
  "constructor",
  "x:y",
  "c,d",
  'q"r',
  "e=f",
  "$g",
  "<b>",
  "naïve",
  "length",
  "__proto__",
  "1st",
];
const TEXTS = [
  "x",
  "Ann",
  "a,b",
  'say "hi"',
  "two\nlines",
  "é",
  "𝒳",
  "\uffee",
  " led",
  "long text beyond twelve bytes",
  "7up",
];
const DAY = 86_400_000;

const number = (value: number | bigint, written = String(value)) => ({ value, written });

/** Ways to fill a column; each keeps one type from the first row to the last. */
const MAKERS: readonly Pick<DataColumn, "kind" | "make">[] = [
  { kind: "number", make: (random) => number(random.below(7) - 3) },
  { kind: "number", make: (random) => number(random.below(2 ** 31)) },
  {
    kind: "number",
    make: (random) => {
      const cents = random.below(200_001) - 100_000;
      return number(cents / 100, (cents / 100).toFixed(2));
    },
  },
  { kind: "number", make: (random) => number((random.next() - 0.5) * 10 ** random.below(15)) },
  { kind: "number", make: (random) => number(random.pick([0.1, 1e-7, 1e15, 2.5, Number.NaN])) },
  { kind: "number", make: (random) => number(2n ** 60n + BigInt(random.below(5))) },
  { kind: "text", make: (random) => text(random.pick(TEXTS)) },
  { kind: "text", make: (random) => text(`k${random.below(40)}`) },
  {
    kind: "bool",
    make: (random) => {
      const value = random.below(2) === 0;
      return { value, written: String(value) };
    },
  },
  {
    kind: "date",
    make: (random) => {
      const value = new Date(random.below(20_000) * DAY);
      return { value, written: value.toISOString().slice(0, 10) };
    },
  },
  {
    kind: "date",
    make: (random) => {
      const value = new Date(random.below(20_000) * DAY + random.below(DAY));
      return { value, written: value.toISOString().replace("Z", "").replace("T", " ") };
    },
  },
];

function text(value: string) {
  return { value, written: value };
}

/** Of 0 to 300 rows; null in none, some or most places, and a column now and then that holds nothing else. */
export function makeDataset(random: Random): Dataset {
  const names = random.shuffled(NAMES).slice(0, 2 + random.below(5));
  const isJson = random.below(4) === 0;
  // JSON has no NaN, and dates of its own.
  const makers = MAKERS.filter((_, i) => !isJson || (i !== 4 && i < 9));
  const columns = names.map((name) => ({ name, ...random.pick(makers), nulls: random.pick([0, 0, 0.1, 0.7]) }));
  const height = random.pick([1, 2, 30, 300]);
  const cells = Array.from({ length: height }, (_, row) =>
    columns.map(({ make, nulls }) => {
      const cell = make(random);
      // The first value of a column is there, so that its type is.
      return row > 0 && random.next() < nulls ? { value: null, written: "" } : cell;
    }),
  );
  const rows = cells.map((row) => row.map(({ value }) => value));
  const content = isJson ? toJson(names, cells) : toCsv(random, names, cells);
  return { columns, rows, content, extension: isJson ? "jsonl" : "csv" };
}

type Written = { readonly value: Cell; readonly written: string };

function toCsv(random: Random, names: readonly string[], cells: readonly (readonly Written[])[]): string {
  const [sep, end] = [random.pick([",", ";", "\t", "|"]), random.pick(["\n", "\n", "\r\n"])];
  const field = (value: string) =>
    /["\n\r,;\t|]/.test(value) || value.startsWith(" ") ? `"${value.replaceAll('"', '""')}"` : value;
  const lines = cells.map((row) => row.map(({ written }) => field(written)).join(sep));
  const isClosed = random.below(4) > 0;
  // The engine takes a separator in a quoted name for one when a mark stands before it.
  const hasMark = random.below(5) === 0 && field(names[0] as string) === names[0];
  return `${hasMark ? "\ufeff" : ""}${[names.map(field).join(sep), ...lines].join(end)}${isClosed ? end : ""}`;
}

function toJson(names: readonly string[], cells: readonly (readonly Written[])[]): string {
  const lines = cells.map((row) => {
    const pairs = row.flatMap(({ value, written }, i) => {
      const name = JSON.stringify(names[i]);
      if (value === null) return i % 2 === 0 ? [] : [`${name}:null`];
      return [`${name}:${typeof value === "string" ? JSON.stringify(value) : written}`];
    });
    return `{${pairs.join(",")}}`;
  });
  return `${lines.join("\n")}\n`;
}
