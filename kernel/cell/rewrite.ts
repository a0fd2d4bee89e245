import type MagicString from "magic-string";
import { cellLocals } from "./declarations.ts";
import type { Position } from "./positions.ts";
import { Rewriter } from "./rewriter.ts";
import type { Declared } from "./scope.ts";
import { rewriteTopLevel } from "./statements.ts";
import type { Node } from "./tree.ts";

interface Rewritten {
  readonly text: MagicString;
  /** Session names whose slots the code uses, in the order of the slot list. */
  readonly uses: readonly string[];
  /** Where called session names end, to where they start. */
  readonly callees: ReadonlyMap<number, number>;
}

interface RewriteOptions {
  readonly returns: Node | undefined;
  readonly marked?: readonly Node[];
  readonly isDebugged: boolean;
  /** Of an offset, in the cell as typed. */
  place(offset: number): Position;
}

/**
 * Rewrites parsed code so that its session names live in slots; inserts no line break, so that lines stay.
 *
 * @throws {CellFault} for what cannot be compiled
 */
export function rewriteCell(
  code: string,
  body: readonly Node[],
  kindOf: (name: string) => string | undefined,
  declares: readonly Declared[],
  { returns, marked = [], isDebugged, place }: RewriteOptions,
): Rewritten {
  const rewriter = new Rewriter(code, kindOf, place, isDebugged);
  if (returns) rewriter.text.appendRight(returns.start, "return (").appendLeft(returns.end, ")");
  const hoisted = declares.filter(({ kind }) => kind === "var").map(({ name }) => `${rewriter.slotOf(name)}.hoist();`);
  const env = { names: new Set(cellLocals(body)), parent: undefined, inFunction: false };
  rewriteTopLevel(rewriter, body, env, hoisted, marked);
  return { text: rewriter.text, uses: [...rewriter.uses], callees: rewriter.callees };
}
