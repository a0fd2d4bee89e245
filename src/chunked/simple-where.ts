import type { ColumnTest, Comparison } from "../scan/request.ts";

/** A word of a condition: a name, a number, a text in single quotes, or a sign. */
interface Token {
  readonly kind: "name" | "number" | "text" | "sign";
  readonly text: string;
  readonly isQuoted: boolean;
}

interface TypedColumn {
  readonly name: string;
  /** pandas' name. */
  readonly type: string;
}

type Literal = number | bigint | string | boolean | Date;

const COMPARISONS: Readonly<Record<string, Comparison>> = {
  "=": "=",
  "==": "=",
  "<>": "!=",
  "!=": "!=",
  "<": "<",
  "<=": "<=",
  ">": ">",
  ">=": ">=",
};

/**
 * A condition in SQL as tests of single columns that must all hold; undefined when it says more than that (OR, functions,
 * arithmetic, two columns, a literal of another type), which only an engine with SQL can do.
 *
 * @example
 * simpleWhere("amount > 10 AND city IN ('Oslo', 'Rome')", columns); // two tests
 */
export function simpleWhere(where: string, columns: readonly TypedColumn[]): readonly ColumnTest[] | undefined {
  const tokens = tokensOf(where);
  if (tokens === undefined) return undefined;
  const parser = new Parser(tokens, columns);
  try {
    return parser.all();
  } catch (error) {
    if (error === NOT_SIMPLE) return undefined;
    throw error;
  }
}

const NOT_SIMPLE = Symbol("not simple");

class Parser {
  readonly #tokens: readonly Token[];
  readonly #columns: readonly TypedColumn[];
  #at = 0;

  constructor(tokens: readonly Token[], columns: readonly TypedColumn[]) {
    this.#tokens = tokens;
    this.#columns = columns;
  }

  all(): ColumnTest[] {
    const tests = this.#conjunction();
    if (this.#at < this.#tokens.length) throw NOT_SIMPLE;
    return tests;
  }

  #conjunction(): ColumnTest[] {
    const tests = this.#test();
    while (this.#takes("and")) tests.push(...this.#test());
    return tests;
  }

  #test(): ColumnTest[] {
    if (this.#takes("(")) {
      const inner = this.#conjunction();
      this.#expect(")");
      return inner;
    }
    const column = this.#column();
    if (this.#takes("is")) {
      const isNot = this.#takes("not");
      this.#expect("null");
      return [{ column: column.name, test: isNot ? "not null" : "null" }];
    }
    const isNot = this.#takes("not");
    if (this.#takes("in")) return [this.#list(column, isNot)];
    if (isNot) throw NOT_SIMPLE;
    if (this.#takes("between")) {
      const low = this.#literal(column);
      this.#expect("and");
      return [
        { column: column.name, test: ">=", value: low },
        { column: column.name, test: "<=", value: this.#literal(column) },
      ];
    }
    const sign = this.#tokens[this.#at++];
    const test = sign?.kind === "sign" && Object.hasOwn(COMPARISONS, sign.text) ? COMPARISONS[sign.text] : undefined;
    if (test === undefined) throw NOT_SIMPLE;
    return [{ column: column.name, test, value: this.#literal(column) }];
  }

  #list(column: TypedColumn, isNot: boolean): ColumnTest {
    this.#expect("(");
    const values: (number | bigint | string)[] = [];
    do {
      const value = this.#literal(column);
      if (typeof value === "boolean" || value instanceof Date) throw NOT_SIMPLE;
      values.push(value);
    } while (this.#takes(","));
    this.#expect(")");
    return { column: column.name, test: isNot ? "not in" : "in", values };
  }

  /** SQL knows names in any case; quoted ones, too. */
  #column(): TypedColumn {
    const token = this.#tokens[this.#at++];
    if (token?.kind !== "name") throw NOT_SIMPLE;
    const exact = this.#columns.find(({ name }) => name === token.text);
    const alike = this.#columns.filter(({ name }) => name.toLowerCase() === token.text.toLowerCase());
    const column = exact ?? (alike.length === 1 ? alike[0] : undefined);
    if (column === undefined) throw NOT_SIMPLE;
    return column;
  }

  #literal({ type }: TypedColumn): Literal {
    const isNegative = this.#takes("-");
    const token = this.#tokens[this.#at++];
    if (token === undefined) throw NOT_SIMPLE;
    if (token.kind === "number" && /^(u?int|float|decimal)/.test(type)) return numberOf(token.text, isNegative);
    if (isNegative) throw NOT_SIMPLE;
    if (token.kind === "text" && /^(str|category)$/.test(type)) return token.text;
    if (token.kind === "text" && /^date/.test(type)) return dateOf(token.text, type);
    const word = token.kind === "name" && !token.isQuoted ? token.text.toLowerCase() : "";
    if (type === "bool" && (word === "true" || word === "false")) return word === "true";
    throw NOT_SIMPLE;
  }

  /** A sign or a word of SQL, in any case. */
  #takes(text: string): boolean {
    const token = this.#tokens[this.#at];
    const isIt = token !== undefined && !token.isQuoted && token.kind !== "text" && token.text.toLowerCase() === text;
    if (isIt) this.#at++;
    return isIt;
  }

  #expect(text: string): void {
    if (!this.#takes(text)) throw NOT_SIMPLE;
  }
}

function numberOf(text: string, isNegative: boolean): number | bigint {
  const number = Number(text) * (isNegative ? -1 : 1);
  if (!/^\d+$/.test(text) || Number.isSafeInteger(number)) return number;
  return isNegative ? -BigInt(text) : BigInt(text);
}

/** Only the forms that every engine reads alike. */
function dateOf(text: string, type: string): Date {
  const isDay = /^\d{4}-\d\d-\d\d$/.test(text);
  const isTime = type !== "date" && /^\d{4}-\d\d-\d\d[ T]\d\d:\d\d(:\d\d(\.\d{1,3})?)?$/.test(text);
  if (!isDay && !isTime) throw NOT_SIMPLE;
  const date = new Date(isDay ? `${text}T00:00:00Z` : `${text.replace(" ", "T")}Z`);
  // Such as 30 February: the engine says what is wrong with it.
  if (Number.isNaN(date.getTime()) || date.toISOString().slice(0, 10) !== text.slice(0, 10)) throw NOT_SIMPLE;
  return date;
}

function tokensOf(where: string): Token[] | undefined {
  const pattern =
    /\s+|"((?:[^"]|"")*)"|'((?:[^']|'')*)'|(\d+(?:\.\d*)?(?:[eE][+-]?\d+)?|\.\d+)|([\p{L}_][\p{L}\p{N}_]*)|(<>|!=|<=|>=|==|[=<>(),-])/uy;
  const tokens: Token[] = [];
  while (pattern.lastIndex < where.length) {
    const match = pattern.exec(where);
    if (match === null) return undefined;
    const [, quotedName, text, number, name, sign] = match;
    if (quotedName !== undefined) tokens.push({ kind: "name", text: quotedName.replaceAll('""', '"'), isQuoted: true });
    else if (text !== undefined) tokens.push({ kind: "text", text: text.replaceAll("''", "'"), isQuoted: true });
    else if (number !== undefined) tokens.push({ kind: "number", text: number, isQuoted: false });
    else if (name !== undefined) tokens.push({ kind: "name", text: name, isQuoted: false });
    else if (sign !== undefined) tokens.push({ kind: "sign", text: sign, isQuoted: false });
  }
  return tokens;
}
