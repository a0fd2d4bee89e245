import { checkExpressions } from "./check-expressions.ts";
import type { MagicCall, MagicTable } from "./magic-call.ts";
import type { CellScope, Declared } from "./scope.ts";
import { splitCell } from "./split.ts";
import { isSurelyTyped } from "./surely-typed.ts";
import { type CompiledUnit, finishUnit, parseUnit } from "./unit.ts";
import { cellTexts } from "./unit-text.ts";

export interface CompiledCell {
  /** Runs the magics in text order and the code between them; its value is the cell's, undefined when a magic stands last. */
  readonly main: CompiledUnit;
  /**
   * The bodies of magics by their index in `magics`. A "session" body's value is that of its last expression; a "function" body's value
   * is an async function of the magic's parameters.
   */
  readonly bodies: ReadonlyMap<number, CompiledUnit>;
  readonly magics: readonly MagicCall[];
  readonly declares: readonly Declared[];
  /** A type checker can find nothing in it. */
  readonly isSurelyTyped: boolean;
}

interface CompileOptions {
  /** `cell-12.ts`, the name that stacks show. */
  readonly filename: string;
  /** Updated with what the cell declares, only when all of it compiles. */
  readonly scope: CellScope;
  readonly magics: MagicTable;
  /** Parameter names of a "function" body. */
  readonly parameters?: ((call: MagicCall) => readonly string[]) | undefined;
  /** Whether a magic wants to know when each statement of its "session" body begins. */
  readonly marks?: ((call: MagicCall) => boolean) | undefined;
  /** Adds what a debugger needs to stop where people expect it. */
  readonly isDebugged?: boolean | undefined;
}

/**
 * Compiles a cell as typed: splits its magics, rewrites session names to slots, lowers TypeScript.
 *
 * @throws {CellSyntaxError} with line and column of the cell
 * @throws {UsageError} for a malformed magic line
 * @example
 * compileCell("1 + 1", { filename: "cell-1.ts", scope: new CellScope(), magics: new Map() }).declares; // []
 */
export function compileCell(
  source: string,
  { filename, scope, magics, parameters, marks, isDebugged = false }: CompileOptions,
): CompiledCell {
  const split = splitCell(source, magics);
  checkExpressions(source, split.magics);
  const texts = cellTexts(split, magics, parameters);
  const main = parseUnit(texts.main, source, filename);
  const bodies = [...texts.bodies].map(
    ([index, text]) => [index, parseUnit(text, source, `cell-body-${index}-${filename}`)] as const,
  );
  const declares = [...bodies.map(([, body]) => body), main].flatMap((unit) => unit.declares);
  // The pieces of a cell see each other's names: all must be known before one is rewritten.
  const kinds = new Map(declares.map(({ name, kind }) => [name, kind]));
  const kindOf = (name: string) => kinds.get(name) ?? scope.kind(name);
  const stack = split.stack.map((index) => split.magics[index] as MagicCall);
  const innermost = marks && stack.some(marks) ? split.stack.at(-1) : undefined;
  const compiled = {
    main: finishUnit(main, kindOf, { isDebugged }),
    bodies: new Map(
      bodies.map(([index, body]) => [index, finishUnit(body, kindOf, { marks: index === innermost, isDebugged })]),
    ),
    magics: split.magics,
    declares,
    isSurelyTyped: split.magics.length === 0 && isSurelyTyped(source, main.body, kindOf),
  };
  for (const { name, kind } of declares) scope.declare(name, kind);
  return compiled;
}
