import { createRequire } from "node:module";
import type * as Arrow from "apache-arrow";

export type { Data, DataType, RecordBatch, Schema as ArrowSchema, Table, Vector } from "apache-arrow";

const require = createRequire(import.meta.url);
let loaded: typeof Arrow | undefined;

/**
 * The Arrow library as one file, loaded at its first use (20 ms). Every room takes it from here, so that there is one copy of its classes.
 *
 * @example
 * const table = arrow().tableFromIPC(bytes);
 */
export function arrow(): typeof Arrow {
  loaded ??= require("#arrow") as typeof Arrow;
  return loaded;
}

/** Whether a value is an Arrow table, of our copy or of any other; loads nothing. */
export function isTable(value: unknown): value is Arrow.Table {
  if (typeof value !== "object" || value === null) return false;
  const candidate = value as Partial<Arrow.Table>;
  try {
    return (
      Array.isArray(candidate.batches) &&
      typeof candidate.getChildAt === "function" &&
      Array.isArray(candidate.schema?.fields)
    );
  } catch {
    // A proxy or a getter that throws is no table.
    return false;
  }
}
