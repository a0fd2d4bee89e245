import { UsageError } from "../../errors.ts";
import { mentions, type QueryPlan, wantsRows } from "../../query/plan.ts";
import { NEEDS_ALL_VALUES } from "../../query/query.ts";
import { ScanRefused } from "../../scan/refused.ts";
import type { ColumnTest, GroupFunction, GroupRequest } from "../../scan/request.ts";
import { sniffTable } from "../../scan/sniff.ts";
import type { Kind, ScanTable } from "../../scan/table.ts";
import { ScanAhead } from "../../scan/threads/scan-ahead.ts";
import type { FileSource } from "../../source/source.ts";
import { isTableSource } from "../../tables/table-source.ts";
import type { Refusal } from "../answer.ts";
import type { ChunkedOptions } from "../options.ts";
import type { LocalSource } from "../source.ts";
import { planOf } from "./checked-plan.ts";
import { refuseDigits, schemaOf, whyNotText } from "./scannable.ts";
import { simpleWhere } from "./simple-where.ts";

/** A query in the scanner's words. */
export interface ScanWords {
  readonly plan: QueryPlan;
  /** What holds of every row that is taken. */
  readonly where: readonly ColumnTest[];
}

/** The same over the table that samples of a text show. */
export interface ScanPlan extends ScanWords {
  readonly table: ScanTable;
}

/**
 * The query as the scanner would begin with it, or why another engine must do it; of the data samples are read. What only later lines
 * show it refuses when it comes to them.
 *
 * @throws {UsageError} for what no engine takes
 */
export async function scanPlanOf(source: FileSource, options: ChunkedOptions): Promise<ScanPlan | Refusal> {
  const reason = whyNotText(source);
  if (reason !== undefined) return { refused: reason };
  try {
    return planOver(
      await sniffTable(source, { dtype: options.dtype, keepsDigits: source.text.thousands !== undefined }),
      options,
    );
  } catch (failure) {
    if (failure instanceof ScanRefused) return { refused: failure.message };
    throw failure;
  }
}

/** What the scanner's threads begin while a query is planned that they may get. */
export function beginScan(source: LocalSource, { engine, to, signal, threads }: ChunkedOptions): ScanAhead | undefined {
  if (isTableSource(source) || engine === "spark" || to !== undefined || whyNotText(source) !== undefined)
    return undefined;
  return new ScanAhead(source, { signal, threads });
}

/** The plan as a request for groups. */
export function groupsOf({ plan: { keys, aggregates }, where }: ScanWords): GroupRequest {
  return {
    keys: keys.map(({ name }) => name),
    aggregates: aggregates.map(({ fn, column, name }) => ({ fn: fn as GroupFunction, column, name })),
    where,
    sorted: true,
  };
}

/** Names of the columns that a plan reads. */
export function usedIn({ plan: { keys, aggregates, columns }, where }: ScanWords): string[] {
  const computed = [...keys.map(({ name }) => name), ...aggregates.map(({ column }) => column)];
  return [
    ...(aggregates.length > 0 ? computed : columns.map(({ name }) => name)),
    ...where.map(({ column }) => column),
  ];
}

/** The general engine rounds such a number first. */
export function isRough(test: ColumnTest, types: ReadonlyMap<string, Kind | undefined>): boolean {
  const type = types.get(test.column);
  if (type?.kind !== "double" || !type.isNarrow) return false;
  const values: readonly unknown[] = "values" in test ? test.values : "value" in test ? [test.value] : [];
  return values.some((value) => Math.fround(Number(value)) !== Number(value));
}

function planOver(table: ScanTable, options: ChunkedOptions): ScanPlan | Refusal {
  const plan = planFrom(table, options);
  if ("refused" in plan) return plan;
  // A condition on rows may use columns that are not handed out.
  const words = wordsOf(plan, wantsRows(options) ? schemaOf(table, options.dtype).columns : plan.columns);
  if ("refused" in words) return words;
  refuseDigits(table, usedIn(words));
  return { ...words, table };
}

/** A plan in the scanner's words; `columns` are those that a condition may use. */
export function wordsOf(plan: QueryPlan, columns: QueryPlan["columns"]): ScanWords | Refusal {
  const odd = oddIn(plan);
  if (odd !== undefined) return { refused: odd };
  const where = plan.where === undefined ? [] : simpleWhere(plan.where, columns);
  return where === undefined ? { refused: "the condition needs SQL" } : { plan, where };
}

function planFrom(table: ScanTable, options: ChunkedOptions): QueryPlan | Refusal {
  try {
    return planOf(schemaOf(table, options.dtype), options);
  } catch (failure) {
    if (!(failure instanceof UsageError)) throw failure;
    if (failure.code === "E_WRONG_TYPE") {
      refuseDigits(table, table.columns.map(({ name }) => name).filter(mentions(options)));
      // What looks like text may hold no value at all, which takes a look at the whole.
      return { refused: "what looks like text may be a column without any value" };
    }
    // A key may come in a later line.
    if (table.format === "json") return { refused: table.others?.[0]?.why ?? "a column is not in the first lines" };
    throw failure;
  }
}

/** What in a plan the scanner has no word for. */
function oddIn({ keys, aggregates, rowOrder }: QueryPlan): string | undefined {
  const computed = keys.find(({ expression }) => expression !== undefined);
  if (computed) return `the key ${computed.name} is computed`;
  const odd = aggregates.find(({ fn }) => NEEDS_ALL_VALUES.has(fn));
  if (odd) return `${odd.fn} needs all values of a group at once`;
  return rowOrder.length > 0 ? "first and last by a column need a sort" : undefined;
}
