import { Interrupted, UsageError } from "../../errors.ts";
import type { ProgressListener } from "../../progress.ts";
import type { EngineColumn } from "../../query/engine-table.ts";
import type { QueryPlan } from "../../query/plan.ts";
import type { Aggregate, AggregateFunction } from "../../query/query.ts";
import { ScanRefused } from "../../scan/refused.ts";
import type { GroupFunction, GroupRequest } from "../../scan/request.ts";
import { scanGroups } from "../../scan/scan-groups.ts";
import { sniffTable } from "../../scan/sniff.ts";
import type { ScanTable } from "../../scan/table.ts";
import type { FileSource } from "../../source/source.ts";
import type { Answer, Refusal } from "../answer.ts";
import { bytesOf, type ChunkedOptions } from "../options.ts";
import { planOf } from "./checked-plan.ts";
import { orderColumns } from "./order-columns.ts";
import { refuseDigits, schemaOf, whyNotText } from "./scannable.ts";
import { simpleWhere } from "./simple-where.ts";

/** Why it ran there. */
export const SCANS = "keys and aggregates are declared, and the data are text: each thread reads its part once";

/** What no partial state of bounded size can give. */
const NEEDS_ALL_VALUES: ReadonlySet<AggregateFunction> = new Set(["median", "quantile", "mode", "list"]);

/** The query by the scanner, which reads text faster than anything else; or why another engine must do it. */
export async function aggregateByScanner(
  source: FileSource,
  options: ChunkedOptions,
  onProgress: ProgressListener,
): Promise<Answer | Refusal> {
  const reason = whyNotText(source);
  if (reason !== undefined) return { refused: reason };
  if (options.signal?.aborted) throw new Interrupted();
  try {
    const table = await sniffTable(source, { dtype: options.dtype });
    const plan = planOver(table, options);
    if ("refused" in plan) return plan;
    const request = requestOf(plan);
    if ("refused" in request) return request;
    const { signal, threads } = options;
    const memoryLimit = bytesOf(options.memoryLimit);
    const used = usedIn(request);
    const check = (asked: ScanTable) => refuseDigits(asked, used);
    const result = await scanGroups(table, request, { signal, threads, memoryLimit, onProgress, check });
    await result.makeStrings();
    return {
      engine: "scanner",
      reason: SCANS,
      columns: await orderColumns(
        result.columns.map((column) => named(column, plan)),
        plan,
      ),
      rows: result.matched,
      notes: result.notes.map(({ message }) => message),
    };
  } catch (failure) {
    if (failure instanceof ScanRefused) return { refused: failure.message };
    throw failure;
  }
}

/** Why the scanner would not take a query, found without reading the data; undefined when it would begin with it. */
export async function whyNotScanner(source: FileSource, options: ChunkedOptions): Promise<string | undefined> {
  const reason = whyNotText(source);
  if (reason !== undefined) return reason;
  try {
    const table = await sniffTable(source, { dtype: options.dtype });
    const plan = planOver(table, options);
    const request = "refused" in plan ? plan : requestOf(plan);
    if ("refused" in request) return request.refused;
    refuseDigits(table, usedIn(request));
    return undefined;
  } catch (failure) {
    if (failure instanceof ScanRefused) return failure.message;
    throw failure;
  }
}

function usedIn({ keys, aggregates, where = [] }: GroupRequest): string[] {
  return [...keys, ...aggregates.map(({ column }) => column), ...where.map(({ column }) => column)];
}

/** The plan in the scanner's words, or what in it the scanner has none for. */
function requestOf(plan: QueryPlan): GroupRequest | Refusal {
  const computed = plan.keys.find(({ expression }) => expression !== undefined);
  if (computed) return { refused: `the key ${computed.name} is computed` };
  const where = plan.where === undefined ? [] : simpleWhere(plan.where, plan.columns);
  if (where === undefined) return { refused: "the condition needs SQL" };
  const odd = plan.aggregates.find(({ fn }) => NEEDS_ALL_VALUES.has(fn));
  if (odd) return { refused: `${odd.fn} needs all values of a group at once` };
  if (plan.rowOrder.length > 0) return { refused: "first and last by a column need a sort" };
  const aggregates = plan.aggregates.map(({ fn, column, name }: Aggregate) => ({
    fn: fn as GroupFunction,
    column,
    name,
  }));
  return { keys: plan.keys.map(({ name }) => name), aggregates, where, sorted: true };
}

function planOver(table: ScanTable, options: ChunkedOptions): QueryPlan | Refusal {
  try {
    return planOf(schemaOf(table, options.dtype), options);
  } catch (failure) {
    if (!(failure instanceof UsageError)) throw failure;
    // What looks like text may hold no value at all, which takes a look at the whole.
    if (failure.code === "E_WRONG_TYPE") return { refused: "what looks like text may be a column without any value" };
    // A key may come in a later line.
    if (table.format === "json") return { refused: table.others?.[0]?.why ?? "a column is not in the first lines" };
    throw failure;
  }
}

/** Keys of a declared category are categories in the result. */
function named(column: EngineColumn, { keys, columns }: QueryPlan): EngineColumn {
  const isCategory =
    keys.some(({ name }) => name === column.name) &&
    columns.some(({ name, type }) => name === column.name && type === "category");
  return isCategory ? { ...column, type: "category" } : column;
}
