import { expect, test } from "vitest";
import { type CompiledCell, compileCell } from "../../../kernel/cell/compile.ts";
import { CompiledBefore } from "../../../kernel/cell/compiled-before.ts";
import { CellScope } from "../../../kernel/cell/scope.ts";

const before = new CompiledBefore();
const scope = new CellScope();
const magics = new Map([["time", { forms: ["%" as const], body: "session" as const }]]);
let compilations = 0;
let cells = 0;
let isUsable = true;

function recall(source: string): CompiledCell {
  const compile = (): CompiledCell => {
    compilations++;
    return compileCell(source, { filename: `cell-${++cells}.ts`, scope, magics });
  };
  return before.recall(source, scope, compile, () => isUsable);
}

function isRecalled(source: string): boolean {
  const count = compilations;
  recall(source);
  return compilations === count;
}

test("a text is compiled once, and again when a name has become one of another kind", () => {
  expect(isRecalled("x + 1")).toBe(false);
  expect(recall("x + 1").main.filename).toBe("cell-1.ts");
  expect(isRecalled("const x = 1")).toBe(false);
  // Now `x` is a name of the session.
  expect(isRecalled("x + 1")).toBe(false);
  expect(recall("x + 1").main.uses).toEqual(["x"]);
  expect([isRecalled("const x = 1"), isRecalled("x + 1")]).toEqual([true, true]);
  expect(isRecalled("let x = 1")).toBe(false);
  expect(isRecalled("x = 2")).toBe(false);
  scope.forget("x");
  expect(isRecalled("x = 2")).toBe(false);
  expect(recall("x = 2").main.uses).toEqual([]);
});

test("what two texts declare in turns is not mixed up", () => {
  recall("let y = 1");
  recall("const y = 1");
  expect(isRecalled("let y = 1")).toBe(false);
  expect(scope.kind("y")).toBe("let");
});

test("cells with magics are compiled anew, and what is long is not kept", () => {
  recall("%time 1");
  expect(isRecalled("%time 1")).toBe(false);
  const long = `'${"x".repeat(20_000)}'`;
  recall(long);
  expect(isRecalled(long)).toBe(false);
});

test("what is no longer usable is compiled anew", () => {
  recall("1 + 2");
  isUsable = false;
  expect(isRecalled("1 + 2")).toBe(false);
  isUsable = true;
  expect(isRecalled("1 + 2")).toBe(true);
});
