import { sessionDeclarations } from "./declarations.ts";
import { explainFailure } from "./explain.ts";
import { TOO_DEEP } from "./nesting.ts";
import { isPlain } from "./plain.ts";
import { byLineFeeds, lineColumn, offsetOf, type Position } from "./positions.ts";
import { rewriteCell } from "./rewrite.ts";
import { SLOT_PREFIX } from "./rewriter.ts";
import type { Declared, NameKind } from "./scope.ts";
import { makeTracer, type Tracer } from "./source-map.ts";
import { runningStatements } from "./statements.ts";
import { CellFault, CellSyntaxError } from "./syntax-error.ts";
import { lower } from "./transform.ts";
import { child, children, type Node, parse } from "./tree.ts";
import type { UnitText } from "./unit-text.ts";

/** One piece of a cell, ready for `vm.Script`: `code` evaluates to `outer($slots, $host)`, which gives `async () => value`. */
export interface CompiledUnit {
  readonly code: string;
  readonly filename: string;
  readonly declares: readonly Declared[];
  /** The names whose slots `$slots` must hold, in order. */
  readonly uses: readonly string[];
  /** Of a unit that tells its host when each begins: its top-level statements, in text order. */
  readonly statements: readonly MarkedStatement[];
  /** A place in `code` as a place in the cell as typed, both from 1. */
  original(position: Position): Position | undefined;
}

export interface MarkedStatement {
  /** Of the cell, from 1. */
  readonly line: number;
  /** As typed, its first line. */
  readonly text: string;
}

interface ParsedUnit {
  readonly text: UnitText;
  readonly body: readonly Node[];
  readonly declares: readonly Declared[];
  readonly filename: string;
  /** The cell as typed. */
  readonly source: string;
}

/** @throws {CellSyntaxError} at the place in the cell as typed */
export function parseUnit(text: UnitText, source: string, filename: string): ParsedUnit {
  const { body, failure } = parse(text.code);
  if (failure) {
    const at = lineColumn(source, text.sourceOffset(failure.offset));
    throw new CellSyntaxError(explainFailure(failure.message, source, text.code, at), source, at);
  }
  const stray = text.kind === "function" ? strayBracket(body) : undefined;
  if (stray !== undefined)
    throw new CellSyntaxError("Unmatched `}`", source, lineColumn(source, text.sourceOffset(stray)));
  return { text, body, declares: text.kind === "function" ? [] : sessionDeclarations(body), filename, source };
}

/**
 * With `marks` the code calls `$host.mark` before each of its statements.
 *
 * @throws {CellSyntaxError} for what cannot be lowered
 */
export function finishUnit(
  { text, body, declares, filename, source }: ParsedUnit,
  kindOf: (name: string) => NameKind | undefined,
  { marks = false, isDebugged }: { readonly marks?: boolean; readonly isDebugged: boolean },
): CompiledUnit {
  const place = (offset: number): Position => lineColumn(source, text.sourceOffset(offset));
  try {
    const returns = text.kind === "function" ? lastOfFunction(body) : undefined;
    const marked = marks ? runningStatements(body) : [];
    const rewritten = rewriteCell(text.code, body, kindOf, declares, { returns, marked, isDebugged, place });
    const lowered = isPlain(text.code, body) ? { code: rewritten.text.toString() } : lowerAt(rewritten.text);
    let trace: Tracer | undefined;
    const original = (position: Position): Position | undefined => {
      // Maps are read when a stack is first printed: they cost more than the compilation.
      trace ??= tracerOf(rewritten.text, lowered);
      const typed = trace({ line: position.line - 1, column: position.column });
      if (!typed) return undefined;
      const offset = offsetOf(text.code, typed);
      // V8 places a call of `(0,slot.v)(…)` at its bracket, a call of `f(…)` at the name.
      return place(rewritten.callees.get(offset) ?? offset);
    };
    const statements = marked.map((node) =>
      asTyped(source, text.sourceOffset(node.start), text.sourceOffset(node.end)),
    );
    return { code: wrap(lowered.code, rewritten.uses), filename, declares, uses: rewritten.uses, statements, original };
  } catch (error) {
    if (error instanceof CellFault) throw new CellSyntaxError(error.message, source, place(error.offset));
    if (error instanceof RangeError) throw new CellSyntaxError(TOO_DEEP, source, place(0));
    throw error;
  }
}

/** A magic's call stands in no text of the cell: its line does. */
function asTyped(source: string, start: number, end: number): MarkedStatement {
  const own = source.slice(start, end).trim();
  const text = own === "" ? source.slice(start) : own;
  return { line: lineColumn(source, start).line, text: text.split("\n", 1)[0]?.trimEnd() ?? "" };
}

type MappedText = ReturnType<typeof rewriteCell>["text"];

/** Without a map it is the text that was rewritten. */
interface Lowered {
  readonly code: string;
  readonly map?: string | undefined;
}

/** What the transformer refuses has its place in the rewritten text. */
function lowerAt(text: MappedText): Lowered {
  const code = text.toString();
  try {
    return lower(code);
  } catch (error) {
    if (!(error instanceof CellFault)) throw error;
    const at = rewritingTracer(text)(lineColumn(code, error.offset));
    throw new CellFault(error.message, at ? offsetOf(text.original, at) : 0);
  }
}

/** From a place in what runs to a place in what was rewritten. */
function tracerOf(text: MappedText, { code, map }: Lowered): Tracer {
  const typed = rewritingTracer(text);
  const written = text.toString();
  const rewriting: Tracer = (position) => {
    const place = byLineFeeds(written, position);
    return place && typed(place);
  };
  if (map === undefined) return rewriting;
  const lowering = makeTracer(map, code, written);
  return (position) => {
    const rewritten = lowering(position);
    return rewritten && rewriting(rewritten);
  };
}

function rewritingTracer(text: MappedText): Tracer {
  return makeTracer(text.generateMap({ hires: "boundary" }).mappings, text.toString(), text.original);
}

/** A body that closes the function around it makes something else of the whole; gives a place near that. */
function strayBracket([statement, second]: readonly Node[]): number | undefined {
  const only = statement && child(statement, "expression");
  const inner = only?.type === "ParenthesizedExpression" ? child(only, "expression") : undefined;
  if (inner?.type !== "ArrowFunctionExpression") return (only && (child(only, "callee") ?? only).end) ?? 0;
  return second?.start;
}

/** The last expression of the one function that a "function" piece is. */
function lastOfFunction([statement]: readonly Node[]): Node | undefined {
  const wrapped = statement && child(statement, "expression");
  const arrow = wrapped && child(wrapped, "expression");
  const block = arrow && child(arrow, "body");
  const last = block && children(block, "body").findLast(({ type }) => type !== "EmptyStatement");
  return last?.type === "ExpressionStatement" ? child(last, "expression") : undefined;
}

/** The outer function gives the cell the `this` of a module, and an `arguments` with nothing of ours. One line is added above the code: `original` subtracts it. */
function wrap(code: string, uses: readonly string[]): string {
  const slots = uses.map((name, index) => `${SLOT_PREFIX}${name}=$slots[${index}]`).join(",");
  const names = slots === "" ? "" : `const ${slots};`;
  return `(function(){"use strict";return($slots,$host)=>{${names}const babelHelpers=$host.babelHelpers,$links=[];let $value;return async()=>{\n${code}\n;return $value}}})()`;
}
