import type { Column, ColumnOrName } from "../column.ts";
import { invoke } from "./invoke.ts";

/** The time of day when the query began. */
export function current_time(precision?: number): Column {
  return invoke("current_time", precision);
}

/** The time of day of a text; the format is a column. */
export function to_time(str: ColumnOrName, format?: ColumnOrName): Column {
  return invoke("to_time", str, format);
}

/** The time of day of a text, null where there is none. */
export function try_to_time(str: ColumnOrName, format?: ColumnOrName): Column {
  return invoke("try_to_time", str, format);
}

/** The time of day of an hour, minute and second. */
export function make_time(hour: ColumnOrName, minute: ColumnOrName, second: ColumnOrName): Column {
  return invoke("make_time", hour, minute, second);
}

/** The whole units, as `F.lit("HOUR")`, from one time of day to another. */
export function time_diff(unit: ColumnOrName, start: ColumnOrName, end: ColumnOrName): Column {
  return invoke("time_diff", unit, start, end);
}

/** The time of day cut to its unit, as `F.lit("HOUR")`. */
export function time_trunc(unit: ColumnOrName, time: ColumnOrName): Column {
  return invoke("time_trunc", unit, time);
}

/** The time of day so many seconds after midnight. */
export function time_from_seconds(col: ColumnOrName): Column {
  return invoke("time_from_seconds", col);
}

/** The time of day so many milliseconds after midnight. */
export function time_from_millis(col: ColumnOrName): Column {
  return invoke("time_from_millis", col);
}

/** The time of day so many microseconds after midnight. */
export function time_from_micros(col: ColumnOrName): Column {
  return invoke("time_from_micros", col);
}

/** The seconds since midnight. */
export function time_to_seconds(col: ColumnOrName): Column {
  return invoke("time_to_seconds", col);
}

/** The milliseconds since midnight. */
export function time_to_millis(col: ColumnOrName): Column {
  return invoke("time_to_millis", col);
}

/** The microseconds since midnight. */
export function time_to_micros(col: ColumnOrName): Column {
  return invoke("time_to_micros", col);
}
