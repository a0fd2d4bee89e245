import { nearest, UsageError } from "../errors.ts";
import { cut, type Piece } from "../words.ts";
import { AGGREGATE_FUNCTIONS, type Aggregate, type AggregateFunction } from "./query.ts";

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
  percentile: "quantile",
  quantile_cont: "quantile",
  array_agg: "list",
  collect_list: "list",
};

/** `quantile` with its point: `quantile:0.9` or `quantile(0.9)`. */
const QUANTILE = /^quantile\s*(?::\s*(.*)|\(\s*(.*?)\s*\))$/s;

/**
 * The aggregates of `--agg`: `column:function`, several separated by commas, each with its own result name before `=` if
 * wanted. Names with spaces, `:`, `,` or `=` are quoted. `*:count` counts rows, `column:count` values that are not null,
 * `column:quantile:0.9` is the value that nine tenths lie below.
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
  const [column, ...rest] = cut(text, ":", right.start, right.end) as [Piece, ...Piece[]];
  const call: Piece | undefined = rest[0] && { ...rest[0], end: rest.at(-1)?.end ?? rest[0].end };
  const point = call && QUANTILE.exec(text.slice(call.start, call.end));
  if (sides.length > 2 || !column.text || !call?.text || (rest.length > 1 && !point) || target?.text === "")
    throw new UsageError("E_BAD_AGGREGATE", `"${text.slice(item.start, item.end)}" is not an aggregate`, {
      at: { text, start: item.start, end: item.end },
      hint:
        ofCall(text.slice(item.start, item.end)) ??
        "write column:function, as in amount:sum or total=amount:sum, and quote names with : , or =",
    });
  const known = point ? "quantile" : functionOf(text, call);
  if (column.text === "*" && !column.isQuoted && known !== "count")
    throw new UsageError("E_BAD_AGGREGATE", `"*" stands for whole rows, which can only be counted`, {
      at: { text, start: call.start, end: call.end },
      hint: `write *:count, or name a column, as in amount:${known}`,
    });
  const at = point ? pointOf(text, call, point[1] ?? point[2] ?? "") : undefined;
  const own =
    column.text === "*" && !column.isQuoted ? "count" : `${column.text}_${known}${at === undefined ? "" : `_${at}`}`;
  return { fn: known, column: column.text, name: target?.text ?? own, ...(at === undefined ? {} : { at }) };
}

function pointOf(text: string, { start, end }: Piece, point: string): number {
  const at = Number(point);
  if (point.trim() !== "" && at >= 0 && at <= 1) return at;
  throw new UsageError("E_BAD_AGGREGATE", `a quantile lies between 0 and 1, and this is "${point}"`, {
    at: { text, start, end },
    hint: "write quantile:0.9 for the value that nine tenths lie below",
  });
}

/** `sum(amount)` and `avg(amount) AS mean`, as SQL has them. */
function ofCall(text: string): string | undefined {
  const [, fn = "", column, name] = /^(\w+)\s*\(\s*([^\s()]+)\s*\)(?:\s+as\s+(\w+))?$/i.exec(text.trim()) ?? [];
  const own = AGGREGATE_FUNCTIONS.find((each) => each === fn.toLowerCase()) ?? OTHER_NAMES[fn.toLowerCase()];
  return column && own ? `did you mean ${name ? `${name}=` : ""}${column}:${own}?` : undefined;
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
