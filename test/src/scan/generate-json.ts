import type { Random } from "../chunked/datasets.ts";

/** JSON Lines, and a question that they allow. */
export interface JsonCase {
  readonly text: string;
  readonly query: { readonly by: readonly string[]; readonly agg: string };
}

interface Column {
  readonly name: string;
  readonly kind: "number" | "bool" | "other";
  readonly write: (random: Random) => string;
  /** Shares of the lines in which it is missing and null. */
  readonly missing: number;
  readonly nulls: number;
}

const NAMES = [
  "a",
  "user id",
  'q"r',
  "back\\slash",
  "naïve",
  "x:y",
  "__proto__",
  "constructor",
  "a.b",
  "😀",
  "long ".repeat(10),
];

const TEXTS = [
  "",
  "x",
  "Ann",
  "12",
  "true",
  "null",
  "{}",
  'say "hi"',
  "two\nlines",
  "tab\there",
  "\\",
  "é",
  "𝒳😀",
  "日本語",
  " led ",
  "fifteen letters",
  "sixteen letters!",
  "long text beyond sixteen bytes",
  "\u0000nul",
  "\u2028",
];

/** Each keeps to what the general engine has one type for. */
const MAKERS: readonly Pick<Column, "kind" | "write">[] = [
  { kind: "number", write: (random) => String(random.below(7) - 3) },
  { kind: "number", write: (random) => String(random.below(2_000_000_000)) },
  {
    kind: "number",
    write: (random) => String(random.pick([2n ** 53n + 1n, -(2n ** 53n) - 1n, 2n ** 60n + 7n, 5n, 0n])),
  },
  { kind: "number", write: (random) => (random.below(100_000) / 100).toFixed(2) },
  { kind: "number", write: (random) => random.pick(["1", "2.5", "-0.125", "1e3", "2.5E-2", "1e+2", "0.1"]) },
  { kind: "number", write: (random) => String((random.next() - 0.5) * 10 ** random.below(12)) },
  { kind: "bool", write: (random) => random.pick(["true", "false"]) },
  { kind: "other", write: (random) => written(random, random.pick(TEXTS)) },
  { kind: "other", write: (random) => written(random, `key ${random.below(30)}`) },
  { kind: "other", write: (random) => `"2024-02-${String(1 + random.below(29)).padStart(2, "0")}"` },
  { kind: "other", write: (random) => JSON.stringify(moment(random)) },
  { kind: "other", write: (random) => JSON.stringify(`${moment(random).slice(0, 19)}Z`) },
  { kind: "other", write: (random) => JSON.stringify(moment(random).slice(0, 19).replace("T", " ")) },
];

/** What few columns hold, and at times what only the general engine reads. */
const BREAKERS = ["1", "1.5", '"x"', '""', "true", "[]", '{"a":1}', "12345678901234567890", '"2024-01-05"', "null"];

export function makeJson(random: Random): JsonCase {
  const names = random.shuffled(NAMES);
  const columns = Array.from(
    { length: random.pick([1, 2, 2, 3, 4, 6]) },
    (_, i): Column => ({
      ...random.pick(MAKERS),
      name: names[i] as string,
      missing: random.pick([0, 0, 0.1, 0.6]),
      nulls: random.pick([0, 0, 0.2, 0.9]),
    }),
  );
  const end = random.pick(["\n", "\n", "\r\n"]);
  const lines = Array.from({ length: random.pick([1, 2, 5, 30, 100, 300]) }, () => makeLine(random, columns));
  if (random.below(4) === 0) {
    const { name } = random.pick(columns);
    lines[random.below(lines.length)] = `{${JSON.stringify(name)}:${random.pick(BREAKERS)}}`;
  }
  if (random.below(4) === 0) lines.splice(random.below(lines.length), 0, random.pick(["", "  ", "\t"]));
  const mark = random.below(8) === 0 ? "\ufeff" : "";
  const text = mark + lines.join(end) + (random.below(4) === 0 ? "" : end);
  return { text, query: makeQuery(random, columns) };
}

function makeLine(random: Random, columns: readonly Column[]): string {
  const space = () => (random.below(12) === 0 ? random.pick([" ", "  ", "\t"]) : "");
  const shown = columns.filter(({ missing }) => random.next() >= missing);
  const ordered = random.below(3) === 0 ? random.shuffled(shown) : shown;
  const pairs = ordered.map(({ name, write, nulls }) => {
    const value = random.next() < nulls ? "null" : write(random);
    return `${space()}${written(random, name)}${space()}:${space()}${value}${space()}`;
  });
  return `${space()}{${pairs.join(",")}}${space()}`;
}

/** A string as some writer or other writes it. */
function written(random: Random, text: string): string {
  const plain = JSON.stringify(text);
  if (random.below(6) > 0) return plain;
  const escaped = [...Array(text.length).keys()].map((i) => `\\u${text.charCodeAt(i).toString(16).padStart(4, "0")}`);
  return random.below(2) === 0 ? `"${escaped.join("")}"` : plain.replaceAll("/", "\\/");
}

function moment(random: Random): string {
  return new Date(1.7e12 + random.below(1e9)).toISOString();
}

function makeQuery(random: Random, columns: readonly Column[]): JsonCase["query"] {
  const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`;
  const shuffled = random.shuffled(columns);
  const keys = shuffled.slice(0, random.pick([0, 1, 1, 2]));
  const agg = shuffled.slice(0, 3).flatMap(({ name, kind }) => {
    const any = ["count", "nunique", "min", "max"];
    const fns = { number: [...any, "sum", "mean", "var"], bool: [...any, "sum", "any", "all"], other: any }[kind];
    return random
      .shuffled(fns)
      .slice(0, 2)
      .map((fn) => `${quoted(name)}:${fn}`);
  });
  return { by: keys.map(({ name }) => name), agg: [...agg, "*:count"].join(",") };
}
