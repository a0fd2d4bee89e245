import { nearest, UsageError } from "../errors.ts";
import type { TextOptions } from "./source.ts";

/** How the texts of a column are days or moments; in ISO where no strftime pattern is named. */
export type MomentForm =
  | { readonly kind: "date"; readonly format?: string | undefined }
  /** `zoned` when the texts name their zone. */
  | { readonly kind: "timestamp"; readonly zoned: boolean; readonly format?: string | undefined };

const DATE = /^\d{4}([-/])\d{1,2}\1\d{1,2}$/;
const TIMESTAMP =
  /^\d{4}([-/])\d{1,2}\1\d{1,2}([T ] *\d{1,2}:\d{1,2}(:\d{1,2}(\.\d*)?)?(Z|[+-]\d{2}(:?\d{2}(:?\d{2})?)?)?)?$/;
const ZONE = /:.*(Z|[+-]\d{2}(:?\d{2}){0,2})$/;
const HOURS = /%-?[HIMSTXfgnpc]/;

/**
 * What is tried where dates are not ISO, in this order; the hyphen stands for the mark that the texts have. With two digits
 * nobody can tell which is the year: such dates stay texts, unless their format is declared.
 */
const DATE_FORMATS = ["%Y-%m-%d", "%d-%m-%Y", "%m-%d-%Y"];
const TIMESTAMP_FORMATS = ["%Y-%m-%d %H:%M:%S", "%d-%m-%Y %H:%M:%S", "%m-%d-%Y %I:%M:%S %p"];
const OTHER_DATE = /^\d{1,4}([-/. ])\d{1,2}\1\d{1,4}( \d{1,2}:\d{1,2}:\d{1,2}( [AP]M)?)?$/i;

/**
 * The forms that all texts of a column have, the one first that they are read in; none where they are no moments. With a declared format there is
 * that one and ISO.
 *
 * @example
 * momentForms(["01/02/2024"]); // [{ kind: "date", format: "%d/%m/%Y" }, { kind: "date", format: "%m/%d/%Y" }]
 */
export function momentForms(texts: readonly string[], declared?: string): MomentForm[] {
  if (texts.length === 0) return [];
  if (declared !== undefined && texts.every((text) => fitsFormat(text, declared))) return [formOf(declared)];
  const iso = isoForm(texts);
  if (iso) return [iso];
  if (declared !== undefined || hasIsoMark(texts)) return [];
  return [...fitting(texts, DATE_FORMATS), ...fitting(texts, TIMESTAMP_FORMATS)].map(formOf);
}

/** What a declared format says that a column is. */
export function formOf(format: string): MomentForm {
  return HOURS.test(format) ? { kind: "timestamp", zoned: format.includes("%z"), format } : { kind: "date", format };
}

/** What is declared of a column: the format of all, which reads what fits it, or one of its own, which says what the column is. */
export function formatsOf(text: Pick<TextOptions, "dateFormat">, column: string): DeclaredFormats {
  const format = declaredFormat(text, column);
  return typeof text.dateFormat === "object" ? { own: format } : { ofAll: format };
}

export interface DeclaredFormats {
  readonly ofAll?: string | undefined;
  readonly own?: string | undefined;
}

/** The format that is declared for all columns, or for one. */
export function declaredFormat({ dateFormat }: Pick<TextOptions, "dateFormat">, column: string): string | undefined {
  if (typeof dateFormat !== "object") return dateFormat;
  return Object.hasOwn(dateFormat, column) ? dateFormat[column] : undefined;
}

/** A format where it may be that of a type under pandas' name: a day would drop a time of day in silence. */
export function formatAs(type: string, format: string | undefined): string | undefined {
  return type === "date" && format !== undefined && HOURS.test(format) ? undefined : format;
}

/** @throws {UsageError} E_NO_COLUMN for the format of a column that is not there */
export function refuseOtherColumns({ dateFormat }: Pick<TextOptions, "dateFormat">, names: readonly string[]): void {
  if (typeof dateFormat !== "object") return;
  const odd = Object.keys(dateFormat).find((name) => !names.includes(name));
  if (odd === undefined) return;
  const near = nearest(odd, names);
  throw new UsageError("E_NO_COLUMN", `no column "${odd}" for --date-format`, {
    hint: near.length > 0 ? `did you mean ${near.join(" or ")}?` : `there are ${names.slice(0, 8).join(", ")}`,
  });
}

function hasIsoMark(texts: readonly string[]): boolean {
  const mark = TIMESTAMP.exec(texts[0] as string)?.[1];
  return mark !== undefined && texts.every((text) => TIMESTAMP.exec(text)?.[1] === mark);
}

function isoForm(texts: readonly string[]): MomentForm | undefined {
  if (!hasIsoMark(texts) || !texts.every((text) => isDay(text) && isTime(text))) return undefined;
  if (texts.every((text) => DATE.test(text))) return { kind: "date" };
  return { kind: "timestamp", zoned: texts.some((text) => ZONE.test(text)) };
}

function fitting(texts: readonly string[], formats: readonly string[]): string[] {
  const mark = OTHER_DATE.exec(texts[0] as string)?.[1];
  if (mark === undefined) return [];
  const candidates = formats.map((format) => format.replace("-", mark).replace("-", mark));
  return candidates.filter((format) => texts.every((text) => fitsFormat(text, format)));
}

const PARTS: Readonly<Record<string, string>> = {
  Y: "(?<year>[1-9]\\d{3})",
  y: "(?<short>\\d{2})",
  m: "(?<month>\\d{1,2})",
  d: "(?<day>\\d{1,2})",
  j: "(?<dayOfYear>\\d{1,3})",
  H: "(?<hour>[01]?\\d|2[0-3])",
  I: "(?<half>0?[1-9]|1[0-2])",
  M: "(?<minute>[0-5]?\\d)",
  S: "(?<second>[0-5]?\\d)",
  p: "(?<halfDay>[AP]M)",
  f: "(?<fraction>\\d{1,6})",
  g: "(?<fraction>\\d{1,3})",
  n: "(?<fraction>\\d{1,9})",
  b: "(?<monthName>[a-z]{3})",
  B: "(?<monthName>[a-z]{3,9})",
  a: "[a-z]{3}",
  A: "[a-z]{6,9}",
  z: "(?<zone>Z|[+-]\\d{2}(?::?\\d{2})?)",
  "%": "%",
  c: "(?<year>[1-9]\\d{3})-(?<month>\\d{2})-(?<day>\\d{2}) (?<hour>\\d{1,2}):(?<minute>\\d{2}):(?<second>\\d{2})",
  x: "(?<year>[1-9]\\d{3})-(?<month>\\d{2})-(?<day>\\d{2})",
  X: "(?<hour>\\d{1,2}):(?<minute>\\d{2}):(?<second>\\d{2})",
  T: "(?<hour>\\d{1,2}):(?<minute>\\d{2}):(?<second>\\d{2})",
  F: "(?<year>[1-9]\\d{3})-(?<month>\\d{1,2})-(?<day>\\d{1,2})",
};

const patterns = new Map<string, RegExp>();

/** Whether a text is a day or moment as a strftime pattern writes it. */
export function fitsFormat(text: string, format: string): boolean {
  const parts = partsIn(text, format);
  if (!parts) return false;
  const { year, short, month = "1", day = "1" } = parts;
  return isCalendarDay(Number(year ?? `20${short ?? "00"}`), Number(month), Number(day));
}

/** The parts of a text that is written as a strftime pattern says, by their names; undefined where it is not. */
export function partsIn(text: string, format: string): Readonly<Record<string, string>> | undefined {
  const match = patternOf(format).exec(text);
  return match ? (match.groups ?? {}) : undefined;
}

/** A part that is not known fits nothing. */
function patternOf(format: string): RegExp {
  let pattern = patterns.get(format);
  if (!pattern) {
    const names = new Set<string>();
    // One that comes twice has its name once.
    const once = (part: string) =>
      part.replace(/\?<(\w+)>/g, (name) => {
        if (names.has(name)) return "?:";
        names.add(name);
        return name;
      });
    const source = format.replace(/%-?(.)|([\s\S])/g, (_, part?: string, letter?: string) =>
      part === undefined ? (letter as string).replace(/[\\^$.*+?()[\]{}|/-]/, "\\$&") : once(PARTS[part] ?? "(?!)"),
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
