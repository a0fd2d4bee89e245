import { UsageError } from "../../src/errors.ts";
import type { MagicExpression, MagicWord, WordPart } from "./magic-call.ts";

/**
 * Words of a magic line from `from` on: split at blanks, quotes removed, `${…}` taken out as expressions.
 *
 * @throws {UsageError} E_UNCLOSED for a quote or `${` without end
 */
export function splitWords(
  line: string,
  from: number,
  lineStart: number,
): { readonly words: readonly MagicWord[]; readonly expressions: readonly MagicExpression[] } {
  const words: MagicWord[] = [];
  const expressions: MagicExpression[] = [];
  let at = from;
  while (at < line.length) {
    if (/\s/.test(line[at] ?? "")) at++;
    else {
      const word = readWord(line, at, lineStart, expressions);
      words.push(word);
      at = word.end;
    }
  }
  return { words, expressions };
}

/** Only the `${…}` expressions of a line that is not Outgrow's to read: a shell command keeps its own quotes. */
export function findExpressions(line: string, from: number, lineStart: number): readonly MagicExpression[] {
  const expressions: MagicExpression[] = [];
  for (let at = from; at < line.length; at++) {
    if (line[at] === "\\") at++;
    else if (line.startsWith("${", at)) at = readExpression(line, at, lineStart, expressions);
  }
  return expressions;
}

/** Gives the offset of its closing brace. */
function readExpression(line: string, at: number, lineStart: number, expressions: MagicExpression[]): number {
  const end = expressionEnd(line, at + 2);
  if (end === undefined) throw unclosed(line, at, "${", "close it with }");
  expressions.push({ code: line.slice(at + 2, end), start: lineStart + at + 2 });
  return end;
}

function readWord(line: string, start: number, lineStart: number, expressions: MagicExpression[]): MagicWord {
  const parts: WordPart[] = [];
  let text = "";
  let quote: string | undefined;
  let quoteStart = start;
  let quoted = false;
  let at = start;
  const closeText = (): void => {
    if (text !== "") parts.push({ text });
    text = "";
  };
  for (; at < line.length; at++) {
    const char = line[at] ?? "";
    if (quote === undefined && /\s/.test(char)) break;
    if (
      char === "\\" &&
      (line.startsWith("${", at + 1) ||
        line[at + 1] === quote ||
        (quote === undefined && /["'\s]/.test(line[at + 1] ?? "")))
    ) {
      text += line[++at];
    } else if (line.startsWith("${", at)) {
      closeText();
      parts.push({ expression: expressions.length });
      at = readExpression(line, at, lineStart, expressions);
    } else if (quote === char) quote = undefined;
    else if (quote === undefined && (char === '"' || char === "'")) {
      quote = char;
      quoteStart = at;
      quoted = true;
    } else text += char;
  }
  if (quote !== undefined) throw unclosed(line, quoteStart, quote, `close it with ${quote}`);
  closeText();
  return { parts, start, end: at, quoted };
}

/** The offset of the brace that closes an expression, past nested braces, strings and templates. */
function expressionEnd(line: string, from: number): number | undefined {
  let depth = 0;
  for (let at = from; at < line.length; at++) {
    const char = line[at] ?? "";
    if (char === "{") depth++;
    else if (char === "}" && depth-- === 0) return at;
    else if (char === '"' || char === "'" || char === "`") {
      const end = stringEnd(line, at + 1, char);
      if (end === undefined) return undefined;
      at = end;
    }
  }
  return undefined;
}

function stringEnd(line: string, from: number, quote: string): number | undefined {
  for (let at = from; at < line.length; at++) {
    if (line[at] === "\\") at++;
    else if (line[at] === quote) return at;
    else if (quote === "`" && line.startsWith("${", at)) {
      const end = expressionEnd(line, at + 2);
      if (end === undefined) return undefined;
      at = end;
    }
  }
  return undefined;
}

function unclosed(line: string, at: number, what: string, hint: string): UsageError {
  return new UsageError("E_UNCLOSED", `${what} is never closed`, {
    hint,
    at: { text: line, start: at, end: at + what.length },
  });
}
