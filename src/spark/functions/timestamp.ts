import { type Column, type ColumnOrName, lit } from "../column.ts";
import { invoke, value } from "./invoke.ts";

/** When the query began. */
export function current_timestamp(): Column {
  return invoke("current_timestamp");
}

/** When the query began. */
export function now(): Column {
  return invoke("now");
}

/** When the query began, as a timestamp without time zone. */
export function localtimestamp(): Column {
  return invoke("localtimestamp");
}

/** The session's time zone. */
export function current_timezone(): Column {
  return invoke("current_timezone");
}

/** The timestamp of a text, in a format of Spark's. */
export function to_timestamp(col: ColumnOrName, format?: string): Column {
  return invoke("to_timestamp", col, value(format));
}

/** The timestamp of a text, null where there is none; the format is a column. */
export function try_to_timestamp(col: ColumnOrName, format?: ColumnOrName): Column {
  return invoke("try_to_timestamp", col, format);
}

/** The timestamp of a text in the session's time zone; the format is a column. */
export function to_timestamp_ltz(timestamp: ColumnOrName, format?: ColumnOrName): Column {
  return invoke("to_timestamp_ltz", timestamp, format);
}

/** The timestamp without time zone of a text; the format is a column. */
export function to_timestamp_ntz(timestamp: ColumnOrName, format?: ColumnOrName): Column {
  return invoke("to_timestamp_ntz", timestamp, format);
}

/** The hour, 0 to 23. */
export function hour(col: ColumnOrName): Column {
  return invoke("hour", col);
}

/** The minute. */
export function minute(col: ColumnOrName): Column {
  return invoke("minute", col);
}

/** The second. */
export function second(col: ColumnOrName): Column {
  return invoke("second", col);
}

/** The time as text in a format of Spark's, as `"yyyy-MM-dd HH:mm"`. */
export function date_format(date: ColumnOrName, format: string): Column {
  return invoke("date_format", date, lit(format));
}

/** The timestamp cut to its `"hour"`, `"day"`, `"month"` and so on. */
export function date_trunc(format: string, timestamp: ColumnOrName): Column {
  return invoke("date_trunc", lit(format), timestamp);
}

/** Seconds since 1970 as text in the session's time zone. */
export function from_unixtime(timestamp: ColumnOrName, format = "yyyy-MM-dd HH:mm:ss"): Column {
  return invoke("from_unixtime", timestamp, lit(format));
}

/** The seconds since 1970 of a text in a format, or of now. */
export function unix_timestamp(timestamp?: ColumnOrName, format = "yyyy-MM-dd HH:mm:ss"): Column {
  return timestamp === undefined ? invoke("unix_timestamp") : invoke("unix_timestamp", timestamp, lit(format));
}

/** The seconds since 1970 of a text; the format is a column. */
export function to_unix_timestamp(timestamp: ColumnOrName, format?: ColumnOrName): Column {
  return invoke("to_unix_timestamp", timestamp, format);
}

/** The seconds since 1970. */
export function unix_seconds(col: ColumnOrName): Column {
  return invoke("unix_seconds", col);
}

/** The milliseconds since 1970. */
export function unix_millis(col: ColumnOrName): Column {
  return invoke("unix_millis", col);
}

/** The microseconds since 1970. */
export function unix_micros(col: ColumnOrName): Column {
  return invoke("unix_micros", col);
}

/** The nanoseconds since 1970. */
export function unix_nanos(col: ColumnOrName): Column {
  return invoke("unix_nanos", col);
}

/** The timestamp so many seconds after 1970. */
export function timestamp_seconds(col: ColumnOrName): Column {
  return invoke("timestamp_seconds", col);
}

/** The timestamp so many milliseconds after 1970. */
export function timestamp_millis(col: ColumnOrName): Column {
  return invoke("timestamp_millis", col);
}

/** The timestamp so many microseconds after 1970. */
export function timestamp_micros(col: ColumnOrName): Column {
  return invoke("timestamp_micros", col);
}

/** The timestamp so many nanoseconds after 1970. */
export function timestamp_nanos(col: ColumnOrName): Column {
  return invoke("timestamp_nanos", col);
}

/** The timestamp so many units, as `"MONTH"`, later. */
export function timestamp_add(unit: string, quantity: ColumnOrName, ts: ColumnOrName): Column {
  return invoke("timestampadd", lit(unit), quantity, ts);
}

/** The whole units, as `"HOUR"`, from one timestamp to another. */
export function timestamp_diff(unit: string, start: ColumnOrName, end: ColumnOrName): Column {
  return invoke("timestampdiff", lit(unit), start, end);
}

/** A time of UTC as the clock of a time zone shows it. */
export function from_utc_timestamp(timestamp: ColumnOrName, tz: Column | string): Column {
  return invoke("from_utc_timestamp", timestamp, lit(tz));
}

/** A time on the clock of a time zone, in UTC. */
export function to_utc_timestamp(timestamp: ColumnOrName, tz: Column | string): Column {
  return invoke("to_utc_timestamp", timestamp, lit(tz));
}

/** A timestamp without time zone as the clock of another zone shows it; null for the source means the session's zone. */
export function convert_timezone(sourceTz: Column | null, targetTz: Column, sourceTs: ColumnOrName): Column {
  return sourceTz === null
    ? invoke("convert_timezone", targetTz, sourceTs)
    : invoke("convert_timezone", sourceTz, targetTz, sourceTs);
}

/** Windows over time to group by, as `"10 minutes"`; they overlap when they slide by less. */
export function window(
  timeColumn: ColumnOrName,
  windowDuration: string,
  slideDuration?: string,
  startTime?: string,
): Column {
  const slide = startTime === undefined ? slideDuration : (slideDuration ?? windowDuration);
  return invoke("window", timeColumn, lit(windowDuration), value(slide), value(startTime));
}

/** The time that stands for a window: its last microsecond. */
export function window_time(windowColumn: ColumnOrName): Column {
  return invoke("window_time", windowColumn);
}

/** Windows to group by that end when nothing happened for the gap. */
export function session_window(timeColumn: ColumnOrName, gapDuration: Column | string): Column {
  return invoke("session_window", timeColumn, lit(gapDuration));
}

/** The start of the bucket of an interval's size that a time falls in. */
export function time_bucket(bucket_size: Column, ts: ColumnOrName, origin?: Column): Column {
  return invoke("time_bucket", bucket_size, ts, origin);
}
