const MOMENT = /^(\d{1,2})([./-])(\d{1,2})\2(\d{4}|\d{2})(?: (\d{1,2}:\d{2})(:\d{2})?( ?)([AP]M)?)?$/i;

/** Orders in which the readers try the parts of a date that does not begin with a year of four digits; with AM or PM they try American ones alone, with a year of two digits none. */
const ORDERS = ["dmy", "mdy", "ymd"] as const;
const HALF_DAY_ORDERS = ["mdy", "dmy", "ymd"] as const;
const MOST = { y: 99, m: 12, d: 31 } as const;

interface Words {
  /** For a column that stays text. */
  readonly unread: string;
  /** For one that is read as moments, which may be others: the sample fits several orders of day, month and year. */
  readonly unsure?: string | undefined;
}

/**
 * How texts are moments, undefined where they are none or in ISO.
 *
 * @example
 * momentsInWords(["13.3.2024"])?.unread; // 'moments as 13.3.2024 stay texts; --date-format "%d.%m.%Y" reads them, …'
 */
export function momentsInWords(values: readonly string[]): Words | undefined {
  const found = values.map((value) => MOMENT.exec(value));
  const first = found[0];
  if (!first || !found.every((one) => one && one[2] === first[2] && formOf(one) === formOf(first))) return undefined;
  const most = [1, 3, 4].map((at) => found.reduce((high, one) => Math.max(high, Number(one?.[at])), 0));
  const hasLongYear = first[4]?.length === 4;
  const fitting = (first[8] === undefined ? ORDERS : HALF_DAY_ORDERS).filter((order) =>
    [...order].every((part, i) =>
      part === "y" && hasLongYear ? i === 2 : (most[i] as number) <= MOST[part as keyof typeof MOST],
    ),
  );
  const all = fitting.map((order) => patternOf(order, first));
  // Between points nobody has the month first, unless nothing else fits.
  const pointed = all.filter((pattern) => !pattern.startsWith("%m."));
  const patterns = pointed.length > 0 ? pointed : all;
  if (patterns.length === 0) return undefined;
  const value = values[0] as string;
  const which = patterns.map((pattern) => `--date-format "${pattern}"`).join(" or ");
  const unread = `moments as ${value} stay texts; ${which}${patterns.length > 1 ? ", the sample does not tell which," : ""} reads them, and no other format then`;
  return { unread, unsure: hasLongYear ? unsureWords(value, patterns) : undefined };
}

function unsureWords(value: string, [read, ...others]: readonly string[]): string | undefined {
  if (others.length === 0) return undefined;
  return `moments as ${value} fit ${[read, ...others].join(", ")}, and are read by the first that fits all: --date-format says which it is, as in --date-format "${others[0]}"`;
}

function patternOf(order: string, first: RegExpExecArray): string {
  const year = first[4]?.length === 2 ? "%y" : "%Y";
  const parts = [...order].map((part) => (part === "y" ? year : `%${part}`));
  return `${parts.join(first[2])}${formOf(first)}`;
}

/** The pattern behind the date. */
function formOf([, , , , , hours, seconds, blank = "", half]: RegExpExecArray): string {
  if (hours === undefined) return "";
  return ` ${half === undefined ? "%H" : "%I"}:%M${seconds === undefined ? "" : ":%S"}${half === undefined ? "" : `${blank}%p`}`;
}
