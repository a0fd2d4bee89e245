import { UsageError } from "../../errors.ts";
import type { Arena } from "../arena.ts";
import type { Kernel } from "../kernel.ts";
import type { ColumnTest, Comparison } from "../request.ts";
import type { Lane } from "./lane.ts";
import { textsOf } from "./texts-of.ts";

type ValueTest = Exclude<ColumnTest, { readonly test: "null" | "not null" }>;

const FIRST_CODES = 1024;

/**
 * A test of texts, which are compared by their UTF-8 bytes: each text of the dictionary is tested once, when it is new.
 *
 * @throws {UsageError} E_WRONG_TYPE
 */
export function textTest(
  kernel: Kernel,
  arena: Arena,
  test: ValueTest,
  lane: Lane,
): (rows: number, mask: number) => void {
  const passes = testOf(test);
  let flags = arena.take(FIRST_CODES);
  let room = FIRST_CODES;
  let known = 0;
  return (rows, mask) => {
    const size = kernel.calls.dictSize(lane.dictionary);
    if (size > room) {
      room = Math.max(size, room * 2);
      flags = arena.enlarge(flags, known, room);
    }
    if (size > known) {
      const { offsets, bytes } = textsOf(kernel, lane.dictionary, known);
      for (let i = 0; i < size - known; i++)
        kernel.bytes[flags + known + i] = passes(bytes.subarray(offsets[i], offsets[i + 1])) ? 1 : 0;
      known = size;
    }
    kernel.calls.testCodes(lane.values, lane.valid, rows, flags, mask);
  };
}

function testOf(test: ValueTest): (text: Uint8Array) => boolean {
  if ("values" in test) {
    const wanted = new Set(test.values.map((value) => Buffer.from(textOf(test.column, value)).toString("latin1")));
    return (text) => wanted.has(Buffer.from(text).toString("latin1")) === (test.test === "in");
  }
  const value = Buffer.from(textOf(test.column, test.value));
  const holds = ORDERS[test.test];
  return (text) => holds(Buffer.compare(text, value));
}

const ORDERS: Readonly<Record<Comparison, (order: number) => boolean>> = {
  "=": (order) => order === 0,
  "!=": (order) => order !== 0,
  "<": (order) => order < 0,
  "<=": (order) => order <= 0,
  ">": (order) => order > 0,
  ">=": (order) => order >= 0,
};

function textOf(column: string, value: unknown): string {
  if (typeof value === "string") return value;
  throw new UsageError("E_WRONG_TYPE", `"${column}" is text and cannot be compared with ${typeof value} ${value}`, {
    hint: "write the value in quotes, or declare the column's type",
  });
}
