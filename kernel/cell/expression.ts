import { lineColumn } from "./positions.ts";
import { Rewriter } from "./rewriter.ts";
import { CellFault } from "./syntax-error.ts";
import { lower } from "./transform.ts";
import { child, parse } from "./tree.ts";

interface CompiledExpression {
  /** One JavaScript expression, in which session names are slots. */
  readonly code: string;
  /** The names whose slots it uses. */
  readonly uses: readonly string[];
}

/**
 * Compiles one expression that is evaluated in the middle of a cell: names for which `kindOf` knows no kind stand for themselves.
 *
 * @throws {CellFault} for what is no expression, and for what needs the cell's own host
 * @example
 * compileExpression("total + 1 as number", () => "let").code; // "$og_total.v + 1"
 */
export function compileExpression(typed: string, kindOf: (name: string) => string | undefined): CompiledExpression {
  const text = `(${typed}\n)`;
  const { body, failure } = parse(text);
  if (failure) throw new CellFault(failure.message, failure.offset - 1);
  const [statement, second] = body;
  const isOne = !second && statement && child(statement, "expression")?.type === "ParenthesizedExpression";
  if (!isOne) throw new CellFault("expected one expression", 0);
  const rewriter = new Rewriter(text, kindOf, (offset) => lineColumn(text, offset));
  rewriter.visit(statement, { names: new Set(), parent: undefined, inFunction: true });
  const { code } = lower(rewriter.text.toString());
  if (/\$host\./.test(code))
    throw new CellFault("await, import() and a constant's assignment cannot be evaluated here", 0);
  return { code: code.trim().replace(/;$/, ""), uses: [...rewriter.uses] };
}
