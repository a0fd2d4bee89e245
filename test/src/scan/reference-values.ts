import type { Kind } from "../../../src/scan/table.ts";

/** Integers, decimals (in units of 10^-scale) and timestamps (microseconds) are bigint, dates the days since 1970. */
export type Value = bigint | number | boolean | string;

export type MisfitReason = "syntax" | "range" | "scale" | "zero" | "zone" | "exponent";

export type Reading =
  | { readonly value: Value; readonly misfit?: undefined }
  | { readonly value?: undefined; readonly misfit: MisfitReason };

export interface ReadingRules {
  readonly decimal: "." | ",";
  readonly thousands?: string | undefined;
  /** Digits that start with a zero or a plus are an identifier and no number. */
  readonly keepsZeros: boolean;
  /** A declared type of whole numbers takes 5.0 and 1e3 as well. */
  readonly takesWhole: boolean;
}

/** The value of a text under a kind, or why it has none. */
export function readValue(text: string, kind: Kind, rules: ReadingRules): Reading {
  if (kind.kind === "text") return { value: text };
  if (kind.kind === "bool") return readBool(text);
  const bare = text.replace(/^[ \t\n\v\f\r]+|[ \t\n\v\f\r]+$/g, "");
  switch (kind.kind) {
    case "date":
      return readDate(bare, kind.format);
    case "timestamp":
      return readTimestamp(bare, kind);
    default:
      return readNumber(bare, kind, rules);
  }
}

type NumberKind = Extract<Kind, { kind: "int" | "decimal" | "double" }>;

const INT64 = { min: -(2n ** 63n), max: 2n ** 63n - 1n };
const DECIMALS = { min: 1n - 10n ** 18n, max: 10n ** 18n - 1n };

function readNumber(written: string, kind: NumberKind, rules: ReadingRules): Reading {
  const { decimal, keepsZeros, takesWhole } = rules;
  const text = withoutThousands(written, rules);
  const plain = decimal === "," ? text.replace(",", "\0").replace(".", ",").replace("\0", ".") : text;
  if (keepsZeros && text.startsWith("+")) return { misfit: "syntax" };
  if (kind.kind === "double" && /^[+-]?(nan|inf|infinity)$/i.test(plain)) return { value: special(plain) };
  const match = /^([+-]?)(?:(\d+)(?:(\.)(\d*))?|(\.)(\d+))(e[+-]?\d+)?$/i.exec(plain);
  if (!match) return { misfit: "syntax" };
  const whole = match[2] ?? "";
  const fraction = match[4] ?? match[6] ?? "";
  if (keepsZeros && /^0\d/.test(whole)) return { misfit: "zero" };
  if (kind.kind === "double") {
    const value = Number(plain);
    return { value: kind.isNarrow ? Math.fround(value) : value };
  }
  const isNegative = match[1] === "-";
  if (kind.kind === "int" && takesWhole)
    return readWhole(isNegative, whole, fraction, match[7], 0, kind.range ?? INT64);
  const scale = kind.kind === "decimal" ? kind.scale : 0;
  if (match[7] !== undefined && takesWhole) return readWhole(isNegative, whole, fraction, match[7], scale, DECIMALS);
  if (match[7] !== undefined) return { misfit: "exponent" };
  if (/[^0]/.test(fraction.slice(scale)) || (kind.kind === "int" && (match[3] ?? match[5]))) return { misfit: "scale" };
  const size = BigInt(whole + fraction.slice(0, scale).padEnd(scale, "0"));
  const value = isNegative ? -size : size;
  const range = kind.kind === "int" ? (kind.range ?? INT64) : DECIMALS;
  return value < range.min || value > range.max ? { misfit: "range" } : { value };
}

const LIKE: Readonly<Record<string, string>> = { "'": "'\u2019", " ": " \u00a0\u202f" };

/** Split at its separators: the first part has one to three digits, all others three, and the last may have decimals behind them. */
export function withoutThousands(
  text: string,
  { decimal, thousands }: Pick<ReadingRules, "decimal" | "thousands">,
): string {
  if (thousands === undefined) return text;
  const signs = LIKE[thousands] ?? thousands;
  const [whole = "", ...fractions] = text.split(decimal);
  const parts = [""];
  for (const letter of whole) {
    if (signs.includes(letter)) parts.push("");
    else parts[parts.length - 1] += letter;
  }
  const [first = "", ...others] = parts;
  if (others.length === 0 || fractions.length > 1 || /\D/.test(fractions.join(""))) return text;
  if (!/^[+-]?[1-9]\d?\d?$/.test(first) || !others.every((part) => /^\d\d\d$/.test(part))) return text;
  return [parts.join(""), ...fractions].join(decimal);
}

function readWhole(
  isNegative: boolean,
  whole: string,
  fraction: string,
  exponent: string | undefined,
  scale: number,
  range: { readonly min: bigint; readonly max: bigint },
): Reading {
  const places = fraction.length - Number(exponent?.slice(1) ?? 0) - scale;
  const digits = BigInt(whole + fraction);
  const unit = 10n ** BigInt(Math.abs(places));
  if (places > 0 && digits % unit !== 0n) return { misfit: exponent === undefined ? "scale" : "exponent" };
  const size = places > 0 ? digits / unit : digits * unit;
  const value = isNegative ? -size : size;
  return value < range.min || value > range.max ? { misfit: "range" } : { value };
}

function special(text: string): number {
  if (/nan/i.test(text)) return Number.NaN;
  return text.startsWith("-") ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
}

function readBool(text: string): Reading {
  if (/^(true|t|yes|y|1)$/i.test(text)) return { value: true };
  return /^(false|f|no|n|0)$/i.test(text) ? { value: false } : { misfit: "syntax" };
}

const DAY = 86_400_000_000n;

function readDate(text: string, format = "%Y-%m-%d"): Reading {
  const parts = byFormat(text, format);
  if (format !== "%Y-%m-%d" && parts && parts.year < 1000) return { misfit: "syntax" };
  const days = parts && daysOf(parts);
  return days === undefined ? { misfit: "syntax" } : { value: days };
}

interface Moment {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour?: number;
  readonly minute?: number;
  readonly second?: number;
}

const PLACES: Readonly<Record<string, readonly [keyof Moment, string]>> = {
  "%Y": ["year", "\\d{4}"],
  "%m": ["month", "\\d{1,2}"],
  "%d": ["day", "\\d{1,2}"],
  "%H": ["hour", "\\d{1,2}"],
  "%M": ["minute", "\\d{1,2}"],
  "%S": ["second", "\\d{1,2}"],
};

function byFormat(text: string, format: string): Moment | undefined {
  const pattern = format
    .split(/(%[a-zA-Z])/)
    .map((piece) => {
      const place = PLACES[piece];
      return place ? `(?<${place[0]}>${place[1]})` : piece.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&");
    })
    .join("");
  const groups = new RegExp(`^${pattern}$`).exec(text)?.groups;
  if (!groups) return undefined;
  return Object.fromEntries(Object.entries(groups).map(([name, digits]) => [name, Number(digits)])) as never;
}

/** Days since 1970 in the Gregorian calendar, counted year by year; undefined for a day that there is not. */
function daysOf({ year, month, day }: Moment): number | undefined {
  if (year < 1 || year > 9999 || month < 1 || month > 12 || day < 1 || day > monthDays(year, month)) return undefined;
  const before = (to: number) => to * 365 + Math.floor(to / 4) - Math.floor(to / 100) + Math.floor(to / 400);
  let days = before(year - 1) - before(1969) + day - 1;
  for (let earlier = 1; earlier < month; earlier++) days += monthDays(year, earlier);
  return days;
}

function monthDays(year: number, month: number): number {
  const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  return month === 2 ? (isLeap ? 29 : 28) : [4, 6, 9, 11].includes(month) ? 30 : 31;
}

const ISO =
  /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?(?:(Z)|([+-])(\d{2})(?::?(\d{2}))?)?)?$/;

function readTimestamp(text: string, { zoned, format }: Extract<Kind, { kind: "timestamp" }>): Reading {
  if (format !== undefined) {
    const parts = byFormat(text, format);
    if (parts && parts.year < 1000) return { misfit: "syntax" };
    const value = parts && microsOf(parts, "");
    return value === undefined ? { misfit: "syntax" } : { value };
  }
  const match = ISO.exec(text);
  if (!match) return { misfit: "syntax" };
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map((digits) => Number(digits ?? 0)) as number[];
  const parts = { year, month, day, hour, minute, second } as Moment;
  const local = microsOf(parts, match[7] ?? "");
  if (local === undefined) return { misfit: "syntax" };
  const isZoned = match[8] !== undefined || match[9] !== undefined;
  // Without a zone a time is one of UTC; a zone would be lost.
  if (isZoned && !zoned) return { misfit: "zone" };
  const offset = BigInt(Number(match[10] ?? 0) * 60 + Number(match[11] ?? 0)) * 60_000_000n;
  return { value: match[9] === "-" ? local + offset : local - offset };
}

function microsOf(moment: Moment, fraction: string): bigint | undefined {
  const { hour = 0, minute = 0, second = 0 } = moment;
  const days = daysOf(moment);
  if (days === undefined || hour > 23 || minute > 59 || second > 59) return undefined;
  const micros = BigInt(fraction.padEnd(6, "0").slice(0, 6));
  return BigInt(days) * DAY + BigInt((hour * 60 + minute) * 60 + second) * 1_000_000n + micros;
}
