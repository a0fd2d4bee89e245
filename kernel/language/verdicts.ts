import type { PresentedCell } from "./present.ts";
import type { CellDiagnostic } from "./service.ts";
import { wordsOf } from "./words-of.ts";

/** A cell that stands, or is about to. */
export interface Stands {
  readonly id: string;
  readonly source: string;
  readonly text: string;
  /** Names that it declares; undefined: not known yet. */
  readonly declares: ReadonlyMap<string, unknown> | undefined;
}

interface Verdict {
  readonly cell: PresentedCell;
  readonly found: readonly CellDiagnostic[];
  /** The other cells on which it may depend, in their order. */
  readonly related: readonly Stands[];
}

const REMEMBERED = 1000;
/** A longer text is looked at anew: that takes long anyway. */
const MOST_CHARS = 20_000;

/** By these a cell may mean something to others without a name of theirs. */
const REACHES_FAR = /\b(?:declare|import|export|namespace|module|reference)\b/;

/**
 * What was found in cells that declare nothing, which people run again and again to look at something. It holds for the same text as long
 * as no other cell has come that could mean something to it.
 */
export class Verdicts {
  readonly #known = new Map<string, Verdict>();

  remember(id: string, cell: PresentedCell, standing: readonly Stands[], found: readonly CellDiagnostic[]): void {
    if (cell.source.length > MOST_CHARS) return;
    this.#known.delete(id);
    this.#known.set(id, { cell, found, related: relatedTo(id, cell, standing) });
    const oldest = this.#known.keys().next().value;
    if (this.#known.size > REMEMBERED && oldest !== undefined) this.#known.delete(oldest);
  }

  recall(id: string, cell: PresentedCell, standing: readonly Stands[]): readonly CellDiagnostic[] | undefined {
    const verdict = this.#known.get(id);
    if (verdict?.cell.source !== cell.source || verdict.cell.text !== cell.text) return undefined;
    const related = relatedTo(id, cell, standing);
    const isSame =
      related.length === verdict.related.length && related.every((each, at) => each === verdict.related[at]);
    return isSame ? verdict.found : undefined;
  }

  /** Whether the cell stands in this text already, with nothing behind it that could mean something to it. */
  stands(id: string, source: string, standing: readonly Stands[]): boolean {
    const verdict = this.#known.get(id);
    const at = standing.findLastIndex((each) => each.id === id);
    if (verdict?.cell.source !== source || standing[at]?.source !== source) return false;
    return relatedTo(id, verdict.cell, standing.slice(at + 1), standing).length === 0;
  }

  /** Whether no other cell can tell if it stands: it mentions nothing that the session declares. A file of hundreds of such cells would be read for each check. */
  meansNothing(id: string, source: string, standing: readonly Stands[]): boolean {
    const verdict = this.#known.get(id);
    if (verdict?.cell.source !== source || REACHES_FAR.test(source)) return false;
    return !standing.some((each) => each.id === id) && relatedTo(id, verdict.cell, standing).length === 0;
  }
}

function relatedTo(id: string, { text }: PresentedCell, among: readonly Stands[], standing = among): readonly Stands[] {
  const own = wordsOf(text);
  if (own.size === 0) return [];
  const declared = new Set(
    standing.flatMap(({ declares }) => [...(declares?.keys() ?? [])]).filter((name) => own.has(name)),
  );
  return among.filter((each) => {
    if (each.id === id) return false;
    // One that may declare anything, or reaches what is nobody's, may mean something to each name.
    const shared = each.declares === undefined || /\bdeclare\b/.test(each.text) ? own : declared;
    const words = knownWords(each);
    return [...shared].some((word) => words.has(word));
  });
}

const known = new WeakMap<Stands, ReadonlySet<string>>();

function knownWords(cell: Stands): ReadonlySet<string> {
  const words = known.get(cell) ?? wordsOf(cell.text);
  known.set(cell, words);
  return words;
}
