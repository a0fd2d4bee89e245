import { create } from "@bufbuild/protobuf";
import { expect, test } from "vitest";
import { Expression_LiteralSchema } from "#spark-proto/expressions";
import { intLiteral, type LiteralInit, readMlLiteral } from "../../../../src/spark/ml/values.ts";

const nothing: LiteralInit = { literalType: { case: "null", value: { kind: { case: "null", value: {} } } } };
const ints = (values: number[]): LiteralInit => ({
  literalType: { case: "specializedArray", value: { valueType: { case: "ints", value: { values } } } },
});
const doubles = (values: number[]): LiteralInit => ({
  literalType: { case: "specializedArray", value: { valueType: { case: "doubles", value: { values } } } },
});
const byte = (value: number): LiteralInit => ({ literalType: { case: "byte", value } });
const yes = (value: boolean): LiteralInit => ({ literalType: { case: "boolean", value } });

function read(...elements: LiteralInit[]): unknown {
  return readMlLiteral(
    create(Expression_LiteralSchema, { literalType: { case: "struct", value: { structType: {}, elements } } }),
  );
}

test("vectors, dense and sparse", () => {
  expect(read(byte(1), nothing, nothing, doubles([1, 2.5]))).toEqual([1, 2.5]);
  expect(read(byte(0), intLiteral(4), ints([1, 3]), doubles([7, 8]))).toEqual([0, 7, 0, 8]);
  expect(read(byte(0), intLiteral(2), ints([]), doubles([]))).toEqual([0, 0]);
});

test("matrices, column by column, transposed, sparse, and both", () => {
  const [rows, columns] = [intLiteral(2), intLiteral(3)];
  const matrix = [
    [1, 0, 3],
    [0, 2, 4],
  ];
  expect(read(byte(1), rows, columns, nothing, nothing, doubles([1, 0, 0, 2, 3, 4]), yes(false))).toEqual(matrix);
  expect(read(byte(1), rows, columns, nothing, nothing, doubles([1, 0, 3, 0, 2, 4]), yes(true))).toEqual(matrix);
  expect(
    read(byte(0), rows, columns, ints([0, 1, 2, 4]), ints([0, 1, 0, 1]), doubles([1, 2, 3, 4]), yes(false)),
  ).toEqual(matrix);
  expect(read(byte(0), rows, columns, ints([0, 2, 4]), ints([0, 2, 1, 2]), doubles([1, 3, 2, 4]), yes(true))).toEqual(
    matrix,
  );
});

test("a long beyond 2^53 stays whole", () => {
  const long = (value: bigint) => create(Expression_LiteralSchema, { literalType: { case: "long", value } });
  expect([readMlLiteral(long(42n)), readMlLiteral(long(2n ** 60n))]).toEqual([42, 2n ** 60n]);
});
