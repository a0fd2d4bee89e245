import { findMagic, type MagicTable } from "./magic-call.ts";
import { type SplitCell, splitCell } from "./split.ts";
import { type ParseFailure, parse } from "./tree.ts";
import { cellTexts, type UnitText } from "./unit-text.ts";

interface Completeness {
  readonly status: "complete" | "incomplete" | "invalid";
  /** What the next line should start with, when incomplete. */
  readonly indent?: string | undefined;
}

/**
 * Whether a console may run the text: incomplete when its fault is that it ends too early.
 *
 * @example
 * isComplete("function f() {"); // { status: "incomplete", indent: "  " }
 */
export function isComplete(code: string, magics: MagicTable = new Map()): Completeness {
  const split = splitOrNone(code, magics);
  if (!split) return { status: "invalid" };
  if (lacksBody(split, magics)) return { status: "incomplete", indent: "" };
  const { main, bodies } = cellTexts(split, magics);
  const judged = [
    judge(main),
    ...[...bodies].map(([index, text]) => {
      const status = judge(text);
      // A line magic ends with its line.
      return status === "incomplete" && split.magics[index]?.sign === "%" ? "invalid" : status;
    }),
  ];
  if (judged.includes("invalid")) return { status: "invalid" };
  return judged.includes("incomplete") ? { status: "incomplete", indent: indentAfter(code) } : { status: "complete" };
}

/** A malformed magic line does not get better by more lines. */
function splitOrNone(code: string, magics: MagicTable): SplitCell | undefined {
  try {
    return splitCell(code, magics);
  } catch {
    return undefined;
  }
}

function lacksBody({ source, magics, stack, bodyStart }: SplitCell, table: MagicTable): boolean {
  const innermost = magics[stack.at(-1) ?? -1];
  if (!innermost?.known || /(?:^|\s)(?:-h|--help)(?:\s|$)/.test(innermost.line)) return false;
  const needsBody = (findMagic(table, innermost.sign, innermost.name)?.body ?? "none") !== "none";
  return needsBody && source.slice(bodyStart).trim() === "";
}

function judge({ code, kind }: UnitText): Completeness["status"] {
  const { failure } = parse(code);
  if (!failure) return "complete";
  // An open bracket of a body swallows the one that closes its function.
  const end = kind === "function" ? code.trimEnd().length - "})".length : code.length;
  if (endsEarly(code, end, failure) || lacksValue(code, end)) return "incomplete";
  if (!code.trimStart().startsWith("{")) return "invalid";
  // `{ a: 1,` fails as a block before it ends: it may become an object.
  const asObject = parse(`(${code}`).failure;
  return asObject && endsEarly(`(${code}`, code.length + 1, asObject) ? "incomplete" : "invalid";
}

const VALUE = "\n0";

/** An arrow function without its body fails where its parameters begin. */
function lacksValue(code: string, end: number): boolean {
  const whole = `${code.slice(0, end)}${VALUE}${code.slice(end)}`;
  const { failure } = parse(whole);
  return !failure || endsEarly(whole, end + VALUE.length, failure);
}

function endsEarly(code: string, end: number, { message, offset }: ParseFailure): boolean {
  if (/^Unterminated multiline comment/.test(message)) return true;
  // A template: before its first `${`, or behind one.
  if (/^Unterminated string/.test(message)) return code[offset] === "`" || code[offset] === "}";
  if (/^Unterminated regular/.test(message)) return false;
  if (/^Identifier expected after '\?\.'/.test(message)) return code.slice(offset + "?.".length, end).trim() === "";
  return /found `EOF`/.test(message) || code.slice(offset, end).trim() === "";
}

function indentAfter(code: string): string {
  const line = code.trimEnd().split("\n").at(-1) ?? "";
  const indent = /^\s*/.exec(line)?.[0] ?? "";
  return /[{([]$/.test(line) ? `${indent}  ` : indent;
}
