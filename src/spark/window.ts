import { wrong } from "./check.ts";
import { type ColumnOrName, lit, namedColumn, type WindowDefinition } from "./column.ts";
import type { SortOrderInit } from "./connect/messages.ts";
import { type Columns, columnExpressions, columnList } from "./expressions.ts";

type FrameType = 1 | 2;

/** Which rows a window function sees: its partition, their order, and the frame around the row. Never changed, always built anew. */
export class WindowSpec {
  /** The window in the words of the protocol. */
  readonly definition: WindowDefinition;

  constructor(definition: WindowDefinition) {
    this.definition = definition;
  }

  partitionBy(...columns: readonly Columns[]): WindowSpec {
    const partitionSpec = columnExpressions(columns);
    return new WindowSpec({ ...this.definition, partitionSpec });
  }

  orderBy(...columns: readonly Columns[]): WindowSpec {
    return new WindowSpec({ ...this.definition, orderSpec: columnList(columns).map(sortOrder) });
  }

  /** The rows from `start` to `end` positions around the row: `rowsBetween(-2, Window.currentRow)`. */
  rowsBetween(start: number, end: number): WindowSpec {
    for (const offset of [start, end])
      if (Number.isFinite(offset) && !Number.isInteger(offset))
        throw wrong(`an offset is ${offset}`, "rows are counted: give whole numbers");
    return this.#frame(1, start, end);
  }

  /** The rows whose order value is between `start` and `end` from that of the row. */
  rangeBetween(start: number, end: number): WindowSpec {
    return this.#frame(2, start, end);
  }

  #frame(frameType: FrameType, start: number, end: number): WindowSpec {
    const lower = boundary(start, Window.unboundedPreceding, "the start of the frame");
    const upper = boundary(end, Window.unboundedFollowing, "the end of the frame");
    if (start > end) throw wrong(`the frame goes from ${start} to ${end}`, "give the earlier end first");
    const frameSpec = { frameType, lower, upper };
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
  partitionBy: (...columns: readonly Columns[]) => new WindowSpec({}).partitionBy(...columns),
  orderBy: (...columns: readonly Columns[]) => new WindowSpec({}).orderBy(...columns),
  rowsBetween: (start: number, end: number) => new WindowSpec({}).rowsBetween(start, end),
  rangeBetween: (start: number, end: number) => new WindowSpec({}).rangeBetween(start, end),
} as const;

/** A column as an order: ascending, nulls first, unless it says otherwise itself. */
export function sortOrder(column: ColumnOrName): SortOrderInit {
  const { exprType } = namedColumn(column).expression;
  if (exprType?.case === "sortOrder") return exprType.value;
  return { child: { exprType }, direction: 1, nullOrdering: 1 } as SortOrderInit;
}

function boundary(offset: number, unbounded: number, what: string) {
  if (offset === unbounded) return { boundary: { case: "unbounded" as const, value: true } };
  if (!Number.isFinite(offset))
    throw wrong(
      `${what} is ${offset}`,
      "give a number, or Window.unboundedPreceding, currentRow or unboundedFollowing",
    );
  if (offset === 0) return { boundary: { case: "currentRow" as const, value: true } };
  return { boundary: { case: "value" as const, value: lit(offset).expression } };
}
