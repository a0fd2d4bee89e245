import type { OptionDefinition } from "./magic.ts";

/** An option as it is typed: a flag that is on by itself is typed to take it back. */
export function longName(name: string, { kind, default: preset }: Pick<OptionDefinition, "kind" | "default">): string {
  return kind === "flag" && preset === true ? `--no-${name}` : `--${name}`;
}

/**
 * The option that other tools call so, with or without dashes in it.
 *
 * @example
 * byOtherName("group-by", { by: COMMON.by }); // "by"
 */
export function byOtherName(typed: string, known: Readonly<Record<string, OptionDefinition>>): string | undefined {
  const plain = typed.toLowerCase().replace(/[-_]/g, "");
  return Object.keys(OTHER_NAMES).find((name) => Object.hasOwn(known, name) && OTHER_NAMES[name]?.includes(plain));
}

/** What does the work of an option that other tools have and no magic has. */
export function insteadOf(typed: string): string | undefined {
  return INSTEAD[typed.toLowerCase().replace(/[-_]/g, "")];
}

const OF_JOINS =
  'files are joined on Spark, by SQL below %%spark; small frames here by import { merge } from "danfojs-node"';
const OF_COMMENTS =
  'leave the comments out first: !grep -v "^#" FILE > table.csv; those above the names are passed over by --skip-rows N';

const INSTEAD: Readonly<Record<string, string>> = {
  join: OF_JOINS,
  merge: OF_JOINS,
  comment: OF_COMMENTS,
  commentprefix: OF_COMMENTS,
  partitionby:
    'each part is a file of its own: make its folder, then chunked(SOURCE, { where: "month(at) = 1", to: "out/month=1/part.parquet" }); on Spark write.partitionBy("month")',
};

const OTHER_NAMES: Readonly<Record<string, readonly string[]>> = {
  by: ["groupby", "group", "keys", "key"],
  agg: ["aggregate", "aggregates", "aggregations"],
  where: ["filter", "query", "condition", "predicate"],
  order: ["sort", "orderby", "sortby"],
  usecols: ["columns", "cols", "select"],
  dtype: ["schema", "types"],
  chunksize: ["batchsize"],
  sep: ["delimiter", "delim", "separator"],
  na: ["navalues", "nullvalues", "nullvalue", "nullstr"],
  "bad-rows": ["onbadlines", "badlines", "ignoreerrors"],
  rows: ["nrows", "lines"],
  limit: ["top"],
  output: ["out", "into"],
  nodes: ["executors", "workers", "machines"],
};
