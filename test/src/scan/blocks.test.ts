import { expect, test } from "vitest";
import { compileKernel, Kernel } from "../../../src/scan/kernel.ts";
import { COMMAS, readFields } from "./read-fields.ts";

const kernel = new Kernel(await compileKernel("checked"));

function rowsOf(text: string, columns: number, options = {}) {
  return readFields(kernel, Buffer.from(text), COMMAS, columns, options).fields;
}

test("reads rows and fields with their quotes", () => {
  expect(rowsOf('a,b\n"x,""y\n",\n1,2', 2)).toEqual([
    ["a", "b"],
    ['"x,""y\n"', ""],
    ["1", "2"],
  ]);
});

test("ends fields before CRLF, in all rows or in some", () => {
  expect(rowsOf("a,b\r\nc,d\r\n", 2)).toEqual([
    ["a", "b"],
    ["c", "d"],
  ]);
  expect(rowsOf("a,b\r\nc,d\ne,\r\n", 2)).toEqual([
    ["a", "b"],
    ["c", "d"],
    ["e", ""],
  ]);
});
