import { expect, test } from "vitest";
import { compileExpression } from "../../../kernel/cell/expression.ts";

const kindOf = (name: string) => (/^(?:total|rows|f)$/.test(name) ? "let" : undefined);

test.each([
  ["total + 1 as number", "$og_total.v + 1"],
  ["rows.map((row: number) => row * total)", "$og_rows.v.map((row) => row * $og_total.v)"],
  ["(total: number) => total", "((total) => total)"],
  ["total = 5", "$og_total.v = 5"],
  ["{ total, other }", "({\n\ttotal: $og_total.v,\n\tother\n})"],
  ["f<number>(other)", "(0, $og_f.v)(other)"],
])("%s", (typed, code) => {
  expect(compileExpression(typed, kindOf).code).toBe(code);
});

test.each(["", "let a = 1", "1; 2", "a)(b", "await total", "import('fs')", "if (a) b"])("refuses %j", (typed) => {
  expect(() => compileExpression(typed, kindOf)).toThrow(SyntaxError);
});
