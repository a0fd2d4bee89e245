import { type Span, UsageError } from "../../src/errors.ts";
import type { MagicInvocation } from "./magic.ts";
import type { BoundWord } from "./words.ts";

/**
 * Stands for a word whose `${…}` is undefined. A cell's parameters are read when it is compiled, and no expression has a value then: so
 * parsing goes on, and running refuses.
 */
class Unbound {
  readonly at: Span;

  constructor(at: Span) {
    this.at = at;
  }
}

/** The word's stand-in when one of its expressions is undefined; `undefined` when all have values. */
export function unboundOf({ parts }: BoundWord, at: Span): Unbound | undefined {
  return parts.some((part) => typeof part === "object" && part.value === undefined) ? new Unbound(at) : undefined;
}

/** @throws {UsageError} E_UNDEFINED for a bound expression that has no value */
export function requireBound({ args, options }: Pick<MagicInvocation, "args" | "options">): void {
  const values = [...Object.values(args), ...Object.values(options)].flat();
  const unbound = values.find((value) => value instanceof Unbound);
  if (unbound instanceof Unbound)
    throw new UsageError("E_UNDEFINED", `${unbound.at.text.slice(unbound.at.start, unbound.at.end)} is undefined`, {
      hint: "give the variable a value, or leave the word out",
      at: unbound.at,
    });
}
