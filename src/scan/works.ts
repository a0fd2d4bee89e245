import type { ScanControl } from "./control.ts";
import type { FieldTable } from "./field-table.ts";
import type { Kernel } from "./kernel.ts";
import type { ScanTable } from "./table.ts";
import type { Misfit, Moved, Work } from "./work.ts";

/** What is asked of a scan. */
export type WorkRequest = { readonly kind: "rows" };

export interface WorkContext {
  readonly kernel: Kernel;
  readonly table: ScanTable;
  readonly request: WorkRequest;
  readonly control: ScanControl;
  /** Sends a part of the result before the end. */
  readonly emit: (part: Moved) => void;
  /** The most rows of a block. */
  readonly maxRows: number;
}

export function createWork(_: WorkContext): Work {
  return new RowCount();
}

class RowCount implements Work {
  readonly misfits: readonly Misfit[] = [];
  #rows = 0;

  consume(fields: FieldTable): void {
    this.#rows += fields.rows;
  }

  partial(): Moved {
    return { value: this.#rows, buffers: [] };
  }

  merge(partial: unknown): void {
    this.#rows += partial as number;
  }

  result(): Moved {
    return this.partial();
  }
}
