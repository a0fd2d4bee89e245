import type { Column } from "../../../../src/spark/column.ts";
import type * as Functions from "../../../../src/spark/functions.ts";
import type { WindowSpec } from "../../../../src/spark/window.ts";

type F = typeof Functions;
export type Call = (F: F, w: WindowSpec) => Column;

/** A call, whose text is the same in PySpark; or a call with the text for PySpark where the languages differ. */
export type CallRow = Call | readonly [call: Call, python: string];

/** The columns that the calls are about: three rows of values and one of nulls. */
export const SAMPLE = `
SELECT *,
  array(i, j, 2) AS xs, array(j, 7) AS ys, array(s, 'z', NULL) AS ss, array(array(i), array(j, i)) AS nested,
  map('a', i, 'b', j) AS m, map('b', i, 'c', 5) AS n, named_struct('a', i, 'b', s) AS st,
  array(named_struct('a', i, 'b', s), named_struct('a', j, 'b', 'q')) AS sts,
  array(float(x), 2f, 0.5f) AS fs, array(float(y), 1f, -1f) AS gs, array(coalesce(x, 0D), coalesce(y, 9D)) AS ds,
  encode(s, 'utf-8') AS bytes, parse_json(json) AS v, CAST(at AS TIMESTAMP_NTZ) AS ntz, to_time(date_format(at, 'HH:mm:ss')) AS clock
FROM VALUES
  ('a', 1, 3, 10L, 1.5D, 0.25D, 12.50BD, 'Hello World', 'World', true, DATE'2024-01-31', DATE'2023-11-15',
   TIMESTAMP'2024-01-31 13:45:30.123456', TIMESTAMP'2024-01-30 12:00:00', '{"a":1,"b":[1,2,null],"c":{"d":"x"}}', '1,x', '<p><a>1</a><b>x</b></p>', 'https://h.org/p?k=v&q=a%20b#r'),
  ('a', 2, 2, 20L, -0.5D, 0.75D, -3.25BD, 'a,b;c,d', 'b', false, DATE'2024-02-29', DATE'2024-02-29',
   TIMESTAMP'2024-02-29 00:00:00', TIMESTAMP'2024-02-28 23:30:00', '{"a":2,"b":[]}', '2,y', '<p><a>2</a><a>3</a></p>', 'http://u:w@example.com:80/'),
  ('b', 5, 4, -30L, 0.125D, -1.0D, 0.00BD, 'Straße 12-34', '12', true, DATE'1969-12-31', DATE'1970-01-02',
   TIMESTAMP'1969-12-31 23:59:59.5', TIMESTAMP'1970-01-01 00:00:01', '{"a":null,"b":[7]}', '3,"z, z"', '<p><b>y</b></p>', 'ftp://f/é'),
  ('b', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL)
  AS t(g, i, j, l, x, y, d, s, t, b, on, since, at, ago, json, csv, xml, url)`;

/**
 * For both sessions: what is behind a switch in Spark 4.3, a time zone that is not UTC, and no compilation of plans: a hundred columns that
 * are computed once are done sooner without. What two tasks shuffle comes in the order in which they end, so there is one.
 */
export const SETTINGS: readonly string[] = [
  "SET spark.sql.timeType.enabled=true",
  "SET spark.sql.geospatial.enabled=true",
  "SET spark.sql.timestampNanosTypes.enabled=true",
  "SET spark.sql.session.timeZone=Europe/Berlin",
  "SET spark.sql.shuffle.partitions=1",
  "SET spark.sql.codegen.wholeStage=false",
  "SET spark.sql.codegen.factoryMode=NO_CODEGEN",
];

/** The functions in a call. */
export function namesOf(row: CallRow): string[] {
  return [...textOf(callOf(row)).matchAll(/\bF\.(\w+)\(/g)].map(([, name = ""]) => name);
}

export function callOf(row: CallRow): Call {
  return typeof row === "function" ? row : row[0];
}

/** The same call in Python. */
export function pythonOf(row: CallRow): string {
  if (typeof row !== "function") return row[1];
  const words: Readonly<Record<string, string>> = { true: "True", false: "False", null: "None" };
  return textOf(row).replace(/"[^"]*"|\b(?:true|false|null)\b/g, (found) => words[found] ?? found);
}

function textOf(call: Call): string {
  return String(call).replace(/^\([^)]*\) =>\s*/, "");
}
