import { lineColumn, type Position } from "./positions.ts";
import { rewriteCell, SLOT_PREFIX } from "./rewrite.ts";
import type { CellScope, Declared } from "./scope.ts";
import { type DecodedMap, decodeMappings, traceBack } from "./source-map.ts";
import { CellSyntaxError } from "./syntax-error.ts";
import { lower } from "./transform.ts";
import { parse } from "./tree.ts";

/** One piece of a cell, ready for `vm.Script`: `code` evaluates to `outer($slots, $host)`, which gives `async () => value`. */
export interface CompiledUnit {
  readonly code: string;
  readonly filename: string;
  readonly declares: readonly Declared[];
  /** The names whose slots `$slots` must hold, in order. */
  readonly uses: readonly string[];
  /** A place in `code` as a place in the cell as typed, both from 1. */
  original(position: Position): Position | undefined;
}

export interface UnitInput {
  /** TypeScript whose lines are those of the cell. */
  readonly code: string;
  /** Characters put before the first line that the cell does not have. */
  readonly shift: number;
  /** An expression statement in `code` that becomes `return (…)`. */
  readonly returns?: { readonly start: number; readonly end: number } | undefined;
  /** The cell as typed, for excerpts. */
  readonly source: string;
  readonly filename: string;
  readonly scope: CellScope;
}

/** @throws {CellSyntaxError} at the place in the cell as typed */
export function compileUnit({ code, shift, returns, source, filename, scope }: UnitInput): CompiledUnit {
  const { body, failure } = parse(code);
  const unshift = ({ line, column }: Position): Position => ({
    line,
    column: line === 1 ? Math.max(1, column - shift) : column,
  });
  if (failure) throw new CellSyntaxError(failure.message, source, unshift(lineColumn(code, failure.offset)));
  const { text, declares, uses } = rewriteCell(code, body, scope, returns);
  const lowered = lowerOrExplain(text.toString(), source);
  let maps: { readonly lowering: DecodedMap; readonly rewriting: DecodedMap } | undefined;
  const original = (position: Position): Position | undefined => {
    // Maps are made when a stack is first printed: they cost more than the compilation.
    maps ??= {
      lowering: decodeMappings(lowered.map ?? ""),
      rewriting: decodeMappings(text.generateMap({ hires: "boundary" }).mappings),
    };
    const rewritten = traceBack(maps.lowering, { line: position.line - 1, column: position.column });
    const typed = rewritten && traceBack(maps.rewriting, rewritten);
    return typed && unshift(typed);
  };
  return { code: wrap(lowered.code, uses), filename, declares, uses, original };
}

/** oxc refuses some constructs only while lowering, without a place. */
function lowerOrExplain(code: string, source: string): ReturnType<typeof lower> {
  try {
    return lower(code);
  } catch (error) {
    throw new CellSyntaxError(error instanceof Error ? error.message : String(error), source, { line: 1, column: 1 });
  }
}

/** One line is added above the code: `original` subtracts it. */
function wrap(code: string, uses: readonly string[]): string {
  const slots = uses.map((name, index) => `${SLOT_PREFIX}${name}=$slots[${index}]`).join(",");
  const names = slots === "" ? "" : `const ${slots};`;
  return `(function($slots,$host){"use strict";${names}const babelHelpers=$host.babelHelpers;let $value;return async()=>{\n${code}\n;return $value}})`;
}
