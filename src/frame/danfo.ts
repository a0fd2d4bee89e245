import { createRequire } from "node:module";
import type * as Danfo from "#danfo";

export type { DataFrame, Series } from "#danfo";

const require = createRequire(import.meta.url);
let loaded: typeof Danfo | undefined;

/** Danfo itself, loaded at its first use: 30 ms of one turn and some MB that a kernel's start must not pay. */
export function danfo(): typeof Danfo {
  loaded ??= require("#danfo") as typeof Danfo;
  return loaded;
}

/** What stock Danfo keeps in each frame and series, which its types hide. */
export interface StockInternals {
  $data: unknown[];
  $dataIncolumnFormat: unknown[][];
  $index: (string | number)[];
  $columns: string[];
  $dtypes: string[];
  readonly $isSeries: boolean;
  readonly shape: number[];
  readonly $config: { readonly isLowMemoryMode: boolean; readonly getMaxRow: number };
}

/** Whether a value is a Danfo frame, of our copy or of any other; loads nothing. */
export function isFrame(value: unknown): value is Danfo.DataFrame {
  return internalsOf(value)?.$isSeries === false;
}

/** Whether a value is a Danfo series, of our copy or of any other; loads nothing. */
export function isSeries(value: unknown): value is Danfo.Series {
  return internalsOf(value)?.$isSeries === true;
}

function internalsOf(value: unknown): StockInternals | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const candidate = value as StockInternals;
  try {
    return Object.hasOwn(candidate, "$isSeries") && Array.isArray(candidate.$columns) ? candidate : undefined;
  } catch {
    // A proxy or a getter that throws is no frame.
    return undefined;
  }
}
