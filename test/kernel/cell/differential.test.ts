import vm from "node:vm";
import fc from "fast-check";
import { expect, test } from "vitest";
import { failureOf, Session } from "./session.ts";

/** Programs over few names, so that shadowing, closures and writes meet often. */
const { statement } = fc.letrec<{ expression: string; statement: string }>((tie) => {
  const name = fc.constantFrom("a", "b", "c");
  const e = tie("expression");
  const s = tie("statement");
  const one = fc.constantFrom("a", "b", "c", "1", "'s'");
  const of = (make: (v: string, x: string, y: string) => string) => fc.tuple(name, e, e).map((parts) => make(...parts));
  const block = (make: (v: string, x: string, body: string) => string) =>
    fc.tuple(name, e, s).map((parts) => make(...parts));
  return {
    expression: fc.oneof(
      { maxDepth: 3, withCrossShrink: true },
      one,
      of((_, x, y) => `(${x} + ${y})`),
      of((v, x) => `(${v} = ${x})`),
      of((v) => `${v}++`),
      of((v, x) => `((${v}) => ${v} + ${x})(${x})`),
      of((v, x, y) => `(function (${v} = ${x}) { return ${y} })()`),
      of((v, x) => `({ ${v}, k: ${x} }).${v}`),
      of((v, x) => `(({ ${v}: q = ${x} }) => q)({ ${v} })`),
      of((v, x, y) => `(([${v} = ${x}, ...r]) => r.length + String(${v}))([${x}, ${y}])`),
      of((v, x) => `(() => { var ${v} = ${x}; return ${v} })()`),
      of((v, x) => `(() => { try { throw ${x} } catch (${v}) { return ${v} } })()`),
      of((v, x) => `(class { static ${v} = ${x}; static m() { return this.${v} } }).m()`),
      of((_, x) => `f(${x})`),
      of((_, x) => `g?.(${x})`),
      of((v, x) => `[${v}].map((x) => x + ${x}).join()`),
      of((v) => `typeof ${v}`),
      of((_, x, y) => `\`\${${x}}-\${${y}}\``),
    ),
    statement: fc.oneof(
      { maxDepth: 2, withCrossShrink: true },
      of((v, x) => `${v} = ${x}`),
      of((_, x) => `log(${x})`),
      of((v, x, y) => `;[${v}] = [${x}, ${y}]`),
      of((v, x, y) => `;({ k: ${v} = ${x} } = { k: ${y} })`),
      of((_, x) => `f(${x})`),
      of((v, x) => `for (${v} of [1, ${x}]) log(${v})`),
      of((v) => `for (${v} in { q: 1 }) { log(${v}) }`),
      of((_, x) => `{ var w = ${x} }`),
      of((v, x) => `${v} = await ${x}`),
      of((_, x, y) => `log(await ${x}, [await ${y}])`),
      of((v, x, y) => `for await (const ${v} of [${x}, ${y}]) log(${v})`),
      of((v, x, y) => `for await (${v} of [${x}, ${y}]) if (${x}) log(${v})`),
      of((v, x, y) => `for ({ k: ${v} = ${x} } of [{}, { k: ${y} }]) log(${v})`),
      of((v, x, y) => `for (const q of (function* (${v}) { yield ${x}; yield ${v} })(${y})) log(q)`),
      of((v, x) => `log(({ get ${v}() { return ${x} } }).${v})`),
      of((v, x) => `log(new (class { #p = ${x}; get p() { return String(this.#p) + ${v} } })().p)`),
      of(
        (v, x, y) =>
          `log(class ${v} { static toString() { return "C" } static s; static { this.s = typeof ${v} + typeof (${x}) } static [typeof (${y})] = 1 }.s)`,
      ),
      of((v, x, y) => `{ const h = async (${v} = ${x}) => { await null; return ${y} }; log(await h()) }`),
      of((v, x, y) => `log(await (async () => { for await (const ${v} of [${x}]) return ${y} })())`),
      block((v, x, body) => `${v}: for (const q of [${x}]) { ${body}\nif (q) continue ${v}; break ${v} }`),
      block((v, x, body) => `do { ${body}\n${v} = ${x} } while (await false)`),
      block((v, x, body) => `if (${x}) { ${body} } else log(${v})`),
      block((v, _, body) => `{ let ${v} = 1; ${body}\nlog(typeof ${v}) }`),
      block((v, _, body) => `{ function ${v}() {}\n${body}\nlog(typeof ${v}) }`),
      block((v, _, body) => `for (const ${v} of [1, 2]) { log(${v}); try { ${body} } catch (e) { log(String(e)) } }`),
      block((_, x, body) => `switch (${x}) { case 1: ${body}; break; default: log('d') }`),
      block((_, __, body) => `await (async () => { await null; ${body} })()`),
      block((_, x, body) => `try { ${body}; throw ${x} } catch (e) { log(String(e)) } finally { log('f') }`),
    ),
  };
});

const START =
  "let a = 1, b = 'x', c = [2]; var w; function f(x) { return x + String(a) }; const g = (y) => { b = y; return typeof c }";
const END = "log(a, b, c, w)";

test("a program does the same in V8, in one cell and in many", async () => {
  const program = fc.array(statement, { minLength: 1, maxLength: 5 });
  await fc.assert(
    fc.asyncProperty(program, async (statements) => {
      const whole = [START, ...statements, END].join("\n");
      const plain = await logged(() => new vm.Script(`(async () => {"use strict";${whole}\n})()`).runInThisContext());
      const one = new Session();
      expect(await logged(() => one.run(whole)), whole).toEqual(plain);
      const many = new Session();
      const run = async (): Promise<void> => {
        for (const cell of [START, ...statements, END]) await many.run(cell);
      };
      expect(await logged(run), whole).toEqual(plain);
    }),
    { seed: 3, numRuns: 300 },
  );
});

async function logged(run: () => Promise<unknown>): Promise<string[]> {
  const lines: string[] = [];
  Object.assign(globalThis, { log: (...values: unknown[]) => void lines.push(values.map(String).join(" ")) });
  const failure = await failureOf(run());
  Reflect.deleteProperty(globalThis, "log");
  return [...lines, String(failure)];
}
