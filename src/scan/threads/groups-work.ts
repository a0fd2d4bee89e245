import type { GroupPart } from "../groups/group-table.ts";
import { Grouping } from "../groups/grouping.ts";
import type { GroupRequest } from "../request.ts";
import type { FieldTable } from "../rows/field-table.ts";
import { moved } from "./moved.ts";
import type { Misfit, Moved, Work } from "./work.ts";
import type { WorkContext } from "./works.ts";

/** Groups rows. */
export class GroupsWork implements Work {
  readonly #grouping: Grouping;

  constructor({ kernel, table, maxRows }: WorkContext, request: GroupRequest) {
    this.#grouping = new Grouping(kernel, table, request, maxRows);
  }

  get misfits(): readonly Misfit[] {
    return this.#grouping.misfits;
  }

  consume(fields: FieldTable): void {
    this.#grouping.consume(fields);
  }

  partial(): Moved {
    return moved(this.#grouping.partial());
  }

  merge(partial: unknown): void {
    this.#grouping.merge(partial as GroupPart);
  }

  result(): Moved {
    return moved(this.#grouping.result());
  }
}
