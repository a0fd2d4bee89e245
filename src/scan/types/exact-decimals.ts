import { ScanRefused } from "../refused.ts";
import type { Kind } from "../table.ts";

/** The most digits of a decimal in 64 bits. */
const MOST_DIGITS = 18;

/**
 * A kind of numbers that keeps every digit in the result, as a declared decimal does: who sets thousands apart writes amounts.
 *
 * @param texts what the kind was found from, without separators of thousands
 * @throws {ScanRefused} where numbers have more digits than 64 bits hold
 * @example
 * exactKind({ kind: "decimal", scale: 2 }, ["1234.50"]); // { kind: "decimal", scale: 2, precision: 18 }
 */
export function exactKind(kind: Kind, texts: readonly string[]): Kind {
  if (kind.kind === "decimal" && kind.scale > 0) return { ...kind, precision: MOST_DIGITS };
  // With an exponent, or as a word, it is one of doubles.
  if (kind.kind === "double" && !texts.some((text) => /[a-z]/i.test(text)))
    throw new ScanRefused("type", `decimals of more than ${MOST_DIGITS} digits are for another engine`);
  return kind;
}
