import { nearest, UsageError } from "../errors.ts";
import { AGGREGATE_FUNCTIONS, type Aggregate, type AggregateFunction } from "./query.ts";
import { cut, type Piece } from "./words.ts";

/** What other tools call our functions. */
const OTHER_NAMES: Readonly<Record<string, AggregateFunction>> = {
  avg: "mean",
  average: "mean",
  total: "sum",
  size: "count",
  len: "count",
  minimum: "min",
  maximum: "max",
  stddev: "std",
  stdev: "std",
  variance: "var",
  distinct: "nunique",
  count_distinct: "nunique",
  n_unique: "nunique",
  some: "any",
  every: "all",
};

/**
 * The aggregates of `--agg`: `column:function`, several separated by commas, each with its own result name before `=` if
 * wanted. Names with spaces, `:`, `,` or `=` are quoted. `*:count` counts rows, `column:count` values that are not null.
 *
 * @throws {UsageError} E_BAD_AGGREGATE, E_UNKNOWN_FUNCTION, E_OPEN_QUOTE
 * @example
 * parseAggregates("amount:sum,*:count,total=amount:sum").map(({ name }) => name); // ["amount_sum", "count", "total"]
 */
export function parseAggregates(text: string | readonly string[]): Aggregate[] {
  if (typeof text !== "string") return text.flatMap((one) => parseAggregates(one));
  return cut(text, ",")
    .filter((item) => item.start < item.end)
    .map((item) => parseOne(text, item));
}

function parseOne(text: string, item: Piece): Aggregate {
  const sides = cut(text, "=", item.start, item.end);
  const [target, right] = sides.length === 2 ? [sides[0], sides[1] as Piece] : [undefined, sides[0] as Piece];
  const parts = cut(text, ":", right.start, right.end);
  const [column, fn] = parts;
  if (sides.length > 2 || parts.length !== 2 || !column?.text || !fn?.text || target?.text === "")
    throw new UsageError("E_BAD_AGGREGATE", `"${text.slice(item.start, item.end)}" is not an aggregate`, {
      at: { text, start: item.start, end: item.end },
      hint: "write column:function, as in amount:sum or total=amount:sum, and quote names with : , or =",
    });
  const known = functionOf(text, fn);
  if (column.text === "*" && !column.isQuoted && known !== "count")
    throw new UsageError("E_BAD_AGGREGATE", `"*" stands for whole rows, which can only be counted`, {
      at: { text, start: fn.start, end: fn.end },
      hint: `write *:count, or name a column, as in amount:${known}`,
    });
  const own = column.text === "*" && !column.isQuoted ? "count" : `${column.text}_${known}`;
  return { fn: known, column: column.text, name: target?.text ?? own };
}

function functionOf(text: string, { text: name, start, end }: Piece): AggregateFunction {
  const known = AGGREGATE_FUNCTIONS.find((fn) => fn === name);
  if (known) return known;
  const near = OTHER_NAMES[name.toLowerCase()] ?? nearest(name, AGGREGATE_FUNCTIONS, 1)[0];
  throw new UsageError("E_UNKNOWN_FUNCTION", `no aggregate function "${name}"`, {
    at: { text, start, end },
    hint: near ? `did you mean ${near}?` : `there are ${AGGREGATE_FUNCTIONS.join(", ")}`,
  });
}
