import { type InspectOptions, inspect } from "node:util";

/** Node marks a timer with the cell that set it, and would show that mark, and through it the kernel, with the timer. */
export function showTimersPlainly(): void {
  const timers = [setTimeout(() => {}, 0), setImmediate(() => {})] as const;
  clearTimeout(timers[0]);
  clearImmediate(timers[1]);
  for (const prototype of timers.map((timer) => Object.getPrototypeOf(timer) as object)) {
    Object.defineProperty(prototype, inspect.custom, { value: plainly, configurable: true, writable: true });
  }
}

function plainly(this: object, _depth: number, options: InspectOptions): string {
  const named = Object.entries(Object.getOwnPropertyDescriptors(this)).filter(([name]) => !name.startsWith("_idle"));
  const shown: unknown = Object.create(Object.getPrototypeOf(this), Object.fromEntries(named));
  return inspect(shown, { ...options, depth: 0, customInspect: false });
}
