import { type ColumnOrName, lit, namedColumn, type WindowDefinition } from "./column.ts";
import type { SortOrderInit } from "./connect/messages.ts";

type FrameType = 1 | 2;

/** Which rows a window function sees: its partition, their order, and the frame around the row. Never changed, always built anew. */
export class WindowSpec {
  /** The window in the words of the protocol. */
  readonly definition: WindowDefinition;

  constructor(definition: WindowDefinition) {
    this.definition = definition;
  }

  partitionBy(...columns: readonly ColumnOrName[]): WindowSpec {
    const partitionSpec = columns.map((column) => namedColumn(column).expression);
    return new WindowSpec({ ...this.definition, partitionSpec });
  }

  orderBy(...columns: readonly ColumnOrName[]): WindowSpec {
    return new WindowSpec({ ...this.definition, orderSpec: columns.map(sortOrder) });
  }

  /** The rows from `start` to `end` positions around the row: `rowsBetween(-2, Window.currentRow)`. */
  rowsBetween(start: number, end: number): WindowSpec {
    return this.#frame(1, start, end);
  }

  /** The rows whose order value is between `start` and `end` from that of the row. */
  rangeBetween(start: number, end: number): WindowSpec {
    return this.#frame(2, start, end);
  }

  #frame(frameType: FrameType, start: number, end: number): WindowSpec {
    const frameSpec = { frameType, lower: boundary(start), upper: boundary(end) };
    return new WindowSpec({ ...this.definition, frameSpec });
  }
}

/**
 * The start of a window: `Window.partitionBy("user_id").orderBy("at")`.
 *
 * @example
 * F.sum("amount").over(Window.partitionBy("user_id").orderBy("at").rowsBetween(Window.unboundedPreceding, Window.currentRow))
 */
export const Window = {
  unboundedPreceding: Number.NEGATIVE_INFINITY,
  unboundedFollowing: Number.POSITIVE_INFINITY,
  currentRow: 0,
  partitionBy: (...columns: readonly ColumnOrName[]) => new WindowSpec({}).partitionBy(...columns),
  orderBy: (...columns: readonly ColumnOrName[]) => new WindowSpec({}).orderBy(...columns),
  rowsBetween: (start: number, end: number) => new WindowSpec({}).rowsBetween(start, end),
  rangeBetween: (start: number, end: number) => new WindowSpec({}).rangeBetween(start, end),
} as const;

/** A column as an order: ascending, nulls first, unless it says otherwise itself. */
export function sortOrder(column: ColumnOrName): SortOrderInit {
  const { exprType } = namedColumn(column).expression;
  if (exprType?.case === "sortOrder") return exprType.value;
  return { child: { exprType }, direction: 1, nullOrdering: 1 } as SortOrderInit;
}

function boundary(offset: number) {
  if (!Number.isFinite(offset)) return { boundary: { case: "unbounded" as const, value: true } };
  if (offset === 0) return { boundary: { case: "currentRow" as const, value: true } };
  return { boundary: { case: "value" as const, value: lit(offset).expression } };
}
