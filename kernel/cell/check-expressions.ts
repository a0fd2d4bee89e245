import type { MagicCall } from "./magic-call.ts";
import { lineColumn } from "./positions.ts";
import { CellSyntaxError } from "./syntax-error.ts";
import { child, parse } from "./tree.ts";

/**
 * Each `${…}` of the magics must be one expression by itself: it is bound, never pasted.
 *
 * @throws {CellSyntaxError} at its place in the cell
 */
export function checkExpressions(source: string, magics: readonly MagicCall[]): void {
  for (const { code, start } of magics.flatMap(({ expressions }) => expressions)) {
    const { body, failure } = parse(`(${code}\n)`);
    if (failure) {
      const at = start + Math.min(Math.max(0, failure.offset - 1), code.length);
      throw new CellSyntaxError(`in \${…}: ${failure.message}`, source, lineColumn(source, at));
    }
    const [only, second] = body;
    if (second || !only || child(only, "expression")?.type !== "ParenthesizedExpression")
      throw new CellSyntaxError("in ${…}: expected one expression", source, lineColumn(source, start));
  }
}
