import type { MagicCall, MagicTable } from "./magic-call.ts";
import { isTopLevel } from "./top-level.ts";
import { splitWords } from "./words.ts";

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
}

const MAGIC = /^(%%?)([a-z][a-z0-9-]*)(?=\s|$|\?)/;
const SHELL = /^!(?![!=(\s])/;
const HELP = /^(?:(%{0,2}[\w$.-]+)\?{1,2}|\?{1,2}(%{0,2}[\w$.-]+))$/;

/**
 * Splits magics from the body of a cell. Magics stand in the prologue (magic lines, blank lines, comments); a `%` line may also stand
 * between statements, when its name is registered and no bracket is open. `%%name` takes the rest of the cell.
 *
 * @throws {UsageError} E_UNCLOSED
 * @example
 * splitCell("%time f()\n1 + 1", new Map([["time", { forms: ["%"], body: "session" }]])).magics.length; // 1
 */
export function splitCell(source: string, table: MagicTable): SplitCell {
  const help = helpCall(source);
  if (help) return { source, magics: [help], stack: [], bodyStart: source.length };
  const magics: MagicCall[] = [];
  const stack: number[] = [];
  let bodyStart = source.length;
  let codeFrom = 0;
  let inPrologue = true;
  for (const line of linesOf(source)) {
    const call = magicAt(line, table, inPrologue);
    if (call && (inPrologue || isTopLevel(source, codeFrom, line.start))) {
      const end = Math.min(line.start + line.text.length + 1, source.length);
      codeFrom = end;
      if (call.sign === "%%") {
        stack.push(magics.length);
        bodyStart = end;
      }
      magics.push(call);
    } else if (line.text.trim() !== "" && !line.text.startsWith("//")) {
      if (stack.length > 0) break;
      inPrologue = false;
    }
  }
  const bodyText = source.slice(bodyStart);
  return {
    source,
    magics: magics.map((call) => (call.sign === "%%" ? { ...call, bodyText } : call)),
    stack,
    bodyStart,
  };
}

/** `name?` and `?name` ask for help when they are the whole cell. */
function helpCall(source: string): MagicCall | undefined {
  const line = source.trim();
  const match = HELP.exec(line);
  const name = match?.[1] ?? match?.[2];
  if (name === undefined) return undefined;
  return { name, sign: "?", line, start: source.indexOf(line), words: [], expressions: [], rest: "", known: true };
}

/** In the prologue an unregistered `%name` is a magic too, an unknown one; later it is code. */
function magicAt(line: Line, table: MagicTable, inPrologue: boolean): MagicCall | undefined {
  if (SHELL.test(line.text)) {
    const { expressions, words } = splitWords(line.text, 1, line.start);
    return {
      name: "!",
      sign: "!",
      line: line.text,
      start: line.start,
      words,
      expressions,
      rest: line.text.slice(1),
      known: true,
    };
  }
  const match = MAGIC.exec(line.text);
  if (!match) return undefined;
  const [head, sign, name = ""] = match;
  const shape = table.get(name);
  if (!shape && !inPrologue) return undefined;
  if (sign === "%%" && !inPrologue) return undefined;
  const known = shape?.forms.includes(sign as "%" | "%%") ?? false;
  const words = shape?.raw ? { words: [], expressions: [] } : splitWords(line.text, head.length, line.start);
  return {
    name,
    sign: sign as "%" | "%%",
    line: line.text,
    start: line.start,
    ...words,
    rest: line.text.slice(head.length).trim(),
    known,
  };
}

function* linesOf(source: string): Generator<Line> {
  for (let start = 0; start <= source.length; ) {
    const end = source.indexOf("\n", start);
    const stop = end < 0 ? source.length : end;
    yield { text: source.slice(start, stop).replace(/\r$/, ""), start };
    start = stop + 1;
  }
}
