import type { CompiledCell } from "./compile.ts";
import type { CellScope } from "./scope.ts";

const REMEMBERED = 100;
/** What is compiled from a longer text holds too much. */
const MOST_CHARS = 20_000;

/**
 * Cells that run again as they are, which people do all day, need no compiler: what was made of a text holds as long as the session's names are
 * of the kinds that they were. Cells with magics are compiled anew.
 */
export class CompiledBefore {
  readonly #known = new Map<string, { readonly compiled: CompiledCell; readonly edition: number }>();

  /** What `compile` gives, or gave before and is still `usable`. */
  recall(
    source: string,
    scope: CellScope,
    compile: () => CompiledCell,
    usable: (compiled: CompiledCell) => boolean,
  ): CompiledCell {
    const known = this.#known.get(source);
    if (known?.edition === scope.edition && usable(known.compiled)) return known.compiled;
    const compiled = compile();
    // Of the names that the cell declares itself the kind is what it was while it was compiled.
    if (compiled.magics.length === 0 && source.length <= MOST_CHARS) this.#remember(source, compiled, scope.edition);
    return compiled;
  }

  #remember(source: string, compiled: CompiledCell, edition: number): void {
    this.#known.delete(source);
    this.#known.set(source, { compiled, edition });
    const oldest = this.#known.size > REMEMBERED ? this.#known.keys().next().value : undefined;
    if (oldest !== undefined) this.#known.delete(oldest);
  }
}
