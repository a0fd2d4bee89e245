import { type Column, type ColumnOrName, lit } from "../column.ts";
import { invoke, value } from "./invoke.ts";

/** Today, in the session's time zone. */
export function current_date(): Column {
  return invoke("current_date");
}

/** Today, in the session's time zone. */
export function curdate(): Column {
  return invoke("curdate");
}

/** The date of a text, in a format of Spark's, or of a timestamp. */
export function to_date(col: ColumnOrName, format?: string): Column {
  return invoke("to_date", col, value(format));
}

/** The date of a text, null where there is none. */
export function try_to_date(col: ColumnOrName, format?: string): Column {
  return invoke("try_to_date", col, value(format));
}

/** The date of a year, month and day. */
export function make_date(year: ColumnOrName, month: ColumnOrName, day: ColumnOrName): Column {
  return invoke("make_date", year, month, day);
}

/** The year. */
export function year(col: ColumnOrName): Column {
  return invoke("year", col);
}

/** The quarter, 1 to 4. */
export function quarter(col: ColumnOrName): Column {
  return invoke("quarter", col);
}

/** The month, 1 to 12. */
export function month(col: ColumnOrName): Column {
  return invoke("month", col);
}

/** The month's short name. */
export function monthname(col: ColumnOrName): Column {
  return invoke("monthname", col);
}

/** The day of the month. */
export function day(col: ColumnOrName): Column {
  return invoke("day", col);
}

/** The day of the month. */
export function dayofmonth(col: ColumnOrName): Column {
  return invoke("dayofmonth", col);
}

/** The day of the year, from 1. */
export function dayofyear(col: ColumnOrName): Column {
  return invoke("dayofyear", col);
}

/** The day of the week, 1 for Sunday to 7. */
export function dayofweek(col: ColumnOrName): Column {
  return invoke("dayofweek", col);
}

/** The day of the week, 0 for Monday to 6. */
export function weekday(col: ColumnOrName): Column {
  return invoke("weekday", col);
}

/** The day's short name. */
export function dayname(col: ColumnOrName): Column {
  return invoke("dayname", col);
}

/** The week of the year by ISO 8601. */
export function weekofyear(col: ColumnOrName): Column {
  return invoke("weekofyear", col);
}

/** The last day of the month. */
export function last_day(date: ColumnOrName): Column {
  return invoke("last_day", date);
}

/** The next day with that name, as `"Mon"`. */
export function next_day(date: ColumnOrName, dayOfWeek: string): Column {
  return invoke("next_day", date, lit(dayOfWeek));
}

/** The date so many days later. */
export function date_add(start: ColumnOrName, days: ColumnOrName | number): Column {
  return invoke("date_add", start, days);
}

/** The date so many days later. */
export function dateadd(start: ColumnOrName, days: ColumnOrName | number): Column {
  return invoke("dateadd", start, days);
}

/** The date so many days earlier. */
export function date_sub(start: ColumnOrName, days: ColumnOrName | number): Column {
  return invoke("date_sub", start, days);
}

/** The days from the second date to the first. */
export function datediff(end: ColumnOrName, start: ColumnOrName): Column {
  return invoke("datediff", end, start);
}

/** The days from the second date to the first. */
export function date_diff(end: ColumnOrName, start: ColumnOrName): Column {
  return invoke("date_diff", end, start);
}

/** The date so many months later. */
export function add_months(start: ColumnOrName, months: ColumnOrName | number): Column {
  return invoke("add_months", start, months);
}

/** The months from the second to the first, with a fraction rounded to 8 digits. */
export function months_between(date1: ColumnOrName, date2: ColumnOrName, roundOff = true): Column {
  return invoke("months_between", date1, date2, roundOff);
}

/** The date cut to its `"year"`, `"quarter"`, `"month"` or `"week"`. */
export function trunc(date: ColumnOrName, format: string): Column {
  return invoke("trunc", date, lit(format));
}

/** The date so many days after 1970-01-01. */
export function date_from_unix_date(days: ColumnOrName): Column {
  return invoke("date_from_unix_date", days);
}

/** The days since 1970-01-01. */
export function unix_date(col: ColumnOrName): Column {
  return invoke("unix_date", col);
}

/** A part of a date or interval by its name, as `F.lit("year")`. */
export function date_part(field: Column, source: ColumnOrName): Column {
  return invoke("date_part", field, source);
}

/** A part of a date or interval by its name, as `F.lit("year")`. */
export function datepart(field: Column, source: ColumnOrName): Column {
  return invoke("datepart", field, source);
}

/** A part of a date or interval by its name, as `F.lit("year")`. */
export function extract(field: Column, source: ColumnOrName): Column {
  return invoke("extract", field, source);
}
