import { type Stepwise, whole } from "../../stepwise.ts";
import type { Moved } from "../../threads/serve.ts";
import type { GroupingResult } from "../groups/group-result.ts";
import { type GroupedValues, Grouping, type GroupingPart, type OpenColumn, type RowBlock } from "../groups/grouping.ts";
import type { Kernel } from "../kernel.ts";
import { noMemory } from "../refused.ts";
import type { GroupRequest } from "../request.ts";
import type { ScanColumn } from "../table.ts";
import { moved } from "./moved.ts";
import type { Misfit, Work } from "./work.ts";
import type { Budget } from "./works.ts";

export interface GroupsContext<Block> {
  readonly kernel: Kernel;
  readonly columns: readonly ScanColumn[];
  readonly maxRows: number;
  readonly budget: Budget;
  readonly open: OpenColumn<Block>;
}

/** Groups rows within a budget. */
export class GroupsWork<Block extends RowBlock> implements Work<Block> {
  readonly #kernel: Kernel;
  readonly #budget: Budget;
  readonly #grouping: Grouping<Block>;

  constructor({ kernel, columns, maxRows, budget, open }: GroupsContext<Block>, request: GroupRequest) {
    this.#kernel = kernel;
    this.#budget = budget;
    this.#grouping = new Grouping(kernel, columns, request, maxRows, open);
  }

  get misfits(): readonly Misfit[] {
    return this.#grouping.misfits;
  }

  consume(block: Block): void {
    whole(this.steps(block));
  }

  /** The same, where tables that grow do so in steps. */
  *steps(block: Block): Stepwise<void> {
    yield* this.#grouping.steps(block);
    // What is handed on at the end is a copy, and it is given out in order.
    if (this.roomLeft === 0) throw noMemory("the groups");
  }

  *parts(): Generator<Moved> {
    if (this.#budget.bytes < this.#kernel.calls.takenBytes() + this.#grouping.partBytes) throw noMemory("the groups");
    for (const part of this.#grouping.parts()) yield moved(part);
  }

  /** Bytes that `values` takes, at most. */
  get partBytes(): number {
    return this.#grouping.partBytes;
  }

  /** What may be taken beside the groups, and beside a copy and a result of them. */
  get roomLeft(): number {
    return Math.max(0, this.#budget.bytes - this.#kernel.calls.takenBytes() - 2 * this.#grouping.partBytes);
  }

  /** For a result that another thread makes. */
  *values(): Stepwise<Moved<GroupedValues>> {
    return moved(yield* this.#grouping.values());
  }

  merge(part: unknown): void {
    this.#grouping.merge(part as GroupingPart);
  }

  result(): Moved<GroupingResult> {
    this.#kernel.calls.setLimit(Math.max(0, this.#budget.bytes - 2 * this.#grouping.partBytes));
    return moved(this.#grouping.result());
  }
}
