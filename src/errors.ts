/** A stretch of something that the user typed, for the caret under the wrong word. Offsets are UTF-16. */
export interface Span {
  readonly text: string;
  readonly start: number;
  readonly end: number;
  /** The line of the cell, from 1, with which `text` begins, where it is known. */
  readonly line?: number | undefined;
}

export interface ErrorDetails {
  /** What to do next, one sentence. */
  readonly hint?: string;
  readonly cause?: unknown;
  /** Where in the user's text the fault is. */
  readonly at?: Span;
}

/**
 * The base of every failure of Outgrow: one class for each kind of next step, a stable `code`, a `hint` that says the fix.
 *
 * @example
 * new UsageError("E_NO_FILE", 'no file "sales.csv"', { hint: 'did you mean "sales_2025.csv"?' }).code; // "E_NO_FILE"
 */
export abstract class OutgrowError extends Error {
  abstract override readonly name: string;
  readonly code: `E_${string}`;
  readonly hint: string | undefined;
  readonly at: Span | undefined;

  constructor(code: `E_${string}`, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.hint = details.hint;
    this.at = details.at;
  }
}

/** Mend the line: a missing file, column or option, a malformed magic. */
export class UsageError extends OutgrowError {
  override readonly name = "UsageError";
}

/** The same with another hint. */
export function withHint({ code, message, at, cause }: UsageError, hint: string): UsageError {
  return new UsageError(code, message, { ...(at && { at }), cause, hint });
}

/** Mend the data: what the content of a source does not allow. */
export class DataError extends OutgrowError {
  override readonly name = "DataError";
}

/** Mend the query: what an engine refused, in its own words. */
export class EngineError extends OutgrowError {
  override readonly name = "EngineError";
}

/** Reconnect or restart: a process or server that does not answer. */
export class ConnectionError extends OutgrowError {
  override readonly name = "ConnectionError";
}

/** Use less memory: the work was stopped before the process died; variables are kept. */
export class MemoryLimitError extends OutgrowError {
  override readonly name = "MemoryLimitError";
}

/** The user pressed Stop. */
export class Interrupted extends OutgrowError {
  override readonly name = "Interrupted";

  constructor(message = "stopped by the user", details: ErrorDetails = {}) {
    super("E_INTERRUPTED", message, details);
  }
}

/** Ours to mend: something that cannot happen did. */
export class KernelBug extends OutgrowError {
  override readonly name = "KernelBug";

  constructor(message: string, details: ErrorDetails = {}) {
    super("E_KERNEL_BUG", message, {
      hint: "this is a fault of Outgrow, please report it with the cell that showed it",
      ...details,
    });
  }
}

/**
 * The names of `known` that look like `given`, nearest first, for "did you mean".
 *
 * @example
 * nearest("amout", ["amount", "user_id"]); // ["amount"]
 */
export function nearest(given: string, known: Iterable<string>, most = 3): string[] {
  const limit = Math.max(1, Math.floor(given.length / 3));
  return [...known]
    .map((name) => ({ name, distance: editDistance(given.toLowerCase(), name.toLowerCase()) }))
    .filter(({ name, distance }) => distance <= limit || name.toLowerCase().startsWith(given.toLowerCase()))
    .sort((a, b) => a.distance - b.distance)
    .slice(0, most)
    .map(({ name }) => name);
}

/** Levenshtein distance over UTF-16 units, one row at a time. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(change, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
