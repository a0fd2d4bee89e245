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
