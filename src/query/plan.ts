import { UsageError } from "../errors.ts";
import { parseNames, quoteItem } from "../words.ts";
import { parseAggregates } from "./aggregates.ts";
import { checkWords } from "./check-words.ts";
import { parseDtypes } from "./dtypes.ts";
import { parseKeys } from "./keys.ts";
import { noColumn } from "./no-column.ts";
import { parseOrder } from "./order.ts";
import { type Aggregate, type GroupKey, NEEDS_NUMBERS, ORDERED, type OrderTerm } from "./query.ts";
import { checkWhere } from "./where.ts";

/** Names and pandas' types of a source's columns. */
interface SourceColumn {
  readonly name: string;
  readonly type: string;
  /** strftime pattern of moments that stand in text and not in ISO. */
  readonly format?: string | undefined;
}

export interface SourceSchema {
  readonly columns: readonly SourceColumn[];
  /** A source without rows: then its text has no types yet, and every function is allowed. */
  readonly isEmpty?: boolean | undefined;
}

/** An aggregate query as a person writes it, by text or as data. */
export interface QueryWords {
  /** Columns, and expressions of SQL as `year(ts) AS year`. */
  readonly by?: string | readonly string[] | undefined;
  readonly agg?: string | readonly string[] | readonly Aggregate[] | undefined;
  /** One SQL condition. */
  readonly where?: string | undefined;
  readonly dtype?: string | Readonly<Record<string, string>> | undefined;
  /** The only columns that are there. */
  readonly usecols?: string | readonly string[] | undefined;
  /**
   * Columns of the result put its rows in order, as `amount_sum:desc`; other columns of the source are the order in which `first`,
   * `last` and `list` take the rows.
   */
  readonly order?: string | readonly string[] | undefined;
  /** At most so many rows of the result. */
  readonly limit?: number | undefined;
}

/** An aggregate query that was checked: what engines are given, none of which it knows. */
export interface QueryPlan {
  readonly keys: readonly GroupKey[];
  readonly aggregates: readonly Aggregate[];
  /** SQL condition over the columns of the source. */
  readonly where?: string | undefined;
  /** Declared types by column (pandas' names): `{ user_id: "int32" }`. */
  readonly dtype: Readonly<Record<string, string>>;
  /** Of the result's rows; the keys, null last, come behind. */
  readonly order: readonly OrderTerm[];
  /** Of the source's rows, for `first`, `last` and `list`; the order of the data without it. */
  readonly rowOrder: readonly OrderTerm[];
  readonly limit?: number | undefined;
  /** Names and pandas' types of the columns after `dtype` and `usecols`. */
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  readonly isEmpty: boolean;
}

const NUMERIC = /^(u?int|float|decimal|bool)/;
/** What compares values. */
const NEEDS_ORDER: ReadonlySet<string> = new Set(["min", "max", "mode"]);

/**
 * An aggregate query checked against a schema: every column is there, every function fits its column's type, every result
 * name is given once.
 *
 * @throws {UsageError} E_NO_COLUMN, E_WRONG_TYPE, E_DUPLICATE_NAME, E_NO_AGGREGATE, E_BAD_WHERE, E_BAD_OPTION and those of the parsers
 * @example
 * planQuery({ columns: [{ name: "amount", type: "float64" }] }, { agg: "amount:sum" }).aggregates[0].name; // "amount_sum"
 */
export function planQuery(schema: SourceSchema, words: QueryWords): QueryPlan {
  const columns = planColumns(schema, words);
  const types = new Map(columns.map(({ name, type }) => [name, type]));
  const keys = parseKeys(words.by ?? [], (name) => types.has(name));
  const aggregates = aggregatesOf(words.agg);
  if (aggregates.length === 0)
    throw new UsageError("E_NO_AGGREGATE", "there is nothing to compute", {
      hint: "say what, as in --agg amount:sum or --agg *:count",
    });
  for (const { name, expression } of keys) if (expression === undefined) requireColumn(name, types, "--by");
  for (const aggregate of aggregates) checkAggregate(aggregate, types, schema.isEmpty ?? false);
  checkNames(keys, aggregates);
  return {
    keys,
    aggregates,
    where: checkWhere(words.where),
    dtype: parseDtypes(words.dtype ?? {}),
    ...orderOf(words, keys, aggregates, types),
    limit: checkLimit(words.limit),
    columns,
    isEmpty: schema.isEmpty ?? false,
  };
}

/**
 * The same where nothing is computed: rows in the order that columns of the source say, and the columns that were chosen.
 *
 * @throws {UsageError} E_NO_COLUMN, E_BAD_DTYPE, E_BAD_WHERE, E_BAD_OPTION
 */
export function planRows(schema: SourceSchema, words: QueryWords): QueryPlan {
  const order = parseOrder(words.order ?? []);
  const all = new Map(schema.columns.map(({ name, type }) => [name, type]));
  for (const { name } of order) requireColumn(name, all, "--order");
  return {
    keys: [],
    aggregates: [],
    where: checkWhere(words.where),
    dtype: parseDtypes(words.dtype ?? {}),
    order,
    rowOrder: [],
    limit: checkLimit(words.limit),
    columns: planColumns(schema, words),
    isEmpty: schema.isEmpty ?? false,
  };
}

/** Whether a column's name stands anywhere in the words of a query: more columns than it needs, and never less. All of them where none is named. */
export function mentions({ by, agg, where, usecols, order, dtype }: QueryWords): (name: string) => boolean {
  if (agg === undefined && usecols === undefined) return () => true;
  const words = textsIn([by, agg, where, usecols, order, dtype]).join("\n").toLowerCase();
  // Quotes within a name are written in more than one way.
  return (name) => name === "" || name.includes('"') || hasWord(words, name.toLowerCase());
}

function textsIn(value: unknown): string[] {
  if (typeof value === "string") return [value];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) => [key, ...textsIn(item)]);
}

/** Whether a name stands in a text, and not as a part of a longer one. */
function hasWord(text: string, name: string): boolean {
  const isPart = (sign: string | undefined) => sign !== undefined && /[\p{L}\p{N}_$]/u.test(sign);
  for (let at = text.indexOf(name); at >= 0; at = text.indexOf(name, at + 1)) {
    const isLonger =
      (isPart(name[0]) && isPart(text[at - 1])) || (isPart(name.at(-1)) && isPart(text[at + name.length]));
    if (!isLonger) return true;
  }
  return false;
}

/** Whether a query computes nothing. */
export function wantsRows({ by, agg }: QueryWords): boolean {
  return by === undefined && agg === undefined;
}

/**
 * The columns that are left after `usecols`, under the types of `dtype`.
 *
 * @throws {UsageError} E_NO_COLUMN, E_BAD_DTYPE, E_BAD_OPTION
 */
export function planColumns(schema: SourceSchema, words: QueryWords): { name: string; type: string }[] {
  checkWords(words);
  const { dtype, usecols } = words;
  const declared = parseDtypes(dtype ?? {});
  const types = new Map(schema.columns.map(({ name, type }) => [name, type]));
  for (const name of Object.keys(declared)) requireColumn(name, types, "--dtype");
  const used = usecols === undefined ? [...types.keys()] : parseNames(usecols);
  for (const name of used) requireColumn(name, types, "--usecols");
  const kept = new Set(used);
  return schema.columns
    .filter(({ name }) => kept.has(name))
    .map(({ name, type }) => ({ name, type: Object.hasOwn(declared, name) ? (declared[name] as string) : type }));
}

/** Aggregates as data, however they were written. */
export function aggregatesOf(agg: QueryWords["agg"]): Aggregate[] {
  const list = agg === undefined ? [] : typeof agg === "string" ? [agg] : agg;
  return list.flatMap((one) => (typeof one === "string" ? parseAggregates(one) : one));
}

function requireColumn(name: string, types: ReadonlyMap<string, string>, option: string): string {
  const type = types.get(name);
  if (type !== undefined) return type;
  const [outer = ""] = name.split(".");
  if (types.get(outer) === "struct")
    throw new UsageError("E_NO_COLUMN", `no column "${name}" for ${option}, but "${outer}" is one of objects`, {
      hint:
        option === "--agg"
          ? `aggregates are of whole columns; --by "${name} AS NAME", --where and a cell of %%chunked reach into it`
          : `--by "${name} AS NAME" and --where reach into it`,
    });
  throw noColumn(name, types.keys(), option);
}

function checkAggregate({ column, fn }: Aggregate, types: ReadonlyMap<string, string>, isEmpty: boolean): void {
  if (column === "*" && fn === "count") return;
  const type = requireColumn(column, types, "--agg");
  if (isEmpty) return;
  if (NEEDS_NUMBERS.has(fn) && !NUMERIC.test(type))
    throw new UsageError("E_WRONG_TYPE", `${fn} needs numbers, and "${column}" is ${type}`, {
      hint:
        type === "str"
          ? `if it holds numbers say --dtype ${quoteItem(column)}:float64, and --na, --decimal, --thousands for how they are written; text has count, nunique, min and max`
          : `${type} has count, nunique, min and max`,
    });
  if (NEEDS_ORDER.has(fn) && /^(list|struct|object)$/.test(type))
    throw new UsageError("E_WRONG_TYPE", `${fn} needs values in an order, and "${column}" is ${type}`, {
      hint: `${type} has count and nunique`,
    });
}

/** A name of the result orders the result; another of the source orders the rows that go in, where that means something. */
function orderOf(
  { order }: QueryWords,
  keys: readonly GroupKey[],
  aggregates: readonly Aggregate[],
  types: ReadonlyMap<string, string>,
): Pick<QueryPlan, "order" | "rowOrder"> {
  const results = new Set([...keys, ...aggregates].map(({ name }) => name));
  const terms = parseOrder(order ?? []);
  const rowOrder = terms.filter(({ name }) => !results.has(name));
  const takesOrder = aggregates.some(({ fn }) => ORDERED.has(fn));
  for (const { name } of rowOrder) {
    if (!types.has(name))
      requireColumn(name, new Map([...results, ...types.keys()].map((one) => [one, ""])), "--order");
    if (!takesOrder)
      throw new UsageError("E_BAD_ORDER", `--order ${name}: the result has no column "${name}"`, {
        hint: `it has ${[...results].join(", ")}; only first, last and list take an order of the rows that go in`,
      });
  }
  return { order: terms.filter(({ name }) => results.has(name)), rowOrder };
}

/** @throws {UsageError} E_BAD_OPTION */
function checkLimit(limit: number | undefined): number | undefined {
  if (limit === undefined || (Number.isSafeInteger(limit) && limit >= 1)) return limit;
  throw new UsageError("E_BAD_OPTION", `a limit of ${limit} rows is none`, { hint: "give a whole number from 1" });
}

function checkNames(keys: readonly GroupKey[], aggregates: readonly Aggregate[]): void {
  const taken = new Set<string>();
  for (const { name } of [...keys, ...aggregates]) {
    if (taken.has(name))
      throw new UsageError("E_DUPLICATE_NAME", `two result columns are called "${name}"`, {
        hint: `name one of them, as in other=column:sum`,
      });
    taken.add(name);
  }
}
