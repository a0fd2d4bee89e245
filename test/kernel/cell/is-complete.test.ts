import { describe, expect, test } from "vitest";
import { isComplete } from "../../../kernel/cell/is-complete.ts";
import { MAGICS } from "./magics.ts";

describe("isComplete", () => {
  test.each([
    "",
    "1",
    "incomplete",
    "let a = 1\nlet b = a",
    "{ a: 1, b: 2 }",
    "// c",
    "async",
    "await f()",
    "%show a",
    "%time f(1)",
    "%nope",
    "%%nope\nany ((( text",
    "%%text\nSELECT (",
    "%%each --help",
    "%%each\nreturn 5",
    "%%time\n1",
    "!ls (",
    "name?",
    "let a = 1\na?;",
    "a?.b",
    "let a = 1\n%show a\nlet b = 2",
  ])("%j is complete", (code) => {
    expect(isComplete(code, MAGICS)).toEqual({ status: "complete" });
  });

  test.each([
    ["foo(", "  "],
    ["function f() {\n  return 1", "  "],
    ["x = {\n  a: [", "    "],
    ["x = ", ""],
    ["`abc", ""],
    ["f(`a ${b} c", ""],
    ["/* abc", ""],
    ["if (a)", ""],
    ["try {}", ""],
    ["a.", ""],
    ["a?.", ""],
    ["a?.b?.", ""],
    ["import { a } from", ""],
    ["type A =", ""],
    ["class A { #p", ""],
    ["{ a: 1,", ""],
    ["{ a: 1, b: 2", ""],
    ["x =>", ""],
    ["(x) =>", ""],
    ["const f = async <T,>(x: T) => // later", ""],
    ["f(<T,>(x)=>", ""],
    ["@dec", ""],
    ["%%each", ""],
    ["%%each\n", ""],
    ["%%each\nif (a) {", "  "],
    ["%%each\nf(", "  "],
    ["%%time", ""],
    ["%%text", ""],
    ["a\n%show 1\nb(", "  "],
  ])("%j is incomplete", (code, indent) => {
    expect(isComplete(code, MAGICS)).toEqual({ status: "incomplete", indent });
  });

  test.each([
    "let a = )",
    "foo)",
    "(x =>)",
    "a b =>",
    "}",
    '"abc',
    "let s = 'it",
    "/abc",
    "return 5",
    "break",
    "let a = 1; let a = 2",
    "%show 'a",
    "%time f(",
    "%%each\nfoo)",
    "let a = 1\n%%each",
  ])("%j is invalid", (code) => {
    expect(isComplete(code, MAGICS)).toEqual({ status: "invalid" });
  });
});
