import { UsageError } from "../errors.ts";
import type { Column } from "./column.ts";
import { ColumnOperators } from "./column-operators.ts";

/** A word out of a closed list, or an error that names the list. */
export function oneOf<Word extends string>(word: unknown, allowed: readonly Word[], what: string): Word {
  const found = allowed.find((one) => one === word);
  if (found === undefined) throw wrong(`${what} is ${shown(word)}`, `write one of ${allowed.join(", ")}`);
  return found;
}

/** A whole number that Spark's 32 bits hold. */
export function wholeNumber(value: unknown, what: string, least = 0): number {
  if (typeof value !== "number" || !Number.isInteger(value) || value < least || value >= 2 ** 31)
    throw wrong(`${what} is ${shown(value)}`, `write a whole number from ${least} to 2147483647`);
  return value;
}

/** A number between two bounds, both allowed. */
export function numberBetween(value: unknown, what: string, least: number, most: number): number {
  if (typeof value !== "number" || !(value >= least && value <= most))
    throw wrong(`${what} is ${shown(value)}`, `write a number from ${least} to ${most}`);
  return value;
}

/** Text where a name is expected. */
export function nameText(value: unknown, what: string): string {
  if (typeof value !== "string" || value === "") throw wrong(`${what} is ${shown(value)}`, "write its name as text");
  return value;
}

/** A name for operations: the protocol keeps the comma for itself. */
export function tagText(tag: unknown): string {
  const text = nameText(tag, "the tag");
  if (text.includes(",")) throw wrong(`the tag ${shown(text)} has a comma`, "leave the comma out");
  return text;
}

/** A column where a name would be about something else. */
export function columnOnly(value: unknown, what: string): Column {
  if (value instanceof ColumnOperators) return value as Column;
  throw wrong(
    `${what} is ${shown(value)}, not a column`,
    'write col("name") for a column, lit(value) for a value, F.expr("a + b") for SQL',
  );
}

/** The random start of a sample: the given one, or one of 63 random bits. */
export function seedOf(seed: number | bigint | undefined): bigint {
  if (seed === undefined) return BigInt.asUintN(63, BigInt(Math.floor(Math.random() * 2 ** 52)) * 2_097_169n);
  if (typeof seed === "bigint" ? BigInt.asIntN(64, seed) === seed : Number.isSafeInteger(seed)) return BigInt(seed);
  throw wrong(`the seed is ${shown(seed)}`, "write a whole number");
}

export function wrong(what: string, hint: string): UsageError {
  return new UsageError("E_SPARK_ARGUMENT", what, { hint });
}

function shown(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value);
  if (value instanceof ColumnOperators) return "a column";
  return typeof value === "object" && value !== null ? `an ${value.constructor?.name ?? "object"}` : String(value);
}
