import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type * as published from "tslab";
import { afterAll, beforeAll, expect, expectTypeOf, test } from "vitest";
import type * as ours from "../../../kernel/executor/tslab.ts";
import { Executor } from "./harness.ts";

let executor: Executor;
beforeAll(async () => {
  executor = await new Executor().ready();
});
afterAll(async () => {
  await executor[Symbol.asyncDispose]();
});

test("has tslab's published types", () => {
  expectTypeOf<typeof ours.display>().toExtend<typeof published.display>();
  expectTypeOf<typeof ours.newDisplay>().toExtend<typeof published.newDisplay>();
  expectTypeOf<typeof ours.versions>().toExtend<typeof published.versions>();
  expectTypeOf<keyof ours.Display>().toEqualTypeOf<keyof published.Display>();
  expect(true).toBe(true);
});

test("has every function that tslab has, with its MIME names", async () => {
  const source = readFileSync(createRequire(import.meta.url).resolve("tslab"), "utf8");
  const names = [...source.matchAll(/^ {4}(\w+)\([sb]\) \{\s+this\.raw\("([^"]+)", [sb]\);/gm)].map((match) => [
    match[1],
    match[2],
  ]);
  expect(names.length).toBe(10);
  for (const [name, mime] of names) {
    const isBinary = /^(png|jpeg|gif|pdf)$/.test(name ?? "");
    const { displays, failure } = await executor.run(
      `(await import("tslab")).display.${name}(${isBinary ? "new Uint8Array([1, 2, 255])" : "'content'"})`,
    );
    expect(failure).toBeUndefined();
    expect(displays).toMatchObject([{ data: { [mime as string]: isBinary ? "AQL/" : "content" }, update: false }]);
  }
});

test("newDisplay overwrites its one output", async () => {
  const { displays } = await executor.run(`
    import * as tslab from "tslab";
    const one = tslab.newDisplay();
    one.text("first"); one.html("second"); one.raw("application/x", "third");
    tslab.newDisplay().text("another");
  `);
  const ids = displays.map(({ displayId }) => displayId);
  expect(displays.map(({ update }) => update)).toEqual([false, true, true, false]);
  expect(new Set(ids.slice(0, 3)).size).toBe(1);
  expect(ids[3]).not.toBe(ids[0]);
});

test("says what it is", async () => {
  expect((await executor.run("import { versions } from 'tslab'; Object.keys(versions)")).text).toBe(
    "[ 'tslab', 'typescript', 'node' ]",
  );
});
