import { createRequire } from "node:module";
import { expect, test } from "vitest";

const { lazily } = createRequire(import.meta.url)("../../scripts/vendor/lazy.cjs") as {
  lazily(load: () => object, early?: object): Record<string, unknown>;
};

test("a module is loaded once, when something of it is read that could not be told before", () => {
  let loads = 0;
  const load = () => {
    loads++;
    return { a: 1, b: 2 };
  };
  const module = lazily(load, { b: "early" });
  expect([module.__esModule, module.b, loads]).toEqual([true, "early", 0]);
  expect([module.a, module.b, module.c, loads]).toEqual([1, 2, undefined, 1]);
});
