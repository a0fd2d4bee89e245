import type { Expression_Literal } from "#spark-proto/expressions";
import { KernelBug } from "../../errors.ts";
import { type Matrix, unpackMatrix, unpackVector } from "../connect/linear-algebra.ts";
import type { ExpressionInit } from "../connect/literal.ts";
import { readLiteral } from "../connect/read-literal.ts";

export type LiteralInit = Extract<NonNullable<ExpressionInit["exprType"]>, { case: "literal" }>["value"];

export function intLiteral(value: number): LiteralInit {
  return { literalType: { case: "integer", value } };
}

export function longLiteral(value: number | bigint): LiteralInit {
  return { literalType: { case: "long", value: BigInt(value) } };
}

export function doubleLiteral(value: number): LiteralInit {
  return { literalType: { case: "double", value } };
}

export function booleanLiteral(value: boolean): LiteralInit {
  return { literalType: { case: "boolean", value } };
}

export function stringLiteral(value: string): LiteralInit {
  return { literalType: { case: "string", value } };
}

/** The type of the elements is said, because servers of 4.0 read it nowhere else. */
export function stringsLiteral(values: readonly string[]): LiteralInit {
  const elementType = { kind: { case: "string" as const, value: {} } };
  return { literalType: { case: "array", value: { elementType, elements: values.map(stringLiteral) } } };
}

export function doublesLiteral(values: readonly number[]): LiteralInit {
  const elementType = { kind: { case: "double" as const, value: {} } };
  return { literalType: { case: "array", value: { elementType, elements: values.map(doubleLiteral) } } };
}

export function intsLiteral(values: readonly number[]): LiteralInit {
  const elementType = { kind: { case: "integer" as const, value: {} } };
  return { literalType: { case: "array", value: { elementType, elements: values.map(intLiteral) } } };
}

export function doubleListsLiteral(values: readonly (readonly number[])[]): LiteralInit {
  const elementType = { kind: { case: "double" as const, value: {} } };
  const listType = { kind: { case: "array" as const, value: { elementType } } };
  return { literalType: { case: "array", value: { elementType: listType, elements: values.map(doublesLiteral) } } };
}

/** A dense vector, packed as (kind, size, indices, values), of which the two in the middle are of sparse ones. */
export function vectorLiteral(values: readonly number[]): LiteralInit {
  const elements = [byteLiteral(1), NULL, NULL, packedDoubles(values)];
  return { literalType: { case: "struct", value: { structType: udt("VectorUDT"), elements } } };
}

/** A dense matrix, packed as (kind, rows, columns, starts, indices, values, transposed); row by row is transposed. */
export function matrixLiteral(rows: Matrix): LiteralInit {
  const size = [intLiteral(rows.length), intLiteral(rows[0]?.length ?? 0)];
  const elements = [byteLiteral(1), ...size, NULL, NULL, packedDoubles(rows.flat()), booleanLiteral(true)];
  return { literalType: { case: "struct", value: { structType: udt("MatrixUDT"), elements } } };
}

const NULL: LiteralInit = { literalType: { case: "null", value: { kind: { case: "null", value: {} } } } };

function byteLiteral(value: number): LiteralInit {
  return { literalType: { case: "byte", value } };
}

function packedDoubles(values: readonly number[]): LiteralInit {
  const doubles = { case: "doubles" as const, value: { values: [...values] } };
  return { literalType: { case: "specializedArray", value: { valueType: doubles } } };
}

function udt(name: string) {
  const value = { type: "udt", jvmClass: `org.apache.spark.ml.linalg.${name}` };
  return { kind: { case: "udt" as const, value } };
}

/** A literal as a plain value: vectors as arrays of numbers, dense or sparse alike, matrices as rows. */
export function readMlLiteral(literal: Expression_Literal): unknown {
  return readLiteral(literal, readStruct);
}

/** Spark packs a vector as (kind, size, indices, values), a matrix as (kind, rows, columns, starts, indices, values, transposed). */
function readStruct(parts: readonly unknown[]): number[] | Matrix {
  if (parts.length === 4) {
    const [, size, indices, values] = parts as VectorParts;
    return unpackVector({ size, indices, values });
  }
  if (parts.length === 7) {
    const [, numRows, numCols, colPtrs, rowIndices, values, isTransposed] = parts as MatrixParts;
    return unpackMatrix({ numRows, numCols, colPtrs, rowIndices, values, isTransposed });
  }
  throw new KernelBug(`Spark sent a struct of ${parts.length} parts, which is neither a vector nor a matrix`);
}

type VectorParts = [kind: 0 | 1, size: number | null, indices: number[] | null, values: number[]];
type MatrixParts = [
  kind: 0 | 1,
  rows: number,
  columns: number,
  starts: number[] | null,
  indices: number[] | null,
  values: number[],
  transposed: boolean,
];
