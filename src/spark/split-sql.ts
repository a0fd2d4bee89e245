import { UsageError } from "../errors.ts";
import { type SqlToken, sqlTokens } from "./sql-text.ts";

export interface SqlStatement {
  readonly text: string;
  /** Where `text` begins in what was split. */
  readonly start: number;
}

/**
 * The statements of a text: a semicolon ends one, but not in a string, a quoted name, a comment or a `BEGIN … END` block. What holds
 * comments alone is no statement.
 *
 * @throws {UsageError} E_SQL_UNCLOSED for a quote or comment without end
 * @example
 * splitSql("SELECT ';' AS a; SELECT 2").map(({ text }) => text); // ["SELECT ';' AS a", "SELECT 2"]
 */
export function splitSql(sql: string): readonly SqlStatement[] {
  const statements: SqlStatement[] = [];
  let block = new Block();
  let first: SqlToken | undefined;
  let last: SqlToken | undefined;
  const close = (): void => {
    if (first && last) statements.push({ text: sql.slice(first.start, last.end), start: first.start });
    [first, last, block] = [undefined, undefined, new Block()];
  };
  for (const token of sqlTokens(sql)) {
    if (token.open) throw unclosed(sql, token);
    if (token.kind === "comment") continue;
    const text = sql.slice(token.start, token.end);
    if (text === ";" && !block.isOpen) {
      close();
      continue;
    }
    block.take(token.kind === "word" ? text.toUpperCase() : text);
    first ??= token;
    last = token;
  }
  close();
  return statements;
}

const AFTER_END = new Set(["IF", "WHILE", "LOOP", "REPEAT", "FOR"]);

/** How deep in a compound statement the text is. Loops and conditions stand only inside of one, so `BEGIN` and `CASE` are all that counts. */
class Block {
  #depth = 0;
  #words = 0;
  #before = "";
  /** `END` may be the end of a loop: its next word tells. */
  #ended = false;

  get isOpen(): boolean {
    return this.#depth - (this.#ended ? 1 : 0) > 0;
  }

  take(word: string): void {
    if (this.#ended) {
      this.#ended = false;
      if (!AFTER_END.has(word)) this.#depth--;
      if (word === "CASE") return this.#next(word);
    }
    const isName = this.#before === "." || this.#before === "AS";
    // A block is a statement of its own, perhaps with a label.
    const starts = this.#words === 0 || (this.#words === 2 && this.#before === ":");
    if (word === "BEGIN" && !isName && (starts || this.#depth > 0)) this.#depth++;
    else if (this.#depth > 0 && !isName && word === "CASE") this.#depth++;
    else if (this.#depth > 0 && !isName && word === "END") this.#ended = true;
    this.#next(word);
  }

  #next(word: string): void {
    this.#before = word;
    this.#words++;
  }
}

function unclosed(sql: string, { kind, start }: SqlToken): UsageError {
  const what = kind === "comment" ? "/*" : kind === "bound" ? "${" : (sql[start] ?? "");
  return new UsageError("E_SQL_UNCLOSED", `${what} is never closed`, {
    hint: `close it with ${kind === "comment" ? "*/" : kind === "bound" ? "}" : what}`,
    at: { text: sql, start, end: start + what.length },
  });
}
