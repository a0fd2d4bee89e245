import { describe, expect, test } from "vitest";
import type { NameKind } from "../../../kernel/cell/scope.ts";
import { isSurelyTyped } from "../../../kernel/cell/surely-typed.ts";
import { parse } from "../../../kernel/cell/tree.ts";

const SESSION = new Map<string, NameKind>([
  ["n", "const"],
  ["C", "class"],
  ["E", "enum"],
  ["N", "namespace"],
  ["I", "import"],
]);

const isSure = (code: string, session: ReadonlyMap<string, NameKind> = SESSION): boolean =>
  isSurelyTyped(code, parse(code).body, (name) => session.get(name));

describe("nothing can be found in", () => {
  test.each([
    "1 + 1",
    "n",
    "-2 * (3 % 4);;",
    "'a' + 1 + true",
    "`${1 + 2} of ${'three'}`",
    "[n, [C], 'x'] // shown",
    "",
  ])("%s", (code) => expect(isSure(code)).toBe(true));
  test("what is printed", () => expect(isSure("console.log('n', n)\nconsole.error(`${1 < 2}`)")).toBe(true));
});

describe("a type checker may find something in", () => {
  test.each([
    ["a name of nobody's", "absent"],
    ["what declares", "const a = 1"],
    ["what assigns", "n = 1"],
    ["operators of what only the checker knows", "n + 1"],
    ["a comparison that is always false", "1 === 2"],
    ["a condition that is always true", "'a' && 1"],
    ["text and number", "'a' * 2"],
    ["nothing", "1 + null"],
    ["a pattern", "/(?<a>)\\k<b>/"],
    ["a symbol in a text", "`${n}`"],
    ["a member", "n.length"],
    ["another method", "console.lgo(1)"],
    ["arguments of which one is not known", "console.log(absent)"],
    ["spread arguments", "console.log(...n)"],
    ["what may be a constant enum", "E"],
    ["what may be a type", "I"],
    ["a namespace", "N"],
    ["a directive", "// @ts-expect-error\n1"],
    ["an assertion", "n as string"],
    ["await", "await n"],
  ])("%s", (_, code) => expect(isSure(code)).toBe(false));
  test("a console of one's own", () => expect(isSure("console.log(1)", new Map([["console", "const"]]))).toBe(false));
  test("a long sum", () => expect(isSure("1+".repeat(5000) + 1)).toBe(false));
});
