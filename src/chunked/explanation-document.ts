import { cell, type Document, type PreviewCell } from "../frame/preview.ts";
import type { QueryPlan } from "../query/plan.ts";
import type { Aggregate, GroupKey, OrderTerm } from "../query/query.ts";
import { countOf, formatBytes } from "../units.ts";
import { type Room, spilled } from "./engines/spill.ts";
import type { Explanation } from "./explain.ts";

/** An explanation as a table: the engines, and below them the plan. */
export function explanationDocument({ source, engine, reason, refused, plan, files, room }: Explanation): Document {
  const rows: PreviewCell[][] = [
    [cell(engine), cell(`runs it: ${reason}`)],
    ...refused.map((other) => [cell(other.engine), cell(other.reason)]),
    ...planRows(plan),
    ...(files ? [[cell("files"), cell(`${files.read} of ${files.all}, by the names of their folders`)]] : []),
    ...(room ? [[cell("room"), cell(roomText(room, plan))]] : []),
  ];
  const columns = [
    { name: "part", align: "left" as const },
    { name: "plan", align: "left" as const },
  ];
  return {
    blocks: [{ kind: "table", preview: { caption: `${source} · plan`, columns, rows, rowHeader: true, notes: [] } }],
  };
}

/** Of a condition nobody knows how much it leaves. */
function roomText(room: Room, { where }: QueryPlan): string {
  const { groups, need, memory } = room;
  const many = `${where === undefined ? "about" : "at most about"} ${countOf(groups, "group")}`;
  return need <= memory
    ? `${many} of ${formatBytes(need)} in ${formatBytes(memory)} of memory`
    : `${many}: ${spilled(room)}`;
}

function planRows({ keys, aggregates, where, order, rowOrder, limit, columns }: QueryPlan): PreviewCell[][] {
  const types = new Map(columns.map(({ name, type }) => [name, type]));
  const isRows = aggregates.length === 0;
  const computedRows: [string, string][] = [
    ["by", keys.map((key) => keyText(key, types)).join(", ") || "one group"],
    ["agg", aggregates.map((one) => aggregateText(one, types)).join(", ")],
  ];
  const entries: [string, string | undefined][] = [
    ...(isRows
      ? [["columns", columns.map(({ name, type }) => `${name} (${type})`).join(", ")] as [string, string]]
      : computedRows),
    ["where", where],
    ["order", orderText(order) ?? (keys.length > 0 ? "by key, null last" : undefined)],
    ["rows taken by", orderText(rowOrder)],
    ["limit", limit === undefined ? undefined : String(limit)],
  ];
  return entries.flatMap(([name, text]) => (text === undefined ? [] : [[cell(name), cell(text)]]));
}

function keyText({ name, expression }: GroupKey, types: ReadonlyMap<string, string>): string {
  return expression === undefined ? `${name} (${types.get(name)})` : `${name} = ${expression}`;
}

function aggregateText({ name, fn, column, at }: Aggregate, types: ReadonlyMap<string, string>): string {
  const type = types.get(column);
  return `${name} = ${fn}(${column}${type === undefined ? "" : ` ${type}`}${at === undefined ? "" : `, ${at}`})`;
}

function orderText(terms: readonly OrderTerm[]): string | undefined {
  if (terms.length === 0) return undefined;
  return terms.map(({ name, isDescending }) => `${name}${isDescending ? " descending" : ""}`).join(", ");
}
