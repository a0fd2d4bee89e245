import type { EngineColumn } from "../../../src/query/engine-table.ts";
import { Grouping } from "../../../src/scan/groups/grouping.ts";
import type { ResultColumn } from "../../../src/scan/groups/value-column.ts";
import type { Kernel } from "../../../src/scan/kernel.ts";
import type { GroupRequest } from "../../../src/scan/request.ts";
import { BlockReader } from "../../../src/scan/rows/blocks.ts";
import type { FieldTable } from "../../../src/scan/rows/field-table.ts";
import type { ScanTable } from "../../../src/scan/table.ts";
import { columnsOfText } from "../../../src/scan/values/columns.ts";
import { sourceOf } from "./read-fields.ts";

export interface Part {
  /** Rows, each with its line feed. */
  readonly text: string;
  /** Number of the first of them in the whole. */
  readonly firstRow: number;
}

export interface Grouped {
  readonly columns: readonly EngineColumn[];
  readonly groups: number;
  readonly matched: number;
}

/** Groups each part by a grouping of its own, and merges them into the first as another thread would. */
export function groupParts(
  kernel: Kernel,
  table: ScanTable,
  request: GroupRequest,
  parts: readonly Part[],
  blockBytes = 4096,
): Grouped {
  const [first, ...others] = parts.map((part) => groupOne(kernel, table, request, part, blockBytes));
  if (!first) throw new RangeError("no part");
  for (const other of others) {
    for (const part of other.parts()) first.merge(structuredClone(part));
    other.free();
  }
  const { columns, groups, matched } = structuredClone(first.result());
  first.free();
  return { columns: columns.map(engineColumn), groups, matched };
}

/** A grouping for the rows of a text. */
export function groupingOf(
  kernel: Kernel,
  table: ScanTable,
  request: GroupRequest,
  maxRows: number,
): Grouping<FieldTable> {
  return new Grouping(kernel, table.columns, request, maxRows, columnsOfText(kernel, table, maxRows));
}

/** The groups of a part. */
export function groupOne(
  kernel: Kernel,
  table: ScanTable,
  request: GroupRequest,
  part: Part,
  blockBytes: number,
): Grouping<FieldTable> {
  const reader = new BlockReader(kernel, table.dialect, table.columns.length, { blockBytes });
  const grouping = groupingOf(kernel, table, request, reader.maxRows);
  reader.read(sourceOf(Buffer.from(part.text)), (fields) => grouping.consume(fields), { firstRow: part.firstRow });
  reader.free();
  return grouping;
}

/** A column as the engines give it. */
export function engineColumn({ texts, ...column }: ResultColumn): EngineColumn {
  if (!texts) return column;
  const places = Array.from(texts.offsets);
  const textAt = (i: number) => Buffer.from(texts.bytes.subarray(places[i], places[i + 1])).toString();
  return { ...column, dictionary: places.slice(1).map((_, i) => textAt(i)) };
}

/** A result's rows as objects, in the order of the keys' JSON. */
export function rowsOf({ columns, groups }: Grouped, keys: readonly string[]): Record<string, unknown>[] {
  const rows = Array.from({ length: groups }, (_, row) =>
    Object.fromEntries(columns.map((column) => [column.name, cellOf(column, row)])),
  );
  const labelOf = (row: Record<string, unknown>) => keys.map((key) => `${typeof row[key]} ${row[key]}`).join("\0");
  return rows.sort((one, other) => (labelOf(one) < labelOf(other) ? -1 : 1));
}

/** A result's rows as they stand. */
export function cellsOf(columns: readonly EngineColumn[]): unknown[][] {
  const [first] = columns;
  return Array.from({ length: first?.values.length ?? 0 }, (_, row) => columns.map((column) => cellOf(column, row)));
}

function cellOf({ values, validity, dictionary, type }: EngineColumn, row: number): unknown {
  if (validity && (((validity[row >> 3] as number) >> (row & 7)) & 1) === 0) return null;
  const value = values[row];
  if (type === "bool") return value === 1;
  return dictionary ? dictionary[value as number] : value;
}
