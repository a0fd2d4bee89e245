import { expect, test } from "vitest";
import { failureOf, Session } from "./session.ts";

const RESOURCE =
  "const log: string[] = []\nconst res = (n: string, fails = false) => ({ n, [Symbol.dispose]() { log.push(n); if (fails) throw new Error('dispose ' + n) } })\nconst ares = (n: string) => ({ n, async [Symbol.asyncDispose]() { await null; log.push(n) } })";

async function session(): Promise<Session> {
  const made = new Session();
  await made.run(RESOURCE);
  return made;
}

test("resources go last first, null and undefined are no resources", async () => {
  const cells = await session();
  await cells.run("{ using a = res('a'), b = res('b'); using c = null, d = undefined; log.push('in') }");
  expect(await cells.run("log")).toEqual(["in", "b", "a"]);
});

test("a loop and a function dispose at each turn", async () => {
  const cells = await session();
  await cells.run("for (using x of [res('a'), res('b')]) log.push('in ' + x.n)");
  await cells.run("function f() { using y = res('y'); return y.n }\nlog.push(f())");
  expect(await cells.run("log")).toEqual(["in a", "a", "in b", "b", "y", "y"]);
});

test("async and sync resources of one block", async () => {
  const cells = await session();
  await cells.run("{ await using a = ares('a'); using b = res('b'); await using c = res('c'); await using d = null }");
  expect(await cells.run("log")).toEqual(["c", "b", "a"]);
});

test("the block's own error is kept beside those of disposing", async () => {
  const cells = await session();
  const error = (await failureOf(
    cells.run("{ using a = res('a', true); using b = res('b', true); throw new Error('own') }"),
  )) as Error & { error: Error; suppressed: Error & { error: Error; suppressed: Error } };
  expect([error.error.message, error.suppressed.error.message, error.suppressed.suppressed.message]).toEqual([
    "dispose a",
    "dispose b",
    "own",
  ]);
  expect(await cells.run("log")).toEqual(["b", "a"]);
});

test("an error of disposing alone is thrown as it is", async () => {
  const cells = await session();
  await expect(cells.run("{ using a = res('a', true) }")).rejects.toThrow(/^dispose a$/);
});

test("what cannot be disposed is refused at once, with the class and words of the language", async () => {
  const cells = await session();
  const error = await failureOf(cells.run("{ using a = res('a'); using b = {} as any; log.push('never') }"));
  expect(error).toBeInstanceOf(TypeError);
  expect((error as Error).message).toContain("Symbol.dispose");
  expect(await cells.run("log")).toEqual(["a"]);
});

test.each([
  [
    "a method",
    "const twice = (value: any, context: any) => function (this: any) { return 2 * value.call(this) }",
    "@twice m() { return 1 }",
  ],
  [
    "a getter",
    "const twice = (value: any, context: any) => function (this: any) { return 2 * value.call(this) }",
    "@twice get m() { return 1 }",
  ],
  ["a field", "const twice = (value: any, context: any) => (first: number) => 2 * first", "@twice m = 1"],
  [
    "an accessor",
    "const twice = (value: any, context: any) => ({ init: (first: number) => 2 * first })",
    "@twice accessor m = 1",
  ],
])("a decorator of the standard's kind is told for %s: its member was undefined", async (_, decorator, member) => {
  const cells = await session();
  const error = await failureOf(cells.run(`${decorator}\nclass A { ${member} }\nnew A().m`));
  expect(error).toBeInstanceOf(TypeError);
  expect((error as Error).message).toMatch(/^decorators here are TypeScript's older kind \(experimentalDecorators\)/);
});

test.each([
  ["a method", "function log(value: any, context: any) { log.seen = context.name }", "@log m() {}"],
  ["a field", "const log = (_: any, $c: any) => void $c?.kind;", "@log m = 1"],
  ["a factory", "const log = (..._: any[]) => (_value: any, { name }: any) => void name;", "@log() m() {}"],
])("a decorator that reads the standard's context is told for %s: all was undefined", async (_, decorator, member) => {
  const cells = await session();
  const error = await failureOf(cells.run(`${decorator}\nclass A { ${member} }`));
  expect(error).toBeInstanceOf(TypeError);
  expect((error as Error).message).toContain("called with (target, name, descriptor) and no context");
});

test("a decorator of the older kind may call its second argument what it likes", async () => {
  const cells = await session();
  const decorator =
    "const log = (target: any, context: string) => { seen.push(context, target.kind, context.length) };";
  expect(await cells.run(`const seen: unknown[] = [];\n${decorator}\nclass A { @log m() {} }\nseen`)).toEqual([
    "m",
    undefined,
    1,
  ]);
});

test("decorators run from the last to the first and may replace", async () => {
  const cells = await session();
  await cells.run(
    "const mark = (n: string) => (t: any, k: string, d: PropertyDescriptor) => { log.push(n); const old = d.value; d.value = () => n + old(); return d }\nclass A { @mark('1') @mark('2') m() { return 'x' } }",
  );
  expect(await cells.run("[log, new A().m()]")).toEqual([["2", "1"], "12x"]);
});
