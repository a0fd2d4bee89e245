import { createHook } from "node:async_hooks";
import { createRequire } from "node:module";
import { KernelBug } from "../../src/errors.ts";
import { quietly } from "./quietly.ts";

interface AsyncWrap {
  readonly async_hook_fields: Uint32Array;
  readonly constants: { readonly kCheck: number; readonly kTotals: number };
}

/**
 * Switches Node's async-hook stack checks off for good. Terminating a loop that runs in a timer leaves that stack unbalanced; with
 * the checks on, Node aborts the process. Every hook that is enabled, an AsyncLocalStorage too, would switch them on again.
 */
export function disarmAsyncHookChecks(): void {
  const { async_hook_fields: fields, constants } = asyncWrap();
  const disarm = () => {
    fields[constants.kCheck] = 0;
    fields[constants.kTotals] = 0;
  };
  const hooks: Record<"enable" | "disable", () => unknown> = Object.getPrototypeOf(createHook({}));
  for (const name of ["enable", "disable"] as const) {
    const original = hooks[name];
    hooks[name] = function patched(this: unknown) {
      const result = Reflect.apply(original, this, []);
      disarm();
      return result;
    };
  }
  disarm();
}

/** The flag `--expose-internals` is the one way to these counters that works in Node 20, 22 and 24. */
function asyncWrap(): AsyncWrap {
  try {
    const binding = quietly(() => createRequire(import.meta.url)("internal/test/binding"));
    return binding.internalBinding("async_wrap");
  } catch (cause) {
    throw new KernelBug("the executor must be started with --expose-internals", { cause });
  }
}
