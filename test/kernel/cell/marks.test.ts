import { runInThisContext } from "node:vm";
import { expect, test } from "vitest";
import { compileCell } from "../../../kernel/cell/compile.ts";
import { CellScope } from "../../../kernel/cell/scope.ts";
import { SlotTable } from "../../../kernel/cell/slots.ts";

const magics = new Map([["watch", { forms: ["%%"], body: "session" }]] as const);

/** Runs the body and gives each statement that was told of, in order, and the body's value. */
async function marked(
  body: string,
): Promise<{ readonly told: string[]; readonly value: unknown; readonly all: string[] }> {
  const options = { filename: "cell-1.ts", scope: new CellScope(), magics, marks: () => true };
  const { main, bodies } = compileCell(`%%watch\n${body}`, options);
  expect(main.statements).toEqual([]);
  const [unit] = bodies.values();
  const { code = "", uses = [], statements = [] } = unit ?? {};
  const slots = new SlotTable();
  const all = statements.map(({ line, text }) => `${line} ${text}`);
  const told: string[] = [];
  const host = {
    mark: (index: number) => told.push(all[index] ?? "?"),
    alive: (value: unknown) => value,
    import: (name: string) => import(name),
    pick: (space: Record<string, unknown>, name: string) => space[name],
  };
  const value = await runInThisContext(code)(
    uses.map((name) => slots.slot(name)),
    host,
  )();
  return { told, value, all };
}

test("each top-level statement is told of when it begins, with its line and its first line of text", async () => {
  const { told, value, all } = await marked(
    "const a = 1;let b = a // no semicolon\n{\n  b++\n}\nfor (const n of [1, 2]) {\n  b += n\n}\nawait null;\n[a, b]",
  );
  expect(told).toEqual([
    "2 const a = 1;",
    "2 let b = a",
    "3 {",
    "6 for (const n of [1, 2]) {",
    "9 await null;",
    "10 [a, b]",
  ]);
  expect(value).toEqual([1, 5]);
  expect(all).toEqual(told);
});

test("what a line break joins stays joined, and the value is that of the last expression", async () => {
  const { told, value } = await marked("let n = 1\nn\n++n\nn");
  expect(told).toEqual(["2 let n = 1", "3 n", "4 ++n", "5 n"]);
  expect(value).toBe(2);
});

test("imports come first, functions and types are no statements that run", async () => {
  const { told } = await marked(
    'type T = number;\nfunction f(): T { return 1 }\nf();\nimport { sep } from "node:path";\nexport const x = sep;\nexport { f };\nclass C {}',
  );
  expect(told).toEqual(['5 import { sep } from "node:path";', "4 f();", "6 export const x = sep;", "8 class C {}"]);
});

test("code that nobody watches is not marked", () => {
  const { bodies } = compileCell("%%watch\n1; 2", { filename: "cell-1.ts", scope: new CellScope(), magics });
  expect([...bodies.values()].map(({ code, statements }) => [code.includes("$host.mark"), statements])).toEqual([
    [false, []],
  ]);
});
