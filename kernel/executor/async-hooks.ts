import { createHook } from "node:async_hooks";
import { nodeInternals } from "./node-internals.ts";

interface AsyncWrap {
  readonly async_hook_fields: Uint32Array;
  readonly constants: { readonly kCheck: number; readonly kTotals: number };
}

/**
 * Switches Node's async-hook stack checks off for good. Terminating a loop that runs in a timer leaves that stack unbalanced; with
 * the checks on, Node aborts the process. Every hook that is enabled, an AsyncLocalStorage too, would switch them on again.
 */
export function disarmAsyncHookChecks(): void {
  const { async_hook_fields: fields, constants } = nodeInternals("internal/test/binding").internalBinding(
    "async_wrap",
  ) as AsyncWrap;
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
