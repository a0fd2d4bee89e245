import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compileCell } from "../../../kernel/cell/compile.ts";
import { isComplete } from "../../../kernel/cell/is-complete.ts";
import { CellScope } from "../../../kernel/cell/scope.ts";

/** What opens a level, what stands inside all of them, what closes one. */
const FORMS: Readonly<Record<string, readonly [open: string, inside: string, close: string]>> = {
  arrows: ["a=>", "a", ""],
  "async arrows": ["async a=>await ", "a", ""],
  "arrows with bodies": ["a=>{", "", "}"],
  negations: ["!", "a", ""],
  signs: ["- ", "a", ""],
  increments: ["++", "a", ""],
  typeof: ["typeof ", "a", ""],
  awaits: ["await ", "a", ""],
  news: ["new ", "a", ""],
  templates: ["`${", "a", "}`"],
  conditions: ["a?a:", "a", ""],
  "conditions in the middle": ["a?", "a", ":a"],
  assignments: ["a=", "a", ""],
  powers: ["a**", "a", ""],
  ifs: ["if(a)", "a", ""],
  "ifs on lines": ["if (a)\n", "a", ""],
  elses: ["if(a);else ", "a", ""],
  "elses of blocks": ["if(a){} else ", "a", ""],
  fors: ["for(;;)", "a", ""],
  "for await": ["for await(a of a)", "a", ""],
  whiles: ["while(a)", "a", ""],
  dos: ["do ", "a;", "while(a);"],
  labels: ["a: ", "a", ""],
  calls: ["", "a", "()"],
  members: ["", "a", ".a"],
  "optional members": ["", "a", "?.a"],
  indices: ["", "a", "[0]"],
  sums: ["a+", "a", ""],
  strings: ["'a'+", "a", ""],
  ands: ["a&&", "a", ""],
  nullish: ["a??", "a", ""],
  tags: ["", "a", "``"],
  "not null": ["", "a", "!"],
  assertions: ["", "a", " as a"],
  casts: ["<A>", "a", ""],
  generics: ["A<", "A", ">"],
  "type operators": ["keyof ", "A", ""],
  "conditional types": ["A extends A ? A : ", "A", ""],
  "function types": ["() => ", "A", ""],
  "constructor types": ["new () => ", "A", ""],
  "array types": ["", "A", "[]"],
  classes: ["class extends ", "a", "{}"],
  brackets: ["(", "a", ")"],
  arrays: ["[", "a", "]"],
  blocks: ["{", "", "}"],
  getters: ["({get a(){return ", "a", "}})"],
  functions: ["(function(){return ", "a", "})()"],
  yields: ["yield ", "a", ""],
  decorators: ["@a ", "class A {}", ""],
  elements: ["<a>", "", "</a>"],
};

const AROUND = [
  "",
  "type B = ",
  "let b: ",
  "(",
  "x = ",
  "function* f() { ",
  "`${",
  "/* a */ ",
  "'\\'' + ",
  "/[/]/.test(b) + ",
];

describe("code that is nested however deeply", () => {
  test.each(Object.entries(FORMS))("leaves the process alive: %s", (_, [open, inside, close]) => {
    for (const times of [900, 1900, 6000, 100_000]) {
      for (const around of ["", "type B = ", "let b: ", "function* f() { "]) {
        judged(around + open.repeat(times) + inside + close.repeat(times));
        judged(around + open.repeat(times));
      }
    }
  });

  test("leaves the process alive, in every mixture", () => {
    const form = fc.constantFrom(...Object.values(FORMS));
    const part = fc.tuple(fc.array(form, { minLength: 1, maxLength: 4 }), fc.integer({ min: 1, max: 20_000 }));
    const mixture = fc.tuple(fc.constantFrom(...AROUND), fc.array(part, { minLength: 1, maxLength: 3 }), fc.boolean());
    fc.assert(
      fc.property(mixture, ([around, parts, closes]) => {
        const opens = parts.map(([forms, times]) =>
          forms
            .map(([open]) => open)
            .join("")
            .repeat(times),
        );
        const closed = parts.map(([forms, times]) =>
          [...forms]
            .reverse()
            .map(([, , close]) => close)
            .join("")
            .repeat(times),
        );
        judged(
          around + opens.join("") + (parts.at(-1)?.[0].at(-1)?.[1] ?? "") + (closes ? closed.reverse().join("") : ""),
        );
      }),
      { seed: 5, numRuns: 300 },
    );
  });
});

describe("long code that is not deep is taken", () => {
  test.each([
    ["statements without semicolons", "a = f(b)\n".repeat(5000)],
    ["calls without semicolons", "f(x => x)\n".repeat(5000)],
    ["blocks in a row", "if (a) { b = !c } else { c = -b }\n".repeat(3000)],
    ["blocks in one line", "if (a) { b = !c }".repeat(3000)],
    ["arrows in a list", `[${"(x) => !x ? -1 : x => 1, ".repeat(3000)}]`],
    ["an object of arrows", `({ ${Array.from({ length: 3000 }, (_, at) => `k${at}: (x) => !x,`).join("\n")} })`],
    ["a union of types", `type T = ${"| 'a' ".repeat(5000)}`],
    [
      "a class of methods",
      `class A { ${Array.from({ length: 2000 }, (_, at) => `m${at}(x = 1) { return !x }`).join("\n")} }`,
    ],
    ["a switch", `switch (a) { ${Array.from({ length: 2000 }, (_, at) => `case ${at}: b = !c; break`).join("\n")} }`],
    ["a sum of 8,000", Array(8000).fill("a").join(" + ")],
    ["templates", "f(`a ${b} c ${!d}`)\n".repeat(4000)],
    ["regular expressions", "f(/[({]+`/g)\n".repeat(4000)],
    ["comments with brackets", "// (((([[[{{{`\n/* ((( */ a = 1\n".repeat(4000)],
    ["texts with brackets", "f('((([[[{{{`')\n".repeat(4000)],
  ])("%s", (_, code) => {
    expect(isComplete(code).status).toBe("complete");
    expect(compiled(code)).toBe("compiled");
  });
});

describe("a text or comment of ten million characters is taken, whose every character a regular expression would keep", () => {
  const long = "日".repeat(10_000_000);
  test.each([
    ["single quotes", `const text = '${long}'`],
    ["double quotes", `f("\\"${long}")`],
    ["a comment", `/* ${long} */ a`],
    ["a line of comment", `// ${long}\na`],
  ])("%s", (_, code) => expect(isComplete(code).status).toBe("complete"));
});

/** The parser is native: a failure of this test is the end of its process. */
function judged(code: string): void {
  expect(isComplete(code).status).toMatch(/^(complete|incomplete|invalid)$/);
  expect(compiled(code)).toMatch(/^(compiled|SyntaxError|UsageError)$/);
}

function compiled(code: string): string {
  try {
    compileCell(code, { filename: "cell-1.ts", scope: new CellScope(), magics: new Map() });
    return "compiled";
  } catch (error) {
    return (error as Error).name;
  }
}
