import { Grouping, type GroupingPart } from "../groups/grouping.ts";
import type { Kernel } from "../kernel.ts";
import { noMemory } from "../refused.ts";
import type { GroupRequest } from "../request.ts";
import type { FieldTable } from "../rows/field-table.ts";
import { moved } from "./moved.ts";
import type { Misfit, Moved, Work } from "./work.ts";
import type { Budget, WorkContext } from "./works.ts";

/** Groups rows. */
export class GroupsWork implements Work {
  readonly #kernel: Kernel;
  readonly #budget: Budget;
  readonly #grouping: Grouping;

  constructor({ kernel, table, maxRows, budget }: WorkContext, request: GroupRequest) {
    this.#kernel = kernel;
    this.#budget = budget;
    this.#grouping = new Grouping(kernel, table, request, maxRows);
  }

  get misfits(): readonly Misfit[] {
    return this.#grouping.misfits;
  }

  consume(fields: FieldTable): void {
    this.#grouping.consume(fields);
    // What is handed on at the end is a copy, and it is given out in order.
    if (this.#kernel.calls.takenBytes() + 2 * this.#grouping.partBytes > this.#budget.bytes)
      throw noMemory("the groups");
  }

  partial(): Moved {
    return moved(this.#grouping.partial());
  }

  merge(partial: unknown): void {
    this.#grouping.merge(partial as GroupingPart);
  }

  result(): Moved {
    this.#kernel.calls.setLimit(Math.max(0, this.#budget.bytes - 2 * this.#grouping.partBytes));
    return moved(this.#grouping.result());
  }
}
