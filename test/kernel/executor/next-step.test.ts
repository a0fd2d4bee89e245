import { expect, test } from "vitest";
import { compileCell } from "../../../kernel/cell/compile.ts";
import { CellScope } from "../../../kernel/cell/scope.ts";
import { nextStep } from "../../../kernel/executor/next-step.ts";

const notDefined = (name: string): Error => new ReferenceError(`${name} is not defined`);

test.each([
  [
    "const out = !ls",
    "ls",
    '!ls; to keep what it prints: import { execSync } from "node:child_process"; execSync("ls"',
  ],
  ["files = !ls -l *.csv", "ls", "!ls -l *.csv;"],
  ["let x = !git log;", "git", "!git log;"],
])("a command that is assigned, as in IPython: %s", (line, name, step) => {
  expect(nextStep(notDefined(name), line)).toContain(step);
});

test.each([
  ["const flag = !a && b", "a"],
  ["const flag = !a.b(c)", "a"],
  ["const flag = !known + other", "other"],
  ["flag == !a", "a"],
  ["const flag = !!a", "a"],
])("a negation is none: %s", (line, name) => {
  expect(nextStep(notDefined(name), line)).toBeUndefined();
});

test("names of Python, a package that is not there, a database's limit", () => {
  expect(nextStep(notDefined("print"), "print(1)")).toContain("console.log");
  expect(nextStep(notDefined("something"), "something")).toBeUndefined();
  const absent = Object.assign(new Error("Cannot find package '@a/b/c' imported from /x"), {
    code: "ERR_MODULE_NOT_FOUND",
  });
  expect(nextStep(absent, undefined)).toBe("install it with: %npm install @a/b");
  const full = "Out of Memory Error: failed to allocate data of size 16.0 MiB (50.4 MiB/57.2 MiB used)";
  expect(nextStep(new Error(full), undefined)).toContain("memory_limit");
});

test("what cannot be read gives nothing", () => {
  const hostile = Object.defineProperty(new Error("x"), "message", {
    get() {
      throw new Error("no");
    },
  });
  expect(nextStep(hostile, undefined)).toBeUndefined();
});

test("a percent sign in a text is no magic", () => {
  const options = { filename: "cell-1.ts", scope: new CellScope(), magics: new Map() };
  expect(() => compileCell("console.log('x=%d' 3)", options)).not.toThrow(/magic/);
  expect(() => compileCell("console.log('x=%d' 3)", options)).toThrow(SyntaxError);
});

test.each([
  ["import pandas as pd", "danfojs-node"],
  ["import os.path", "import { name } from"],
  ["from os import path", "an import of Python's"],
  ["1\nlet x = %time 1 + 1", "a magic stands alone on its line"],
])("what is no TypeScript, and its cure: %s", (code, cure) => {
  expect(() => compileCell(code, { filename: "cell-1.ts", scope: new CellScope(), magics: new Map() })).toThrow(cure);
});
