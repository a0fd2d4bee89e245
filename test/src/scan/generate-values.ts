import type { Dialect, Kind } from "../../../src/scan/table.ts";
import type { Random } from "../chunked/datasets.ts";

export interface Maker {
  readonly type: Kind;
  /** It writes what only a declared type takes, as leading zeros. */
  readonly isDeclared?: boolean | undefined;
  /** Values so large that sums of them overflow on the way, in each engine at another place. */
  readonly isHuge?: boolean | undefined;
  readonly write: (random: Random, dialect: Dialect) => string;
}

const INT_EDGES = [7, 8, 15, 16, 31, 32, 53, 62, 63].flatMap((bits) => {
  const edge = 2n ** BigInt(bits);
  return bits === 63 ? [edge - 1n, -edge, 1n - edge] : [edge, edge - 1n, edge + 1n, -edge, -edge - 1n, 1n - edge];
});

const DOUBLE_EDGES = [
  "1.7976931348623157e308",
  "2.2250738585072014e-308",
  "2.2250738585072011e-308",
  "4.9e-324",
  "2e-324",
  "9007199254740993",
  "9007199254740992.5",
  "0.1",
  "1e22",
  "1e23",
  "8.5e22",
  "123456789012345678901234567890",
  "0.000000000000000000000000012345678901234567",
  "5e-1",
  "1E+2",
  "-0",
  "-0.0",
  ".5",
  "5.",
  "100000000000000000000000000000000000000000001",
  "9.5367431640625e-7",
  "3.00000000000000044408920985006261616945266723632812500000000000000000001",
  "6929495644600919.5",
  "3.2378839133029012895883524125015321748630094e-9",
];

/** Ways to fill a column. Each keeps to its type: what breaks one is put in by the generator, knowing it. */
export const MAKERS: readonly Maker[] = [
  { type: { kind: "int" }, write: (random) => String(random.below(7) - 3) },
  { type: { kind: "int" }, write: (random) => String(random.below(2_000_000)) },
  { type: { kind: "int" }, write: (random) => String(random.pick(INT_EDGES)) },
  { type: { kind: "int" }, write: (random) => spaced(random, `${random.pick(["", "-"])}${digits(random, 18)}`) },
  {
    type: { kind: "int" },
    isDeclared: true,
    write: (random) => spaced(random, `${random.pick(["", "+", "-"])}${digits(random, 18)}`),
  },
  { type: { kind: "int" }, isDeclared: true, write: (random) => `${"0".repeat(random.below(25))}${random.below(500)}` },
  {
    type: { kind: "int", range: { min: -128n, max: 127n } },
    isDeclared: true,
    write: (random) => String(random.below(256) - 128),
  },
  { type: { kind: "decimal", scale: 2 }, write: (random) => decimal(random, 2, 7) },
  { type: { kind: "decimal", scale: 2 }, write: (random) => (random.below(50_000) / 100).toFixed(2) },
  { type: { kind: "decimal", scale: 6 }, write: (random) => decimal(random, 6, 18) },
  { type: { kind: "decimal", scale: 18 }, write: (random) => decimal(random, 18, 18) },
  {
    type: { kind: "decimal", scale: 1 },
    isDeclared: true,
    write: (random) =>
      decimal(random, 1, 5).replace(
        /^(\s*)(-?)/,
        (_, blanks, minus) => `${blanks}${minus || random.pick(["", "+"])}00`,
      ),
  },
  { type: { kind: "double" }, write: (random) => String((random.next() - 0.5) * 10 ** random.below(15)) },
  { type: { kind: "double" }, isHuge: true, write: (random) => random.pick(DOUBLE_EDGES) },
  { type: { kind: "double" }, write: (random) => (random.next() * 10 ** (random.below(40) - 20)).toExponential() },
  { type: { kind: "double" }, write: (random) => `${digits(random, 20)}.${digits(random, 20)}` },
  {
    type: { kind: "double" },
    write: (random) => random.pick(["nan", "NaN", "inf", "-inf", "Infinity", "-INFINITY", "1.5", "-2e3"]),
  },
  { type: { kind: "double" }, write: (random) => random.pick(["0", "-0.0", "1.25", "2.5", "nan"]) },
  {
    type: { kind: "double", isNarrow: true },
    isDeclared: true,
    write: (random) => String(Math.round((random.next() - 0.5) * 1e9) / 1000),
  },
  { type: { kind: "bool" }, write: (random) => random.pick(["true", "false"]) },
  { type: { kind: "bool" }, write: (random) => random.pick(["True", "FALSE", "t", "f", "yes", "No", "Y", "n"]) },
  { type: { kind: "date" }, write: (random) => date(random) },
  { type: { kind: "date" }, write: (random) => `2024-02-${random.pick(["27", "28", "29"])}` },
  {
    type: { kind: "date", format: "%d/%m/%Y" },
    isDeclared: true,
    write: (random) => date(random).replace(/^0/, "2").split("-").reverse().join("/"),
  },
  { type: { kind: "timestamp", zoned: false }, write: (random) => timestamp(random) },
  {
    type: { kind: "timestamp", zoned: true },
    write: (random) =>
      `${timestamp(random)}${random.pick(["Z", "Z", "+00", "+02", "-05:30", "+1345", "-00:01", "+14:00"])}`,
  },
  {
    type: { kind: "timestamp", zoned: false },
    write: (random) => `2025-0${1 + random.below(3)}-01T00:0${random.below(5)}:00`,
  },
  { type: { kind: "text" }, write: text },
  { type: { kind: "text" }, write: text },
  { type: { kind: "text" }, write: (random) => `cat_${random.below(20)}` },
  { type: { kind: "text" }, write: (random) => `key ${random.below(100_000)} ${"x".repeat(random.below(30))}` },
  { type: { kind: "text" }, write: (random) => random.pick(["007", "7", "07", "0", "00", "+7", "1e3"]) },
];

function spaced(random: Random, written: string): string {
  return random.below(6) === 0 ? `${" ".repeat(random.below(3))}${written}${" ".repeat(random.below(3))}` : written;
}

/** One to `most` digits, none of them a leading zero. */
function digits(random: Random, most: number): string {
  const rest = Array.from({ length: random.below(most) }, () => random.below(10)).join("");
  return rest === "" ? String(random.below(10)) : `${1 + random.below(9)}${rest}`;
}

function decimal(random: Random, scale: number, most: number): string {
  const whole = most > scale ? digits(random, most - scale) : random.pick(["", "0"]);
  const places = random.below(scale + 1);
  const fraction = Array.from({ length: places }, () => random.below(10)).join("");
  const sign = random.pick(["", "", "-"]);
  if (whole === "" && fraction === "") return `${sign}0`;
  return spaced(random, `${sign}${whole}${fraction === "" && random.below(4) > 0 ? "" : `.${fraction}`}`);
}

function date(random: Random): string {
  const year = random.pick([2020 + random.below(6), 1 + random.below(9999), 1969, 1970, 1900, 2000, 9999, 1]);
  const day = new Date(Date.UTC(2000, random.below(12), 1 + random.below(28)));
  return `${String(year).padStart(4, "0")}${day.toISOString().slice(4, 10)}`;
}

function timestamp(random: Random): string {
  const at = new Date(random.below(86_400_000)).toISOString();
  const fraction = random.pick(["", "", `.${at.slice(20, 23)}`, `.${digits(random, 9)}`]);
  return `${date(random)}${random.pick(["T", " "])}${at.slice(11, 19)}${fraction}`;
}

const TEXTS = [
  "x",
  "Ann",
  "a,b;c\td|e",
  'say "hi"',
  '"',
  '""',
  "two\nlines",
  "two\r\nlines",
  "a\rb",
  "\n",
  "é",
  "naïve café",
  "𝒳😀",
  "日本語のテキスト",
  "\uffee",
  " led",
  "trailed ",
  " ",
  "long text beyond twelve bytes and beyond sixteen",
  "7up",
  "it's",
  "\\",
  "back\\slash",
  "nul",
  "NA ",
  "nan?",
  "#no comment",
  "=1+1",
  "{json: true}",
  "-",
];

function text(random: Random): string {
  return random.pick(TEXTS);
}

/** What few columns can hold. */
export const BREAKERS: readonly string[] = [
  "abc",
  "7",
  "-7",
  "7.5",
  "+7",
  "+7.5",
  "1.234",
  "12.345,5",
  "-1,234,567.25",
  "7.125",
  "7.",
  "0.1234567890123456789",
  "123456789012345678.5",
  "007",
  "-01.5",
  "1e3",
  "1.5e-3",
  "nan",
  "-inf",
  "9223372036854775808",
  "-9223372036854775809",
  "123456789012345678901",
  "true",
  "maybe",
  "2024-02-30",
  "2024-02-29",
  "2024-02-29 12:00:00",
  "2024-02-29T12:00:00Z",
  "24/02/2029",
  "1 2",
  "--1",
  "1-",
  "+",
  ".",
  "0x1F",
];
