import { describe, expect, test } from "vitest";
import { failureOf, Session } from "./session.ts";

describe("code that is refused", () => {
  test.each([
    ["<div/>", "JSX is not supported in a cell", 1, 5],
    ["const a = 1\nconst b = <b>x</b>", "JSX is not supported in a cell", 2, 16],
    ["let a = 1\nnamespace N {\n  export let z = a\n}", "a namespace here can export a const", 3, 14],
    ["const C =\n  @dec class {}", "A decorator cannot stand before a class expression", 2, 3],
    ["if (1) {\n  import fs from 'node:fs'\n}", "import and export stand outside of all braces", 2, 3],
    ["const f = () => {\n  export const a = 1\n}", "", 2, 3],
    ["break", "break", 1, 1],
    ["let s = `abc", "Unterminated", 1, 9],
    ["function f() {", "", 1, 15],
  ])("%j is refused with its place", async (source, message, line, column) => {
    const error = await failureOf(new Session().run(source));
    expect(error).toMatchObject({ name: "SyntaxError", line, column });
    expect(String((error as Error).message).toLowerCase()).toContain(message.toLowerCase());
  });

  test("the excerpt of a very long line is cut around the fault", async () => {
    const error = await failureOf(new Session().run(`const xs = [${"1, ".repeat(5000)} oops nope]`));
    const [line = "", caret = ""] = String((error as { excerpt: string }).excerpt).split("\n");
    expect(line.length).toBeLessThanOrEqual(110);
    expect(line.slice(caret.length - 1)).toMatch(/^nope/);
  });

  test.each([
    ["brackets", `${"(".repeat(20_000)}1${")".repeat(20_000)}`],
    ["calls", `const late = 1; [1]${".concat(late)".repeat(20_000)}`],
  ])("%s nested too deeply are refused, and the process lives", async (_, source) => {
    await expect(new Session().run(source)).rejects.toThrow("The code is nested too deeply");
  });
});
