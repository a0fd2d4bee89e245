import { afterAll, expect, test } from "vitest";
import { compileKernel, Kernel } from "../../../src/scan/kernel.ts";
import { COMMAS, readFields } from "./read-fields.ts";

const module = await compileKernel("checked");
const kernel = new Kernel(module);

afterAll(() => {
  expect(kernel.calls.brokenGuard()).toBe(0);
});

function rowsOf(text: string, columns: number, dialect = COMMAS) {
  return readFields(kernel, Buffer.from(text, "latin1"), dialect, columns).fields;
}

test("reads nothing of nothing", () => {
  expect(rowsOf("", 3)).toEqual([]);
  expect(rowsOf("\n\r\n\n", 3)).toEqual([]);
});

test("has a row for each line of one column, also of a blank one", () => {
  expect(rowsOf("a\n\n\r\nb\n", 1)).toEqual([["a"], [""], [""], ["b"]]);
  expect(rowsOf("\n", 1)).toEqual([[""]]);
  expect(rowsOf("\n".repeat(20_000), 1).length).toBe(20_000);
});

test("takes quotes within unquoted fields for letters", () => {
  expect(rowsOf('5" disk,a"b"\n"x","y"\n', 2)).toEqual([
    ['5" disk', 'a"b"'],
    ['"x"', '"y"'],
  ]);
});

test("reads 10,000 columns, regular and filled", () => {
  const columns = 10_000;
  const row = Array.from({ length: columns }, (_, i) => (i % 50 === 0 ? `"${i},"` : String(i)));
  expect(rowsOf(`${row.join(",")}\n`.repeat(30), columns)).toEqual(Array(30).fill(row));
  const short = [...row.slice(0, 10), ...Array<string>(columns - 10).fill("")];
  const text = `${row.slice(0, 10).join(",")}\n`.repeat(30);
  expect(rowsOf(text, columns, { ...COMMAS, ragged: "fill" })).toEqual(Array(30).fill(short));
});

test.each([
  ["quoted", '"', 'x,""\n'],
  ["plain", "", "x\ryz"],
])("reads a %s field of 20 MB amid short rows", (_, quote, letters) => {
  const long = quote + letters.repeat(Math.ceil(20e6 / letters.length)) + quote;
  const rows = rowsOf(`${"1,2\n".repeat(50_000)}3,${long}\n${"4,5\r\n".repeat(50_000)}`, 2);
  expect(rows.length).toBe(100_001);
  expect(rows[50_000]![0]).toBe("3");
  expect(rows[50_000]![1] === long).toBe(true);
  expect(rows[100_000]).toEqual(["4", "5"]);
});

test("refuses a row that is over the memory limit, and gives all memory back", () => {
  const small = new Kernel(module);
  small.calls.setLimit(8 * 2 ** 20);
  const text = Buffer.from(`1,"${"x".repeat(9e6)}"\n`);
  expect(() => readFields(small, text, COMMAS, 2)).toThrow(
    expect.objectContaining({ name: "ScanRefused", reason: "memory" }),
  );
  expect(small.calls.usedBytes()).toBe(0);
  expect(readFields(small, Buffer.from("1,2\n"), COMMAS, 2).fields).toEqual([["1", "2"]]);
});

test.each([
  ["an open quote", '1,2\n3,"4\n5,6\n', "row 1: has a quoted field that is never closed"],
  ["a long row", "1,2\n3,4\n5,6,7\n", "row 2: has 3 fields instead of 2"],
  ["a short row", "1,2\n3\n", "row 1: has 1 field instead of 2"],
  ["letters after a quote", '1,2\n3,"4"5\n', "row 1: has letters after a closing quote"],
  ["bytes that are no UTF-8", "1,2\n\n3,caf\xe9\n4,5\n", "row 1: is not UTF-8: byte 0xe9"],
  ["bytes that are no UTF-8 in a regular block", "1,2\n3,4\n3,caf\xe9\n4,5\n", "row 2: is not UTF-8: byte 0xe9"],
])("says which row has %s", (_, text, message) => {
  expect(() => rowsOf(text, 2)).toThrow(message);
});
