import { nearest, UsageError } from "../errors.ts";
import { parseAggregates } from "./aggregates.ts";
import { parseDtypes } from "./dtypes.ts";
import type { Aggregate, AggregateQuery } from "./query.ts";
import { checkWhere } from "./where.ts";
import { parseNames } from "./words.ts";

/** Names and pandas' types of a source's columns. */
export interface SourceSchema {
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  /** A source without rows: then its text has no types yet, and every function is allowed. */
  readonly isEmpty?: boolean | undefined;
}

/** An aggregate query as a person writes it, by text or as data. */
export interface QueryWords {
  readonly by?: string | readonly string[] | undefined;
  readonly agg?: string | readonly string[] | readonly Aggregate[] | undefined;
  /** One SQL condition. */
  readonly where?: string | undefined;
  readonly dtype?: string | Readonly<Record<string, string>> | undefined;
  /** The only columns that are there. */
  readonly usecols?: string | readonly string[] | undefined;
}

export interface QueryPlan extends AggregateQuery {
  /** Names and pandas' types of the columns after `dtype` and `usecols`. */
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  readonly isEmpty: boolean;
}

const NUMERIC = /^(u?int|float|decimal|bool)/;
const NEEDS_NUMBERS: ReadonlySet<string> = new Set(["sum", "mean", "var", "std", "median", "any", "all"]);

/**
 * An aggregate query checked against a schema: every column is there, every function fits its column's type, every result
 * name is given once.
 *
 * @throws {UsageError} E_NO_COLUMN, E_WRONG_TYPE, E_DUPLICATE_NAME, E_NO_AGGREGATE, E_BAD_WHERE and those of the parsers
 * @example
 * planQuery({ columns: [{ name: "amount", type: "float64" }] }, { agg: "amount:sum" }).aggregates[0].name; // "amount_sum"
 */
export function planQuery(schema: SourceSchema, words: QueryWords): QueryPlan {
  const columns = planColumns(schema, words);
  const keys = parseNames(words.by ?? []);
  const aggregates = aggregatesOf(words.agg);
  if (aggregates.length === 0)
    throw new UsageError("E_NO_AGGREGATE", "there is nothing to compute", {
      hint: "say what, as in --agg amount:sum or --agg *:count",
    });
  const types = new Map(columns.map(({ name, type }) => [name, type]));
  for (const key of keys) requireColumn(key, types, "--by");
  for (const aggregate of aggregates) checkAggregate(aggregate, types, schema.isEmpty ?? false);
  checkNames(keys, aggregates);
  return {
    keys,
    aggregates,
    where: checkWhere(words.where),
    dtype: parseDtypes(words.dtype ?? {}),
    columns,
    isEmpty: schema.isEmpty ?? false,
  };
}

/**
 * The columns that are left after `usecols`, under the types of `dtype`.
 *
 * @throws {UsageError} E_NO_COLUMN, E_BAD_DTYPE
 */
export function planColumns(schema: SourceSchema, { dtype, usecols }: QueryWords): { name: string; type: string }[] {
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

function aggregatesOf(agg: QueryWords["agg"]): Aggregate[] {
  const list = agg === undefined ? [] : typeof agg === "string" ? [agg] : agg;
  return list.flatMap((one) => (typeof one === "string" ? parseAggregates(one) : one));
}

function requireColumn(name: string, types: ReadonlyMap<string, string>, option: string): string {
  const type = types.get(name);
  if (type !== undefined) return type;
  const near = nearest(name, types.keys());
  const some = [...types.keys()].slice(0, 8).join(", ");
  throw new UsageError("E_NO_COLUMN", `no column "${name}" for ${option}`, {
    hint:
      near.length > 0
        ? `did you mean ${near.join(" or ")}?`
        : `there are ${some}${types.size > 8 ? `, and ${types.size - 8} more` : ""}`,
  });
}

function checkAggregate({ column, fn }: Aggregate, types: ReadonlyMap<string, string>, isEmpty: boolean): void {
  if (column === "*" && fn === "count") return;
  const type = requireColumn(column, types, "--agg");
  if (isEmpty) return;
  if (NEEDS_NUMBERS.has(fn) && !NUMERIC.test(type))
    throw new UsageError("E_WRONG_TYPE", `${fn} needs numbers, and "${column}" is ${type}`, {
      hint:
        type === "str"
          ? `if it holds numbers say --dtype ${column}:float64; text has count, nunique, min and max`
          : `${type} has count, nunique, min and max`,
    });
  if ((fn === "min" || fn === "max") && /^(list|struct|object)$/.test(type))
    throw new UsageError("E_WRONG_TYPE", `${fn} needs values in an order, and "${column}" is ${type}`, {
      hint: `${type} has count and nunique`,
    });
}

function checkNames(keys: readonly string[], aggregates: readonly Aggregate[]): void {
  const taken = new Set<string>();
  for (const name of [...keys, ...aggregates.map((aggregate) => aggregate.name)]) {
    if (taken.has(name))
      throw new UsageError("E_DUPLICATE_NAME", `two result columns are called "${name}"`, {
        hint: `name one of them, as in other=column:sum`,
      });
    taken.add(name);
  }
}
