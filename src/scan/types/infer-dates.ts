import type { Kind } from "../table.ts";
import type { InferOptions } from "./infer.ts";

const DATE = /^\d{4}([-/])\d{1,2}\1\d{1,2}$/;
const TIMESTAMP =
  /^\d{4}([-/])\d{1,2}\1\d{1,2}([T ] *\d{1,2}:\d{1,2}(:\d{1,2}(\.\d*)?)?(Z|[+-]\d{2}(:?\d{2}(:?\d{2})?)?)?)?$/;
const ZONE = /:.*(Z|[+-]\d{2}(:?\d{2}){0,2})$/;
const HOURS = /%[HIMSTfpc]/;

/** What the engine tries where dates are not ISO, in its order; the hyphen stands for the mark that the texts have. */
const DATE_FORMATS = ["%Y-%m-%d", "%y-%m-%d", "%d-%m-%Y", "%d-%m-%y", "%m-%d-%Y", "%m-%d-%y"];
const TIMESTAMP_FORMATS = [
  "%Y-%m-%d %H:%M:%S",
  "%y-%m-%d %H:%M:%S",
  "%d-%m-%y %H:%M:%S",
  "%d-%m-%Y %H:%M:%S",
  "%m-%d-%y %I:%M:%S %p",
  "%m-%d-%Y %I:%M:%S %p",
];
const OTHER_DATE = /^\d{1,4}([-/. ])\d{1,2}\1\d{1,4}( \d{1,2}:\d{1,2}:\d{1,2}( [AP]M)?)?$/i;

/** Days in ISO, in the declared format, or in one that fits all texts. */
export function dateOf(texts: readonly string[], { dateFormat }: InferOptions): Kind | undefined {
  if (dateFormat !== undefined && !HOURS.test(dateFormat))
    return texts.every((text) => fitsFormat(text, dateFormat)) ? { kind: "date", format: dateFormat } : undefined;
  const mark = DATE.exec(texts[0] as string)?.[1];
  if (mark !== undefined && texts.every((text) => DATE.exec(text)?.[1] === mark))
    return texts.every(isDay) ? { kind: "date" } : undefined;
  const format = fitting(texts, DATE_FORMATS);
  return format === undefined ? undefined : { kind: "date", format };
}

/** Moments in ISO, in the declared format, or in one that fits all texts. */
export function timestampOf(texts: readonly string[], { dateFormat }: InferOptions): Kind | undefined {
  if (dateFormat !== undefined && HOURS.test(dateFormat)) {
    const zoned = dateFormat.includes("%z");
    return texts.every((text) => fitsFormat(text, dateFormat))
      ? { kind: "timestamp", zoned, format: dateFormat }
      : undefined;
  }
  const mark = TIMESTAMP.exec(texts[0] as string)?.[1];
  if (mark !== undefined && texts.every((text) => TIMESTAMP.exec(text)?.[1] === mark)) {
    if (!texts.every((text) => isDay(text) && isTime(text))) return undefined;
    return { kind: "timestamp", zoned: texts.some((text) => ZONE.test(text)) };
  }
  const format = fitting(texts, TIMESTAMP_FORMATS);
  return format === undefined ? undefined : { kind: "timestamp", zoned: false, format };
}

function fitting(texts: readonly string[], formats: readonly string[]): string | undefined {
  const mark = OTHER_DATE.exec(texts[0] as string)?.[1];
  if (mark === undefined) return undefined;
  const candidates = formats.map((format) => format.replace("-", mark).replace("-", mark));
  return candidates.find((format) => texts.every((text) => fitsFormat(text, format)));
}

const PARTS: Readonly<Record<string, string>> = {
  Y: "(?<year>\\d{4})",
  y: "(?<short>\\d{2})",
  m: "(?<month>\\d{1,2})",
  d: "(?<day>\\d{1,2})",
  j: "\\d{1,3}",
  H: "(?:[01]?\\d|2[0-3])",
  I: "(?:0?[1-9]|1[0-2])",
  M: "[0-5]?\\d",
  S: "[0-5]?\\d",
  p: "[AP]M",
  f: "\\d{1,6}",
  g: "\\d{1,3}",
  n: "\\d{1,9}",
  b: "[a-z]{3}",
  B: "[a-z]{3,9}",
  a: "[a-z]{3}",
  A: "[a-z]{6,9}",
  z: "(?:Z|[+-]\\d{2}(?::?\\d{2})?)",
  "%": "%",
  c: "(?<year>\\d{4})-(?<month>\\d{2})-(?<day>\\d{2}) \\d{1,2}:\\d{2}:\\d{2}",
  x: "(?<year>\\d{4})-(?<month>\\d{2})-(?<day>\\d{2})",
  X: "\\d{1,2}:\\d{2}:\\d{2}",
};

const patterns = new Map<string, RegExp>();

/** Whether a text is a day or moment as a strftime pattern writes it. */
export function fitsFormat(text: string, format: string): boolean {
  const match = patternOf(format).exec(text);
  if (!match) return false;
  const { year, short, month = "1", day = "1" } = match.groups ?? {};
  return isCalendarDay(Number(year ?? `20${short ?? "00"}`), Number(month), Number(day));
}

/** A part that is not known fits nothing. */
function patternOf(format: string): RegExp {
  let pattern = patterns.get(format);
  if (!pattern) {
    const source = format.replace(/%-?(.)|([\s\S])/g, (_, part?: string, letter?: string) =>
      part === undefined ? (letter as string).replace(/[\\^$.*+?()[\]{}|/-]/, "\\$&") : (PARTS[part] ?? "(?!)"),
    );
    pattern = new RegExp(`^${source}$`, "i");
    patterns.set(format, pattern);
  }
  return pattern;
}

function isDay(text: string): boolean {
  const month = text.slice(5, text.indexOf(text[4] as string, 5));
  const day = text.slice(6 + month.length, 8 + month.length);
  return isCalendarDay(Number(text.slice(0, 4)), Number(month), Number.parseInt(day, 10));
}

function isCalendarDay(year: number, month: number, day: number): boolean {
  if (year < 1 || month < 1 || month > 12 || day < 1) return false;
  if (day <= 28) return true;
  const date = new Date(0);
  date.setUTCFullYear(year, month, 0);
  return day <= date.getUTCDate();
}

function isTime(text: string): boolean {
  const match = /[T ] *(\d+):(\d+)(?::(\d+)(?:\.0*)?)?/.exec(text);
  if (!match) return true;
  const [hours, minutes, seconds] = match.slice(1).map((part) => Number(part ?? 0)) as [number, number, number];
  return minutes < 60 && seconds < 60 && (hours < 24 || (hours === 24 && minutes + seconds === 0));
}
