import { applyEdits, blank, type Edit } from "./edits.ts";

/** A cell as the type checker sees it. */
export interface PresentedCell {
  /** As typed. */
  readonly source: string;
  /** TypeScript; empty when the cell has none. */
  readonly text: string;
  /** From `source`, with magics blanked, to `text`. */
  readonly edits: readonly Edit[];
}

export async function presentCell(source: string): Promise<PresentedCell> {
  return { source, text: source, edits: [] };
}
