import type { Column, ColumnOrName } from "../column.ts";
import { type Argument, invoke } from "./invoke.ts";

/** An amount of a unit; text is the name of a column. */
type Amount = ColumnOrName | number;

/** The parts of an interval of calendar time; what is not given is zero. */
export interface IntervalParts {
  readonly years?: Amount | undefined;
  readonly months?: Amount | undefined;
  readonly weeks?: Amount | undefined;
  readonly days?: Amount | undefined;
  readonly hours?: Amount | undefined;
  readonly mins?: Amount | undefined;
  readonly secs?: Amount | undefined;
}

/** An interval of calendar time: `F.make_interval({ months: 1, days: "delay" })`. */
export function make_interval(parts: IntervalParts = {}): Column {
  return invoke("make_interval", ...intervalArguments(parts));
}

/** An interval of calendar time, null where it would overflow. */
export function try_make_interval(parts: IntervalParts = {}): Column {
  return invoke("try_make_interval", ...intervalArguments(parts));
}

/** An interval of days to seconds. */
export function make_dt_interval(parts: Pick<IntervalParts, "days" | "hours" | "mins" | "secs"> = {}): Column {
  const { days = 0, hours = 0, mins = 0, secs = 0 } = parts;
  return invoke("make_dt_interval", days, hours, mins, secs);
}

/** An interval of years and months. */
export function make_ym_interval({ years = 0, months = 0 }: Pick<IntervalParts, "years" | "months"> = {}): Column {
  return invoke("make_ym_interval", years, months);
}

/** A date and a time of day. */
export interface DateAndTime {
  readonly date: ColumnOrName;
  readonly time: ColumnOrName;
}

/** A date and a time of day in a time zone; in the session's unless one is given. */
export interface ZonedDateAndTime extends DateAndTime {
  readonly timezone?: ColumnOrName | undefined;
}

/** Year, month, day, hour, minute and second. */
type Parts = readonly [
  years: ColumnOrName,
  months: ColumnOrName,
  days: ColumnOrName,
  hours: ColumnOrName,
  mins: ColumnOrName,
  secs: ColumnOrName,
];
type ZonedParts = readonly [...Parts, timezone?: ColumnOrName];

/** The timestamp of its parts, in a time zone or the session's. */
export function make_timestamp(...parts: ZonedParts | readonly [ZonedDateAndTime]): Column {
  return invoke("make_timestamp", ...timestampArguments(parts));
}

/** The timestamp of its parts, null where there is none. */
export function try_make_timestamp(...parts: ZonedParts | readonly [ZonedDateAndTime]): Column {
  return invoke("try_make_timestamp", ...timestampArguments(parts));
}

/** The timestamp of its parts, in a time zone or the session's. */
export function make_timestamp_ltz(...parts: ZonedParts): Column {
  return invoke("make_timestamp_ltz", ...parts);
}

/** The timestamp of its parts, null where there is none. */
export function try_make_timestamp_ltz(...parts: ZonedParts): Column {
  return invoke("try_make_timestamp_ltz", ...parts);
}

/** The timestamp without time zone of its parts. */
export function make_timestamp_ntz(...parts: Parts | readonly [DateAndTime]): Column {
  return invoke("make_timestamp_ntz", ...timestampArguments(parts));
}

/** The timestamp without time zone of its parts, null where there is none. */
export function try_make_timestamp_ntz(...parts: Parts | readonly [DateAndTime]): Column {
  return invoke("try_make_timestamp_ntz", ...timestampArguments(parts));
}

function intervalArguments(parts: IntervalParts): Argument[] {
  const { years = 0, months = 0, weeks = 0, days = 0, hours = 0, mins = 0, secs = 0 } = parts;
  return [years, months, weeks, days, hours, mins, secs];
}

function timestampArguments(parts: ZonedParts | readonly [ZonedDateAndTime]): readonly Argument[] {
  if (parts.length > 1) return parts as ZonedParts;
  const { date, time, timezone } = parts[0] as ZonedDateAndTime;
  return [date, time, timezone];
}
