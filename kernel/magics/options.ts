import { AGGREGATE_FUNCTIONS } from "../../src/query/query.ts";
import { ENCODINGS } from "../../src/source/encoding.ts";
import type { OptionDefinition } from "./magic.ts";

/** The options that several magics share: one letter, one name and one meaning in all of them. A magic picks from here. */
export const COMMON = {
  output: { short: "o", kind: "name", value: "NAME", summary: "put the result into the variable NAME" },
  rows: { short: "n", kind: "count", value: "N", default: 10, min: 1, max: 10_000, summary: "rows to show" },
  quiet: { short: "q", kind: "flag", summary: "show nothing" },
  engine: {
    short: "e",
    kind: "choice",
    choices: ["auto", "local", "spark"],
    default: "auto",
    summary: "which engine does the work; auto is where the data are: local for files on this machine",
  },
  chunksize: {
    short: "s",
    kind: "size",
    value: "N|BYTES",
    summary: "size of a chunk: rows, or bytes with a unit (64MiB)",
  },
  sep: { kind: "text", value: "CHAR", summary: "what stands between two fields of text; found out when left out" },
  header: { kind: "flag", default: true, summary: "the first row of text is data, not names" },
  "skip-rows": { kind: "count", value: "N", min: 0, summary: "lines of text above the names, which are passed over" },
  "bad-rows": {
    kind: "choice",
    choices: ["error", "skip"],
    summary: "rows with too few or too many fields: skip leaves them out and counts them",
  },
  na: { kind: "list", value: "TEXT,…", summary: "texts that mean a missing value, besides the empty field" },
  encoding: {
    kind: "text",
    value: "NAME",
    choices: ENCODINGS,
    summary: "encoding of text; other names of these will do",
  },
  decimal: { kind: "choice", choices: [".", ","], summary: "decimal mark of text" },
  thousands: {
    kind: "text",
    value: "CHAR",
    summary: "what sets thousands apart in numbers of text: a point, a comma, an apostrophe or space",
  },
  "date-format": {
    kind: "formats",
    value: "PATTERN|COL:PATTERN,…",
    summary: "how text writes dates: %d/%m/%Y, or by column paid:%d.%m.%y,at:%Y%m%d",
  },
  "memory-limit": {
    kind: "bytes",
    value: "BYTES",
    min: 32 * 2 ** 20,
    summary: "memory that the engine may use: 512MiB",
  },
  threads: { kind: "count", value: "N", min: 1, max: 1024, summary: "threads that the engine may use" },
  dtype: { kind: "types", value: "COL:TYPE,…", summary: "types of columns, by pandas' names" },
  usecols: { kind: "list", value: "COL,…", complete: "columns", summary: "read only these columns" },
  by: {
    kind: "list",
    value: "COL,…",
    complete: "columns",
    summary: 'columns to group by; "year(day) AS year" is a computed one',
  },
  agg: {
    kind: "aggregates",
    value: "COL:FN,…",
    summary: `what to compute, NAME=COL:FN names it; functions: ${AGGREGATE_FUNCTIONS.join(", ")}; *:count counts rows, COL:quantile:0.9`,
  },
  order: {
    kind: "list",
    value: "COL[:desc],…",
    complete: "columns",
    summary: "order of the result; of columns that are not in it: of the rows that first, last and list take",
  },
  limit: { kind: "count", value: "N", min: 1, summary: "take at most N rows of the result" },
  where: { kind: "text", value: "SQL", complete: "condition", summary: "only rows that meet this condition" },
  force: { short: "f", kind: "flag", summary: "yes, do it although something is lost" },
  json: { kind: "flag", summary: "show the result as JSON" },
  help: { short: "h", kind: "flag", summary: "show this help" },
} as const satisfies Readonly<Record<string, OptionDefinition>>;

/** How text files are read; every magic with a SOURCE takes them. */
export const TEXT_OPTIONS = {
  sep: COMMON.sep,
  header: COMMON.header,
  "skip-rows": COMMON["skip-rows"],
  "bad-rows": COMMON["bad-rows"],
  na: COMMON.na,
  encoding: COMMON.encoding,
  decimal: COMMON.decimal,
  thousands: COMMON.thousands,
  "date-format": COMMON["date-format"],
} as const;
