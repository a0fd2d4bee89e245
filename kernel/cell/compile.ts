import { blankRange, blankSplit } from "./blank.ts";
import type { MagicCall, MagicTable } from "./magic-call.ts";
import type { CellScope, Declared } from "./scope.ts";
import { type SplitCell, splitCell } from "./split.ts";
import { parse } from "./tree.ts";
import { type CompiledUnit, compileUnit, type UnitInput } from "./unit.ts";

export interface CompiledCell {
  /** Runs the magics in text order and the code between them; its value is the cell's. */
  readonly main: CompiledUnit;
  /**
   * The bodies of magics by their index in `magics`. A "session" body's value is that of its last expression; a "function" body's value
   * is an async function of the magic's parameters.
   */
  readonly bodies: ReadonlyMap<number, CompiledUnit>;
  readonly magics: readonly MagicCall[];
  readonly declares: readonly Declared[];
}

export interface CompileOptions {
  /** `cell-12.ts`, the name that stacks show. */
  readonly filename: string;
  /** Updated with what the cell declares, only when all of it compiles. */
  readonly scope: CellScope;
  readonly magics: MagicTable;
  /** Parameter names of a "function" body. */
  readonly parameters?: ((call: MagicCall) => readonly string[]) | undefined;
}

/**
 * Compiles a cell as typed: splits its magics, rewrites session names to slots, lowers TypeScript.
 *
 * @throws {CellSyntaxError} with line and column of the cell
 * @throws {UsageError} for a malformed magic line
 * @example
 * compileCell("1 + 1", { filename: "cell-1.ts", scope: new CellScope(), magics: new Map() }).declares; // []
 */
export function compileCell(source: string, options: CompileOptions): CompiledCell {
  const split = splitCell(source, options.magics);
  const bodies = new Map<number, CompiledUnit>();
  split.magics.forEach((call, index) => {
    const body = compileBody(split, call, index, options);
    if (body) bodies.set(index, body);
  });
  const main = compileUnit({
    ...mainCode(split, options.magics),
    source,
    filename: options.filename,
    scope: options.scope,
  });
  const declares = [...bodies.values(), main].flatMap((unit) => unit.declares);
  for (const { name, kind } of declares) options.scope.declare(name, kind);
  return { main, bodies, magics: split.magics, declares };
}

function compileBody(
  split: SplitCell,
  call: MagicCall,
  index: number,
  options: CompileOptions,
): CompiledUnit | undefined {
  const shape = options.magics.get(call.name);
  const common = { source: split.source, filename: `cell-body-${index}-${options.filename}`, scope: options.scope };
  if (!call.known || !shape) return undefined;
  if (call.sign === "%" && shape.raw && shape.body === "session")
    return compileUnit({ ...onlyRest(split, call), ...common });
  const isInnermost = call.sign === "%%" && split.stack.at(-1) === index;
  if (!isInnermost) return undefined;
  const text = blankRange(split.source, 0, split.bodyStart);
  if (shape.body === "session") return compileUnit({ ...asExpression(text), ...common });
  if (shape.body !== "function" || text.trim() === "") return undefined;
  const parameters = options.parameters?.(call) ?? [];
  return compileUnit({ ...asFunction(text, parameters), ...common });
}

/** The text after the magic's name alone (`%time expr`), everything else blank. */
function onlyRest({ source }: SplitCell, call: MagicCall): { code: string; shift: number } {
  const end = call.start + call.line.length;
  const start = call.start + call.line.length - call.line.slice(call.name.length + 1).trimStart().length;
  return asExpression(blankRange(blankRange(source, end, source.length), 0, start));
}

/** The whole cell without its bodies; each magic line becomes an awaited call on its own line. */
function mainCode(split: SplitCell, table: MagicTable): { code: string; shift: number } {
  const { magics, stack, bodyStart } = split;
  let code = blankSplit(split, table);
  if (stack.length > 0) code = blankRange(code, bodyStart, code.length);
  if (magics.length === 0) return asExpression(code);
  for (let index = magics.length - 1; index >= 0; index--) {
    const call = magics[index] as MagicCall;
    const links = call.sign === "%%" ? (index === stack.at(-1) ? stack : []) : [index];
    if (links.length === 0) continue;
    const text = `;await $host.magic([${links.map((link) => linkCode(link, magics[link] as MagicCall)).join(",")}]);`;
    code = code.slice(0, call.start) + text + code.slice(call.start + call.line.length);
  }
  return { code, shift: 0 };
}

function linkCode(index: number, { expressions }: MagicCall): string {
  return `[${index},[${expressions.map(({ code }) => `async()=>(${code})`).join(",")}]]`;
}

/** `{ a: 1 }` as a whole cell is an object, not a block, when it parses as one. */
function asExpression(code: string): { code: string; shift: number } {
  const trimmed = code.trim();
  if (!trimmed.startsWith("{") || !trimmed.endsWith("}") || parse(`(${code}\n)`).failure) return { code, shift: 0 };
  return { code: `(${code}\n)`, shift: 1 };
}

/** The body of an async function whose value is `return`, or else its last expression. */
function asFunction(code: string, parameters: readonly string[]): Pick<UnitInput, "code" | "shift" | "returns"> {
  const head = `(async (${parameters.join(", ")}) => {`;
  const wrapped = `${head}${code}\n})`;
  const { body } = parse(wrapped);
  const last = lastExpression(body);
  if (!last) return { code: wrapped, shift: head.length };
  return { code: wrapped, shift: head.length, returns: last };
}

interface BodyNode {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly expression?: BodyNode;
  readonly body?: BodyNode | readonly BodyNode[];
}

function lastExpression(program: readonly object[]): { start: number; end: number } | undefined {
  const statement = program[0] as BodyNode | undefined;
  let arrow = statement?.expression;
  if (arrow?.type === "ParenthesizedExpression") arrow = arrow.expression;
  const block = arrow?.body as BodyNode | undefined;
  const last = (block?.body as readonly BodyNode[] | undefined)?.at(-1);
  if (last?.type !== "ExpressionStatement" || !last.expression) return undefined;
  return { start: last.expression.start, end: last.expression.end };
}
