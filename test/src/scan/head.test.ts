import { describe, expect, test } from "vitest";
import { takeHead } from "../../../src/scan/rows/head.ts";
import type { ByteSource } from "../../../src/scan/rows/text-buffer.ts";
import { DIALECT } from "./scan-table.ts";

describe("what stands before the rows", () => {
  test.each<[string, Partial<typeof DIALECT>, string[] | undefined, string]>([
    ["a,b\n1,2\n", {}, ["a", "b"], "1,2\n"],
    ["\uFEFFa,b\n1,2\n", {}, ["a", "b"], "1,2\n"],
    ["\uFEFF1,2\n", { header: false }, undefined, "1,2\n"],
    ["a,b\r\n1,2", {}, ["a", "b"], "1,2"],
    ["a,b\r1,2", { newline: "cr" }, ["a", "b"], "1,2"],
    ["a,b\r1,2", { newline: "mixed" }, ["a", "b"], "1,2"],
    ["a,b\r\n1,2", { newline: "mixed" }, ["a", "b"], "1,2"],
    ["a\rb,c\n1,2", {}, ["a\rb", "c"], "1,2"],
    ['"a\nb","c,d","e""f"\n1', {}, ["a\nb", "c,d", 'e"f'], "1"],
    ['"a\\"b","c\\\\"\n1', { escape: "\\" }, ['a"b', "c\\"], "1"],
    ['a"b,c\n1', {}, ['a"b', "c"], "1"],
    ["a;b\n1", { separator: ";" }, ["a", "b"], "1"],
    ["'a,b'\n1", { quote: "'", escape: "'" }, ["a,b"], "1"],
    ['"a"\n1', { quote: undefined, escape: undefined }, ['"a"'], "1"],
    ["\n\r\na,b\n1,2", {}, ["a", "b"], "1,2"],
    ["a,\n1", {}, ["a", ""], "1"],
    ['""\n1', {}, [""], "1"],
    ["a,b", {}, ["a", "b"], ""],
    ["größe,名前\n1", {}, ["größe", "名前"], "1"],
    ["", {}, [], ""],
    ['made "by\r\n\n# x\na,b\n1,2', { skip: 3 }, ["a", "b"], "1,2"],
    ["made by\r# x\ra,b\r1,2", { skip: 2, newline: "cr" }, ["a", "b"], "1,2"],
    ["\uFEFFsep=;\r\na;b\r\n1;2", { skip: 1, separator: ";" }, ["a", "b"], "1;2"],
    ["made by\n1,2\n", { skip: 1, header: false }, undefined, "1,2\n"],
    ["made by\na,b", { skip: 5 }, [], ""],
  ])("%j in %o", (text, dialect, names, rest) => {
    // However the source deals its bytes out.
    for (const size of [1, 2, 3, 7, 1000]) {
      const head = takeHead(dealt(text, size), { ...DIALECT, ...dialect });
      expect(head.names).toEqual(names);
      expect(readAll(head.rest)).toBe(rest);
      expect(head.bytes).toBe(Buffer.byteLength(text) - Buffer.byteLength(rest));
      expect(head.isEmpty).toBe(text === "");
    }
  });

  test("a line of names is read whole, however long", () => {
    const names = Array.from({ length: 20_000 }, (_, i) => `column number ${i}`);
    const head = takeHead(dealt(`${names.join(",")}\nrest`, 10_000), DIALECT);
    expect(head.names).toEqual(names);
    expect(readAll(head.rest)).toBe("rest");
  });
});

function dealt(text: string, size: number): ByteSource {
  let bytes = Buffer.from(text);
  return {
    read(into) {
      const part = bytes.subarray(0, Math.min(size, into.length));
      into.set(part);
      bytes = bytes.subarray(part.length);
      return part.length;
    },
  };
}

function readAll(source: ByteSource): string {
  const parts: Buffer[] = [];
  for (;;) {
    const part = Buffer.alloc(5);
    const count = source.read(part);
    if (count === 0) return Buffer.concat(parts).toString();
    parts.push(part.subarray(0, count));
  }
}
