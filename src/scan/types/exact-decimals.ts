import { ScanRefused } from "../refused.ts";
import type { Kind } from "../table.ts";
import { MOST_DIGITS } from "./sixty-four-bits.ts";

/**
 * A kind of numbers that keeps every digit in the result, as a declared decimal does: who sets thousands apart writes amounts.
 *
 * @param texts what the kind was found from
 * @throws {ScanRefused} where a decimal of 64 bits may not hold the numbers: they have many digits, or one is -0
 * @example
 * exactKind({ kind: "decimal", scale: 2 }, ["1234.50"]); // { kind: "decimal", scale: 2, precision: 18 }
 */
export function exactKind(kind: Kind, texts: readonly string[]): Kind {
  if (kind.kind === "decimal" && kind.scale > 0) return { ...kind, precision: MOST_DIGITS };
  // With an exponent, or as a word, it is one of doubles.
  if (kind.kind === "double" && !texts.some((text) => /[a-z]/i.test(text)))
    throw new ScanRefused("type", `decimals that ${MOST_DIGITS} digits may not hold are for another engine`);
  return kind;
}
