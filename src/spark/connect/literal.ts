import type { MessageInitShape } from "@bufbuild/protobuf";
import type { ExpressionSchema } from "#spark-proto/expressions";
import { UsageError } from "../../errors.ts";

export type ExpressionInit = MessageInitShape<typeof ExpressionSchema>;
export type LiteralInit = Extract<NonNullable<ExpressionInit["exprType"]>, { case: "literal" }>["value"];

/**
 * A value of TypeScript as a literal of Spark's: null, boolean, string, Date (timestamp), bytes, and numbers. A whole number is an
 * `int` or, beyond 2^31, a `long`; a bigint is a `long`; every other number is a `double`. Arrays become `array(…)`, maps `map(…)`,
 * plain objects `named_struct(…)`.
 *
 * @param part how a value within an array, map or object is read
 * @throws {UsageError} E_SPARK_LITERAL
 */
export function literal(value: unknown, part: (value: unknown) => ExpressionInit = literal): ExpressionInit {
  if (Array.isArray(value))
    return call(
      "array",
      value.map((one) => part(one)),
    );
  if (value instanceof Map)
    return call(
      "map",
      [...value].flat().map((one) => part(one)),
    );
  if (isPlainObject(value))
    return call(
      "named_struct",
      Object.entries(value).flatMap(([name, one]) => [literal(name), part(one)]),
    );
  return { exprType: { case: "literal", value: literalValue(value) } };
}

/** The same for places of the protocol that take no expression: no arrays. */
export function literalValue(value: unknown): LiteralInit {
  if (value === null || value === undefined)
    return { literalType: { case: "null", value: { kind: { case: "null", value: {} } } } };
  if (typeof value === "boolean") return { literalType: { case: "boolean", value } };
  if (typeof value === "string") return { literalType: { case: "string", value } };
  if (typeof value === "number") return numberLiteral(value);
  if (typeof value === "bigint" && BigInt.asIntN(64, value) === value) return { literalType: { case: "long", value } };
  if (value instanceof Date && Number.isFinite(value.getTime()))
    return { literalType: { case: "timestamp", value: BigInt(value.getTime()) * 1000n } };
  if (value instanceof Uint8Array) return { literalType: { case: "binary", value } };
  throw new UsageError("E_SPARK_LITERAL", `Spark has no literal for this ${describe(value)}`, {
    hint: "give null, a boolean, number, bigint of 64 bits, string, valid Date, bytes, or an array, Map or plain object of these",
  });
}

function call(functionName: string, args: ExpressionInit[]): ExpressionInit {
  return { exprType: { case: "unresolvedFunction", value: { functionName, arguments: args } } };
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

function numberLiteral(value: number): LiteralInit {
  if (!Number.isSafeInteger(value) || Object.is(value, -0)) return { literalType: { case: "double", value } };
  const isInt = value >= -(2 ** 31) && value < 2 ** 31;
  return { literalType: isInt ? { case: "integer", value } : { case: "long", value: BigInt(value) } };
}

function describe(value: unknown): string {
  return typeof value === "object" ? (value?.constructor?.name ?? "object") : typeof value;
}
