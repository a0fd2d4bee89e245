/** The parser is native: nested some thousands deep it overflows its stack and takes the process with it. */
const DEEPEST = 2000;
/** What nests on its left (`a + b + c`, `a.b.c`, `f()()`) takes the parser less. */
const LEFT = 1 / 8;

export const TOO_DEEP = "The code is nested too deeply";

/**
 * Where the code is nested deeper than the parser can take, by brackets or without (`a => a => …`, `!!!…`, `if (a) if (a) …`). An
 * estimate from the tokens alone, since only a parser knows better: never too low for what overflows, and far above what people write.
 */
export function tooDeepAt(code: string): number | undefined {
  if (code.length < DEEPEST) return undefined;
  // Each step on a cell's way asks for the same text.
  if (latest?.code !== code) latest = { code, at: search(code) };
  return latest.at;
}

let latest: { readonly code: string; readonly at: number | undefined } | undefined;

function search(code: string): number | undefined {
  const open: Open[] = [];
  /** Of the statement, or of the place in brackets, that is being read. */
  let chain = 0;
  let depth = 0;
  let previous: Token = { text: ";", kind: "sign", at: 0 };
  let awaited = "";
  const add = (levels: number): void => {
    chain += levels;
    depth += levels;
  };
  for (const token of tokensOf(code)) {
    const { text, kind, at } = token;
    if (startsAnew(previous, token, open.at(-1))) add(-chain);
    if (kind === "open") {
      open.push({ chain, isHead: HEADS.has(awaited), text });
      chain = 0;
      depth++;
    } else if (kind === "close") {
      const { chain: outer, isHead } = open.pop() ?? { chain: 0, isHead: false };
      depth -= chain + 1;
      chain = outer;
      if (depth < 0) depth = chain;
      add(LEFT);
      token.isHead = isHead;
    } else add(levelsOf(token, previous));
    if (depth > DEEPEST) return at;
    if (text !== "await" || awaited !== "for") awaited = text;
    previous = token;
  }
  return undefined;
}

function levelsOf({ text, kind }: Token, previous: Token): number {
  if (kind === "value") return endsOperand(previous) ? LEFT : 0;
  if (kind === "word") return PREFIXES.has(text) ? 1 : CONTINUES.has(text) ? LEFT : 0;
  if (text === ";" || text === ",") return 0;
  return NESTS_RIGHT.has(text) || !endsOperand(previous) ? 1 : LEFT;
}

interface Open {
  readonly chain: number;
  readonly isHead: boolean;
  readonly text: string;
}

interface Token {
  readonly text: string;
  readonly kind: "word" | "value" | "open" | "close" | "sign";
  readonly at: number;
  /** A line break stands before it. */
  readonly newLine?: boolean;
  /** Closes the head of an `if` or a loop, after which the statement goes on. */
  isHead?: boolean;
}

/** A statement may follow their brackets. */
const HEADS = new Set(["if", "for", "while", "with"]);

/** Words that what follows hangs on. */
const PREFIXES = new Set(
  "abstract await class delete do else extends export for if infer keyof new readonly return throw typeof unique void while with yield".split(
    " ",
  ),
);

const NESTS_RIGHT = new Set(["=>", "?", ":", "=", "**", "<", "...", "@"]);

/** After these words a statement goes on in a new line. */
const CONTINUES = new Set("as catch else extends finally implements in instanceof is of satisfies while".split(" "));

/** A new statement or a new element: what stood before it no longer nests around it. */
function startsAnew(previous: Token, { text, kind, newLine }: Token, within: Open | undefined): boolean {
  if (previous.text === ",") return true;
  if (text === "else" || CONTINUES.has(text)) return false;
  if (previous.text === ";") return true;
  if (within !== undefined && within.text !== "{" && within.text !== "${") return false;
  if (kind !== "word" && kind !== "value") return false;
  return previous.text === "}" || (newLine === true && endsOperand(previous) && !previous.isHead);
}

function endsOperand({ text, kind }: Token): boolean {
  return kind === "value" || kind === "close" || (kind === "word" && !PREFIXES.has(text) && !CONTINUES.has(text));
}

const TOKEN = new RegExp(
  [
    String.raw`(\s{1,1000})`,
    String.raw`(\d[\w.]*)`,
    String.raw`([\p{ID_Start}$_#\\][\p{ID_Continue}$\u200c\u200d\\]*)`,
    String.raw`(?:=>|\?\.(?!\d)|\.\.\.|\*\*|&&|\|\||\?\?|[=!]==?|[\s\S])`,
  ].join("|"),
  "uy",
);
const REGEX = /\/(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n[])+\/\w*/y;

/** Templates give their text as a value and `${` and `}` as brackets around what stands in them. */
function* tokensOf(code: string): Generator<Token> {
  const templates: boolean[] = [];
  let previous: Token = { text: ";", kind: "sign", at: 0 };
  let newLine = false;
  for (let at = 0; at < code.length; ) {
    const char = code[at] ?? "";
    if (char === "`" || (char === "}" && templates.at(-1))) {
      if (char === "}") {
        templates.pop();
        yield { text: "}", kind: "close", at };
      }
      const end = templateEnd(code, at + 1);
      const opens = code.startsWith("${", end);
      previous = { text: "`", kind: "value", at };
      yield previous;
      at = opens ? end + 2 : end + 1;
      if (!opens) continue;
      templates.push(true);
      previous = { text: "${", kind: "open", at };
      yield previous;
      continue;
    }
    const commentEnd = endOfComment(code, at);
    if (commentEnd !== undefined) {
      newLine ||= code.slice(at, commentEnd).includes("\n");
      at = commentEnd;
      continue;
    }
    if (char === '"' || char === "'") {
      previous = { text: char, kind: "value", at, newLine };
      yield previous;
      newLine = false;
      at = endOfText(code, at);
      continue;
    }
    if (char === "/" && !endsOperand(previous)) {
      REGEX.lastIndex = at;
      const length = REGEX.exec(code)?.[0].length;
      if (length !== undefined) {
        previous = { text: "/x/", kind: "value", at };
        yield previous;
        at += length;
        continue;
      }
    }
    TOKEN.lastIndex = at;
    const match = TOKEN.exec(code);
    const text = match?.[0] ?? char;
    const [, space, value, word] = match ?? [];
    if (space !== undefined) newLine ||= text.includes("\n");
    else {
      const kind = value !== undefined ? "value" : word !== undefined ? "word" : kindOf(text);
      if (text === "{") templates.push(false);
      if (text === "}") templates.pop();
      previous = { text, kind, at, newLine };
      yield previous;
      newLine = false;
    }
    at += text.length;
  }
}

function kindOf(sign: string): Token["kind"] {
  if (sign === "(" || sign === "[" || sign === "{") return "open";
  return sign === ")" || sign === "]" || sign === "}" ? "close" : "sign";
}

// By steps, not by an expression: for a comment or text of some million characters that has no stack.

function endOfComment(code: string, at: number): number | undefined {
  if (code.startsWith("//", at)) {
    const end = code.indexOf("\n", at);
    return end < 0 ? code.length : end;
  }
  if (!code.startsWith("/*", at)) return undefined;
  const close = code.indexOf("*/", at + 2);
  return close < 0 ? code.length : close + 2;
}

/** Behind the closing quote, or where the line ends before it. */
function endOfText(code: string, start: number): number {
  const quote = code[start];
  for (let at = start + 1; at < code.length; at++) {
    if (code[at] === "\\") at++;
    else if (code[at] === quote) return at + 1;
    else if (code[at] === "\n") return at;
  }
  return code.length;
}

/** The offset of the closing backtick or of `${`. */
function templateEnd(code: string, from: number): number {
  for (let at = from; at < code.length; at++) {
    if (code[at] === "\\") at++;
    else if (code[at] === "`" || code.startsWith("${", at)) return at;
  }
  return code.length;
}
