import { type MomentForm, partsIn } from "./moment-formats.ts";

const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const ISO =
  /^(?<year>\d{4})[-/](?<month>\d{1,2})[-/](?<day>\d{1,2})(?:[T ] *(?<hour>\d{1,2}):(?<minute>\d{1,2})(?::(?<second>\d{1,2})(?:\.(?<fraction>\d*))?)?(?<zone>Z|[+-][\d:]+)?)?$/;

type PartName =
  | "year"
  | "short"
  | "month"
  | "monthName"
  | "day"
  | "dayOfYear"
  | "hour"
  | "half"
  | "halfDay"
  | "minute"
  | "second"
  | "fraction"
  | "zone";
type Parts = Readonly<Partial<Record<PartName, string>>>;

/** The moment that a text is in a form which it has, to milliseconds. Without a zone a time of day is taken as UTC, as everywhere in Outgrow. */
export function momentValue(text: string, { format }: MomentForm): Date {
  const parts: Parts = (format === undefined ? ISO.exec(text)?.groups : partsIn(text, format)) ?? {};
  const { day, dayOfYear = "1", minute = "0", second = "0", fraction = "" } = parts;
  const date = new Date(0);
  date.setUTCFullYear(yearOf(parts), monthOf(parts) - 1, Number(day ?? dayOfYear));
  const seconds = hourOf(parts) * 3600 + Number(minute) * 60 + Number(second) - zoneOf(parts);
  return new Date(date.getTime() + seconds * 1000 + Math.floor(Number(`0.${fraction}0`) * 1000));
}

function yearOf({ year, short }: Parts): number {
  if (short === undefined) return Number(year ?? 1900);
  return Number(short) + (Number(short) < 69 ? 2000 : 1900);
}

/** A number or a name. */
function monthOf({ month, monthName }: Parts): number {
  return monthName === undefined ? Number(month ?? 1) : MONTHS.indexOf(monthName.slice(0, 3).toLowerCase()) + 1;
}

function hourOf({ hour, half, halfDay }: Parts): number {
  if (half === undefined) return Number(hour ?? 0);
  return (Number(half) % 12) + (/^p/i.test(halfDay ?? "") ? 12 : 0);
}

/** Seconds that a zone is ahead of UTC. */
function zoneOf({ zone }: Parts): number {
  const [, sign, hours, minutes = "0"] = /^([+-])(\d{2}):?(\d{2})?/.exec(zone ?? "") ?? [];
  return sign === undefined ? 0 : (sign === "-" ? -60 : 60) * (Number(hours) * 60 + Number(minutes));
}
