import { UsageError } from "../../src/errors.ts";
import { findMagic, type MagicCall, type MagicExpression, type MagicTable } from "./magic-call.ts";
import { isTopLevel } from "./top-level.ts";
import { findExpressions, splitWords } from "./words.ts";

export interface SplitCell {
  readonly source: string;
  /** In text order. */
  readonly magics: readonly MagicCall[];
  /** Indices into `magics` of the stacked `%%` magics, outermost first. */
  readonly stack: readonly number[];
  /** Where the text below the last `%%` line starts; the length of the source when there is no `%%`. */
  readonly bodyStart: number;
}

interface Line {
  readonly text: string;
  readonly start: number;
  /** Where the next line starts. */
  readonly end: number;
}

/** With the capitals and underscores of IPython's, which are none here but have their next step. */
const MAGIC = /^(%%?)([a-z][\w-]*)(?=\s|$)/i;
/** The beginning of a command for the system's shell. */
const SHELL = /^!(?![!=(\s])/;
const HELP =
  /^(?:(%{0,2}[\p{ID_Continue}$][\p{ID_Continue}$.-]*)\?{1,2}|\?{1,2}(%{0,2}[\p{ID_Continue}$][\p{ID_Continue}$.-]*))\s*;?\s*$/u;

/**
 * Splits magics from the body of a cell. Magics stand in the prologue (magic lines, blank lines, comments); a `%` line may also stand
 * between statements, when its name is registered and no bracket is open. `%%name` takes the rest of the cell; in a body that is code
 * `%` lines are found too, a body that is text is left alone.
 *
 * @throws {UsageError} E_UNCLOSED
 * @example
 * splitCell("%time f()\n1 + 1", new Map([["time", { forms: ["%"], body: "session" }]])).magics.length; // 1
 */
export function splitCell(source: string, table: MagicTable): SplitCell {
  const magics: MagicCall[] = [];
  const stack: number[] = [];
  let bodyStart = source.length;
  let codeFrom = 0;
  let inPrologue = true;
  for (const line of linesOf(source)) {
    const call = magicAt(line, table, inPrologue, source);
    if (call && (inPrologue || isTopLevel(source, codeFrom, line.start))) {
      codeFrom = line.end;
      if (call.sign === "%%") {
        stack.push(magics.length);
        bodyStart = line.end;
      }
      magics.push(call);
      if (call.sign === "%%" && !hasCode(call, table)) break;
    } else if (line.text.trim() !== "" && !line.text.startsWith("//")) inPrologue = false;
  }
  const innermost = stack.at(-1);
  const withBody = magics.map((call, index) =>
    call.sign === "%%" ? withBodyText(call, source, bodyStart, index === innermost ? table : undefined) : call,
  );
  return { source, magics: withBody, stack, bodyStart };
}

/** What a body that is text binds is found by its magic, which knows its quotes and comments. */
function withBodyText(call: MagicCall, source: string, bodyStart: number, table: MagicTable | undefined): MagicCall {
  const bodyText = source.slice(bodyStart);
  const bodyLine = source.slice(0, bodyStart).split("\n").length;
  const find = call.known ? table && findMagic(table, "%%", call.name)?.bodyExpressions : undefined;
  const own = find ? findInBody(find, bodyText, bodyLine) : [];
  const moved = own.map(({ code, start }) => ({ code, start: start + bodyStart }));
  return { ...call, bodyText, bodyLine, expressions: [...call.expressions, ...moved], inBody: own.length };
}

function findInBody(
  find: (body: string) => readonly MagicExpression[],
  body: string,
  line: number,
): readonly MagicExpression[] {
  try {
    return find(body);
  } catch (error) {
    throw error instanceof UsageError ? inCell(error, line) : error;
  }
}

function inCell({ code, message, hint, at, cause }: UsageError, line: number): UsageError {
  return new UsageError(code, message, { ...(hint && { hint }), ...(at && { at: { ...at, line } }), cause });
}

function hasCode({ name, known }: MagicCall, table: MagicTable): boolean {
  const body = findMagic(table, "%%", name)?.body;
  return known && (body === "session" || body === "function");
}

/** In the prologue an unregistered `%name` is a magic too, an unknown one; later it is code. */
function magicAt(line: Line, table: MagicTable, inPrologue: boolean, source: string): MagicCall | undefined {
  const common = { line: line.text, start: line.start, words: [], expressions: [], rest: "", known: true };
  if (inPrologue && SHELL.test(line.text)) {
    const expressions = findExpressions(line.text, 1, line.start);
    return { ...common, name: "!", sign: "!", expressions, rest: line.text.slice(1) };
  }
  const asked = helpOn(line, source, inPrologue, table);
  if (asked !== undefined) return { ...common, name: asked, sign: "?" };
  const match = MAGIC.exec(line.text);
  if (!match) return undefined;
  const [head, sign, name = ""] = match as unknown as [string, "%" | "%%", string];
  const shape = findMagic(table, sign, name);
  if (!inPrologue && (!shape || sign === "%%")) return undefined;
  const words = shape?.raw ? {} : readWords(line, head.length, shape !== undefined);
  const known = shape?.forms.includes(sign) ?? false;
  return { ...common, name, sign, ...words, rest: line.text.slice(head.length).trim(), known };
}

/** That an unknown magic does not exist matters more than its quotes. */
function readWords({ text, start }: Line, from: number, isKnown: boolean): Partial<ReturnType<typeof splitWords>> {
  try {
    return splitWords(text, from, start);
  } catch (error) {
    if (isKnown) throw error;
    return {};
  }
}

/**
 * `name?` and, below code, `?name` may be part of a conditional expression: they are questions where no code follows, but for other lines like them.
 * In the prologue `?name` and `%name?` are no TypeScript; below code `??name` is.
 */
function helpOn({ text, end }: Line, source: string, inPrologue: boolean, table: MagicTable): string | undefined {
  const match = HELP.exec(text);
  const name = match?.[1] ?? match?.[2];
  const isNoCode = match?.[2] !== undefined || name?.startsWith("%") === true;
  if (name === undefined || (inPrologue && isNoCode)) return name;
  if (text.startsWith("??")) return undefined;
  for (const { text: next } of linesOf(source.slice(end))) {
    if (inPrologue ? /^[%!?]/.test(next) : isRegistered(next, table)) return name;
    if (/^\s*(?:$|\/\/)/.test(next) || HELP.test(next)) continue;
    return undefined;
  }
  return name;
}

function isRegistered(line: string, table: MagicTable): boolean {
  const [, sign, name = ""] = MAGIC.exec(line) ?? [];
  return sign === "%" && findMagic(table, sign, name) !== undefined;
}

function* linesOf(source: string): Generator<Line> {
  for (let start = 0; start <= source.length; ) {
    const found = source.indexOf("\n", start);
    const stop = found < 0 ? source.length : found;
    yield { text: source.slice(start, stop).replace(/\r$/, ""), start, end: Math.min(stop + 1, source.length) };
    start = stop + 1;
  }
}
