import type { EngineColumn } from "../../query/engine-table.ts";
import type { GroupAggregate, GroupRequest } from "../../scan/request.ts";
import type { ScanTable } from "../../scan/table.ts";

/** The least and the largest of each column of numbers. */
export function rangesFor({ columns }: ScanTable, { aggregates }: GroupRequest): GroupAggregate[] {
  const looked = new Set(aggregates.map(({ column }) => column));
  return columns
    .filter(({ name, type, isDeclared }) => looked.has(name) && !isDeclared && /^(int|decimal|double)$/.test(type.kind))
    .flatMap(({ name }) => (["min", "max"] as const).map((fn) => ({ fn, column: name, name: `${fn} ${name}` })));
}

/** pandas' types of those columns, of decimals with as many digits as their values have. */
export function numbersIn(ranges: readonly GroupAggregate[], found: readonly EngineColumn[]): Map<string, string> {
  const values = new Map(found.map((column) => [column.name, column]));
  const numbers = new Map<string, string>();
  for (const { column, name } of ranges) {
    const { type = "", values: [value] = [], validity } = values.get(name) ?? {};
    if (validity !== undefined || !/^(int|float|decimal)/.test(type)) continue;
    const scale = Number(/^decimal\(\d+, (\d+)\)$/.exec(type)?.[1] ?? 0);
    const before = Number(/^decimal\((\d+)/.exec(numbers.get(column) ?? "")?.[1] ?? scale);
    const digits = Math.max(before, String(value).replace("-", "").length);
    numbers.set(column, scale > 0 ? `decimal(${digits}, ${scale})` : type);
  }
  return numbers;
}
