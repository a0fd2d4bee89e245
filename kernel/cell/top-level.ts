/**
 * Whether code from `from` (a top-level place) is at the top level again at `to`: no bracket open, in no string, template or comment.
 * A light scanner: it must be right for code that parses, and is never asked about more than where a line starts.
 */
export function isTopLevel(text: string, from: number, to: number): boolean {
  const open: string[] = [];
  let at = from;
  let previous = "";
  while (at < to) {
    const char = text[at] ?? "";
    const inTemplate = open.at(-1) === "`";
    if (inTemplate) {
      if (char === "\\") at++;
      else if (char === "`") open.pop();
      else if (text.startsWith("${", at)) {
        open.push("{");
        at++;
      }
      previous = "`";
    } else if (text.startsWith("//", at)) {
      at = endOr(text.indexOf("\n", at), text.length) - 1;
    } else if (text.startsWith("/*", at)) {
      at = endOr(text.indexOf("*/", at + 2), text.length) + 1;
    } else if (char === '"' || char === "'") {
      at = skipQuoted(text, at);
      previous = char;
    } else if (char === "/" && startsRegex(previous)) {
      at = skipRegex(text, at);
      previous = "/x";
    } else {
      let closed: string | undefined;
      if (char === "(") open.push(BEFORE_CONDITION.has(previous) ? "if(" : char);
      else if (char === "`" || char === "[" || char === "{") open.push(char);
      else if (char === ")" || char === "]" || char === "}") closed = open.pop();
      if (closed === "if(") previous = "do";
      else if (/[\w$]/.test(char))
        previous = /[\w$]$/.test(previous) && /[\w$]/.test(text[at - 1] ?? "") ? previous + char : char;
      else if (!/\s/.test(char)) previous = char;
    }
    at++;
  }
  return open.length === 0 && at === to;
}

const BEFORE_REGEX = new Set([
  "return",
  "typeof",
  "case",
  "in",
  "of",
  "delete",
  "void",
  "throw",
  "await",
  "yield",
  "else",
  "do",
]);

/** After the closing bracket of their head a statement starts, and so may a regular expression. */
const BEFORE_CONDITION = new Set(["if", "while", "for", "with"]);

/** A slash after an operator, an opening bracket or one of a few words starts a regular expression; else it divides. */
function startsRegex(previous: string): boolean {
  return previous === "" || BEFORE_REGEX.has(previous) || /^[([{,;:=!&|?+\-*%~^<>]$/.test(previous);
}

function skipQuoted(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at++) {
    if (text[at] === "\\") at++;
    else if (text[at] === text[start] || text[at] === "\n") return at;
  }
  return text.length;
}

function skipRegex(text: string, start: number): number {
  let inClass = false;
  for (let at = start + 1; at < text.length; at++) {
    const char = text[at];
    if (char === "\\") at++;
    else if (char === "\n") return at - 1;
    else if (char === "[") inClass = true;
    else if (char === "]") inClass = false;
    else if (char === "/" && !inClass) return at;
  }
  return text.length;
}

function endOr(found: number, otherwise: number): number {
  return found < 0 ? otherwise : found;
}
