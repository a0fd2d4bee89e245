import { describe, expect, test } from "vitest";
import { blankSplit } from "../../../kernel/cell/blank.ts";
import { splitCell } from "../../../kernel/cell/split.ts";
import { UsageError } from "../../../src/errors.ts";
import { MAGICS } from "./magics.ts";

const split = (source: string) => splitCell(source, MAGICS);
const calls = (source: string) => split(source).magics.map(({ sign, name, rest, known }) => [sign, name, rest, known]);

describe("where magics stand", () => {
  test("the prologue: magic lines, blanks, comments", () => {
    const source = "// first\n\n%show a b\n!ls -l\n%nope x\nlet a = 1";
    expect(calls(source)).toEqual([
      ["%", "show", "a b", true],
      ["!", "!", "ls -l", true],
      ["%", "nope", "x", false],
    ]);
    expect(split(source).bodyStart).toBe(source.length);
  });

  test("between statements only a registered name at column 0, outside of all brackets", () => {
    expect(calls("let a = 1\n%show a\na")).toHaveLength(1);
    for (const source of [
      "a\n%b",
      "a\n  %show",
      "f(\n%show\n)",
      "`\n%show\n`",
      "`${f(\n%show\n)}`",
      "/*\n%show\n*/",
      "[1,\n%show\n]",
      "function f() {\n%show\n}",
      "a = {\n%show\n}",
      "x\n%% show",
      "let a\n!ls",
      "let a\n%show2",
      "let a\n%showing",
      "let a\n%show,",
    ])
      expect(calls(source), source).toEqual([]);
  });

  test("brackets in strings, comments, templates and regular expressions do not count", () => {
    for (const code of [
      '"("',
      "'{'",
      "// (",
      "/* [ */",
      "`(`",
      "/[(]/",
      "/\\(/",
      "x = /(/",
      'if (x) /["(]/.test(y)',
      "a / (b) / c",
      "`${{ a: '}' }}`",
      "'\\''",
      "f(/}/)",
      "return_ = 1 / 2 // '",
      "`\\``",
    ])
      expect(calls(`${code}\n%show 1`), code).toEqual([["%", "show", "1", true]]);
  });

  test("%% takes the rest, stacks, and only stands at the top", () => {
    const source = "%%time\n// note\n%%each a b\n\nchunk.length";
    const { magics, stack, bodyStart } = split(source);
    expect(magics.map(({ name, bodyText }) => [name, bodyText])).toEqual([
      ["time", "\nchunk.length"],
      ["each", "\nchunk.length"],
    ]);
    expect(stack).toEqual([0, 1]);
    expect(source.slice(bodyStart)).toBe("\nchunk.length");
    expect(calls("let a = 1\n%%each\n1")).toEqual([]);
  });

  test("a body that is text is left alone, one that is code has magics too", () => {
    expect(calls("%%text\n%show 1\n!ls\nshow?")).toEqual([["%%", "text", "", true]]);
    expect(calls("%%nope\n%show 1")).toEqual([["%%", "nope", "", false]]);
    expect(calls("%%time\nlet a = 1\n%show 1")).toEqual([
      ["%%", "time", "", true],
      ["%", "show", "1", true],
    ]);
  });

  test("a sign that the magic does not take is not known", () => {
    expect(calls("%%show\n1")).toEqual([["%%", "show", "", false]]);
    expect(calls("%each\n1")).toEqual([["%", "each", "", false]]);
  });

  test("questions", () => {
    for (const source of [
      "name?",
      "name? ",
      "?name",
      "name??",
      "name?;",
      "%show? ;",
      "%show?",
      "%%each?",
      "a.b.c?",
      "größe?",
    ])
      expect(
        calls(source).map(([sign]) => sign),
        source,
      ).toEqual(["?"]);
    expect(calls("%show?\n1 + 1")).toEqual([["?", "%show", "", true]]);
    expect(calls("a?\nb?\n%show")).toEqual([
      ["?", "a", "", true],
      ["?", "b", "", true],
      ["%", "show", "", true],
    ]);
    expect(calls("a?\n  b : c")).toEqual([]);
    expect(calls("a?.b")).toEqual([]);
    expect(calls("let a = 1\na?;")).toEqual([["?", "a", "", true]]);
    expect(calls("let a = 1\na?\n// note\n")).toEqual([["?", "a", "", true]]);
    expect(calls("let a = 1\na?\n?b\n// note\n%show")).toHaveLength(3);
  });

  test("what goes on in the next lines is no question", () => {
    for (const code of [
      "f(\na?\n",
      "x\n?a\n: b",
      "x\na?\n1 : 2",
      "let a\na\n?.b",
      "a\n?.b\n?.c",
      "a\n??b",
      "a\n??b;",
      "const x =\na?\n// note\n1 : 2",
      "a?\n// note\n1 : 2",
      "const x =\na?\n!b : 2",
      "const x =\na?\nb?\n1 : 2\n: 3",
      "a?\nb?\n1 : 2 : 3",
      "a\n?b\n?c\n:1\n:2",
      "a\n?b\n%c\n:1",
    ])
      expect(calls(code), code).toEqual([]);
  });

  test("offsets are those of the cell, with any line end", () => {
    const source = "// 😀\r\n%show ${x}\r\n%%time\r\nbody";
    const { magics, bodyStart } = split(source);
    for (const { start, line } of magics) expect(source.slice(start, start + line.length)).toBe(line);
    const [expression] = magics[0]?.expressions ?? [];
    expect(source.slice(expression?.start, (expression?.start ?? 0) + 1)).toBe("x");
    expect(source.slice(bodyStart)).toBe("body");
  });

  test("blanked text is as long and has the same lines", () => {
    for (const source of [
      "%show ${a}\nlet a = 1\n%show a\n",
      "%%text\nselect 1\n",
      "%%each\nreturn 1",
      "x?",
      "%%time\r\n1",
    ]) {
      const blanked = blankSplit(split(source), MAGICS);
      expect(blanked).toHaveLength(source.length);
      expect(blanked.replace(/[^\r\n]/g, "")).toBe(source.replace(/[^\r\n]/g, ""));
      expect(blanked).not.toContain("%");
      expect(blanked).not.toContain("select");
    }
  });
});

describe("words", () => {
  const words = (line: string) =>
    split(line).magics[0]?.words.map(({ parts }) => parts.map((part) => ("text" in part ? part.text : part)));
  const expressions = (line: string) => split(line).magics[0]?.expressions.map(({ code }) => code);

  test("quotes, escapes, empty words", () => {
    expect(words(`%show a "b c" 'd "e"' --x="y z" "" C:\\dir it\\'s \\"q 'it\\'s'`)).toEqual([
      ["a"],
      ["b c"],
      [`d "e"`],
      ["--x=y z"],
      [],
      ["C:\\dir"],
      ["it's"],
      [`"q`],
      ["it's"],
    ]);
  });

  test("expressions alone and within words", () => {
    const line = '%show ${a} x${b}y --o=${c} "q ${d} r" \\${e}';
    expect(words(line)).toEqual([
      [{ expression: 0 }],
      ["x", { expression: 1 }, "y"],
      ["--o=", { expression: 2 }],
      ["q ", { expression: 3 }, " r"],
      ["${e}"],
    ]);
    expect(expressions(line)).toEqual(["a", "b", "c", "d"]);
  });

  test("braces, strings and templates inside an expression", () => {
    for (const code of [
      "{ a: { b: 1 } }.a",
      '"}"',
      "'\\'}'",
      "`}`",
      "`${`}`}`",
      "f({ a })",
      "(x) => { return x }",
      "a ? '{' : b",
    ])
      expect(expressions(`%show \${${code}} rest`), code).toEqual([code]);
  });

  test("a shell command keeps its quotes and gives its expressions", () => {
    const [call] = split("!echo it's \"${name}\" '${b}' \\${HOME}").magics;
    expect(call?.expressions.map(({ code }) => code)).toEqual(["name", "b"]);
    expect(call?.rest).toBe("echo it's \"${name}\" '${b}' \\${HOME}");
  });

  test("raw magics are one text", () => {
    expect(split(`%time f("a b", 'it`).magics[0]).toMatchObject({ rest: `f("a b", 'it`, words: [], expressions: [] });
  });

  test.each([
    ['%show "abc', 6, 7],
    ["%show a 'b c", 8, 9],
    ["%show x${a + {b}", 7, 9],
    ["%show ${'}", 6, 8],
    ["!echo ${a", 6, 8],
  ])("%s is never closed", (line, start, end) => {
    const failure = (() => {
      try {
        return split(`// above\n${line}`);
      } catch (error) {
        return error;
      }
    })();
    expect(failure).toBeInstanceOf(UsageError);
    expect(failure).toMatchObject({ code: "E_UNCLOSED", at: { text: line, start, end } });
    expect((failure as UsageError).hint).toMatch(/^close it with /);
  });

  test("that a magic does not exist matters more than its quotes", () => {
    expect(calls("%nope it's")).toEqual([["%", "nope", "it's", false]]);
  });
});
