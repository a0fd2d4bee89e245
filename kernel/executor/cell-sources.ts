import type { Position } from "../cell/positions.ts";

export interface CellSource {
  /** `cell-12.ts`; the parts of a cell with magics are scripts of their own. */
  readonly name: string;
  /** The cell as typed. */
  readonly text: string;
  /** From a place in the script that ran to the place in the cell as typed, both from 1. */
  readonly original: (place: Position) => Position | undefined;
}

/** Maps cost memory; functions of cells older than this show the lines of the compiled script. */
const KEPT = 500;

const sources = new Map<string, CellSource>();

export function keepSource(script: string, source: CellSource): void {
  sources.delete(script);
  sources.set(script, source);
  const oldest = sources.size > KEPT ? sources.keys().next().value : undefined;
  if (oldest !== undefined) sources.delete(oldest);
}

export function sourceOf(script: string): CellSource | undefined {
  return sources.get(script);
}
