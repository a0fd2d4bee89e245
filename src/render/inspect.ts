import { inspect } from "node:util";

const OPTIONS = { depth: 4, maxArrayLength: 100, maxStringLength: 10_000, breakLength: 90, colors: false } as const;

/** Any JavaScript value as text, bounded in depth and length; values that throw when they are looked at are survived. */
export function inspectValue(value: unknown): string {
  for (const customInspect of [true, false]) {
    try {
      return inspect(value, { ...OPTIONS, customInspect });
    } catch {
      // Its own inspect method, a proxy's trap or a tag threw: the next try asks the value less.
    }
  }
  return typeof value === "function" ? "[Function]" : "[Object that cannot be looked at]";
}
