import { quoteText } from "./sql.ts";

/** Parts that stand for several others, of which the engine knows none. */
const JOINT_PARTS: Readonly<Record<string, string>> = { "%T": "%H:%M:%S", "%F": "%Y-%m-%d" };

/** SQL of the day or moment that a text is in a strftime format, or in ISO without one; null where it is none. */
export function momentOfText(value: string, sqlType: string, format: string | undefined): string {
  if (format === undefined) return isoText(value, sqlType);
  const plain = format.replace(/%[TF]/g, (part) => JOINT_PARTS[part] as string);
  // To the engine Z is no zone.
  const text = plain.endsWith("%z") ? `regexp_replace(trim(${value}), 'Z$', '+00', 'i')` : `trim(${value})`;
  const moment = `TRY_STRPTIME(${text}, ${quoteText(plain)})`;
  // To the engine 31.12.24 is of the year 24 in a format that asks for four digits.
  const whole = plain.includes("%Y") ? `CASE WHEN year(${moment}) >= 1000 THEN ${moment} END` : moment;
  return `CAST(${whole} AS ${sqlType})`;
}

/** A cast alone would drop a day's time and a moment's zone in silence. */
function isoText(value: string, sqlType: string): string {
  const moment = `TRY_CAST(${value} AS ${sqlType})`;
  if (sqlType === "DATE")
    return `CASE WHEN regexp_full_match(trim(${value}), '[0-9]{4}[-/][0-9]{1,2}[-/][0-9]{1,2}') THEN ${moment} END`;
  return sqlType === "TIMESTAMP"
    ? `CASE WHEN NOT regexp_matches(${value}, ':.*[A-Za-z+-]') THEN ${moment} END`
    : moment;
}
