import type { Case, Expression, Sign } from "./expression.ts";
import { RESERVED } from "./sql-names.ts";
import { type SqlToken, sqlTokens } from "./sql-tokens.ts";

/** Binding least first. */
const LEVELS: readonly (readonly string[])[] = [["||"], ["+", "-"], ["*", "/", "%"]];
const COMPARISONS: Readonly<Record<string, Sign>> = {
  "=": "=",
  "==": "=",
  "<>": "<>",
  "!=": "<>",
  "<": "<",
  "<=": "<=",
  ">": ">",
  ">=": ">=",
};
/** What lies deeper is left to an engine's own parser: reading and writing go down one call for each level. */
const DEEPEST = 200;

/**
 * Reads an expression; undefined when it says something that is not known to mean the same everywhere. Names become those of
 * `columns`, which SQL knows in any case.
 *
 * @example
 * parseExpression("amount > 10 AND city IN ('Oslo', 'Rome')", ["amount", "City"])?.kind; // "binary"
 */
export function parseExpression(sql: string, columns: Iterable<string>): Expression | undefined {
  return parse(sql, columns)?.expression;
}

/** The expression with its columns in quotes, since a column may be called like a word of the language; as it is where it cannot be read. */
export function withQuotedColumns(sql: string, columns: Iterable<string>): string {
  let quoted = sql;
  // From the end, so that places before it stay.
  for (const { name, start, end } of parse(sql, columns)?.places.reverse() ?? [])
    quoted = `${quoted.slice(0, start)}"${name.replaceAll('"', '""')}"${quoted.slice(end)}`;
  return quoted;
}

interface Place {
  readonly name: string;
  readonly start: number;
  readonly end: number;
}

function parse(
  sql: string,
  columns: Iterable<string>,
): { readonly expression: Expression; readonly places: Place[] } | undefined {
  const tokens = sqlTokens(sql);
  if (tokens === undefined) return undefined;
  try {
    const parser = new Parser(tokens, [...columns]);
    return { expression: parser.whole(), places: parser.places };
  } catch (error) {
    if (error === ODD) return undefined;
    throw error;
  }
}

const ODD = Symbol("an expression that not all engines know");

/** Halves of halves, so that thousands of conditions are a dozen deep. */
function joined(sign: "and" | "or", parts: readonly Expression[]): Expression {
  if (parts.length === 1) return parts[0] as Expression;
  const middle = Math.ceil(parts.length / 2);
  return {
    kind: "binary",
    sign,
    left: joined(sign, parts.slice(0, middle)),
    right: joined(sign, parts.slice(middle)),
  };
}

class Parser {
  readonly #tokens: readonly SqlToken[];
  readonly #columns: readonly string[];
  /** Where columns stand. */
  readonly places: Place[] = [];
  #at = 0;
  #depth = 0;
  /** Sums and products are as deep as they are long. */
  #operators = 0;

  constructor(tokens: readonly SqlToken[], columns: readonly string[]) {
    this.#tokens = tokens;
    this.#columns = columns;
  }

  whole(): Expression {
    const expression = this.#any();
    if (this.#at < this.#tokens.length) throw ODD;
    return expression;
  }

  #any(): Expression {
    const parts = [this.#all()];
    while (this.#takes("or")) parts.push(this.#all());
    return joined("or", parts);
  }

  #all(): Expression {
    const parts = [this.#negation()];
    while (this.#takes("and")) parts.push(this.#negation());
    return joined("and", parts);
  }

  #negation(): Expression {
    return this.#takes("not") ? { kind: "not", of: this.#deeper(() => this.#negation()) } : this.#test();
  }

  #test(): Expression {
    const of = this.#sum(0);
    if (this.#takes("is")) {
      const isNot = this.#takes("not");
      this.#expect("null");
      return { kind: "is null", of, isNot };
    }
    const isNot = this.#takes("not");
    if (this.#takes("in")) return { kind: "in", of, list: this.#list(), isNot };
    if (this.#takes("like")) return { kind: "like", of, pattern: this.#pattern(), isNot };
    if (this.#takes("between")) {
      const low = this.#sum(0);
      this.#expect("and");
      return { kind: "between", of, low, high: this.#sum(0), isNot };
    }
    if (isNot) throw ODD;
    const token = this.#tokens[this.#at];
    const sign = token?.kind === "sign" && Object.hasOwn(COMPARISONS, token.text) ? COMPARISONS[token.text] : undefined;
    if (sign === undefined) return of;
    this.#at++;
    return { kind: "binary", sign, left: of, right: this.#sum(0) };
  }

  #sum(level: number): Expression {
    const signs = LEVELS[level];
    if (signs === undefined) return this.#signed();
    let left = this.#sum(level + 1);
    for (let token = this.#sign(signs); token; token = this.#sign(signs)) {
      if (++this.#operators > DEEPEST) throw ODD;
      left = { kind: "binary", sign: token, left, right: this.#sum(level + 1) };
    }
    return left;
  }

  #sign(signs: readonly string[]): Sign | undefined {
    const token = this.#tokens[this.#at];
    if (token?.kind !== "sign" || !signs.includes(token.text)) return undefined;
    this.#at++;
    return token.text as Sign;
  }

  #signed(): Expression {
    return this.#takes("-") ? { kind: "negative", of: this.#deeper(() => this.#signed()) } : this.#one();
  }

  #one(): Expression {
    if (this.#takes("(")) {
      const inner = this.#deeper(() => this.#any());
      this.#expect(")");
      return inner;
    }
    if (this.#takes("case")) return this.#deeper(() => this.#case());
    const token = this.#tokens[this.#at++];
    if (token === undefined) throw ODD;
    if (token.kind === "number") return { kind: "number", text: token.text };
    if (token.kind === "text") return { kind: "text", value: token.text };
    if (token.kind === "sign") throw ODD;
    const word = token.text.toLowerCase();
    if (token.isQuoted) return this.#column(token);
    if (this.#takes("(")) return this.#call(word);
    if (word === "true" || word === "false" || word === "null") return { kind: "word", word };
    if (RESERVED.has(word)) throw ODD;
    return this.#column(token);
  }

  /** SQL knows names in any case; quoted ones, too. */
  #column({ text, start, end }: SqlToken): Expression {
    const alike = this.#columns.filter((name) => name.toLowerCase() === text.toLowerCase());
    const name = this.#columns.includes(text) ? text : alike.length === 1 ? alike[0] : undefined;
    if (name === undefined) throw ODD;
    this.places.push({ name, start, end });
    return { kind: "column", name };
  }

  #call(name: string): Expression {
    if (this.#takes(")")) return { kind: "call", name, values: [] };
    this.#at--;
    return { kind: "call", name, values: this.#list() };
  }

  #list(): Expression[] {
    this.#expect("(");
    const list: Expression[] = [];
    do list.push(this.#deeper(() => this.#any()));
    while (this.#takes(","));
    this.#expect(")");
    return list;
  }

  #pattern(): string {
    const token = this.#tokens[this.#at++];
    if (token?.kind !== "text") throw ODD;
    return token.text;
  }

  #case(): Expression {
    const cases: Case[] = [];
    while (this.#takes("when")) {
      const when = this.#any();
      this.#expect("then");
      cases.push({ when, result: this.#any() });
    }
    if (cases.length === 0) throw ODD;
    const otherwise = this.#takes("else") ? this.#any() : undefined;
    this.#expect("end");
    return { kind: "case", cases, otherwise };
  }

  #deeper<T>(read: () => T): T {
    if (++this.#depth > DEEPEST) throw ODD;
    const found = read();
    this.#depth--;
    return found;
  }

  /** A sign or a word of SQL, in any case. */
  #takes(text: string): boolean {
    const token = this.#tokens[this.#at];
    const isIt = token !== undefined && !token.isQuoted && token.kind !== "text" && token.text.toLowerCase() === text;
    if (isIt) this.#at++;
    return isIt;
  }

  #expect(text: string): void {
    if (!this.#takes(text)) throw ODD;
  }
}
