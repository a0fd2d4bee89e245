import { UsageError } from "../../src/errors.ts";

/** How many results are held; older ones go when nothing else holds them, so that a notebook does not keep every frame that it ever showed. */
const HELD = 3;
/** Texts up to here are cheap enough to be held for good. */
const SHORT = 10_000;

const held: { readonly count: number; value: unknown }[] = [];

/**
 * Makes a value the last result: `_`, `__` and `___` are the last three, `_7` is that of cell 7. A cell that declares such a
 * name shadows it.
 */
export function setResult(value: unknown, count: number): void {
  const newest = held[0];
  // A magic in the middle of a cell has a value, and the cell has one.
  if (newest?.count === count) newest.value = value;
  else held.unshift({ count, value });
  held.length = Math.min(held.length, HELD);
  for (const [i, result] of held.entries()) define("_".repeat(i + 1), () => result.value);
  define(`_${count}`, lightly(value, count));
}

/** Holds plain values, and objects only as long as somebody else does. */
function lightly(value: unknown, count: number): () => unknown {
  const isPlain = (typeof value !== "object" && typeof value !== "function") || value === null;
  if (!isPlain) return reader(new WeakRef(value as object), count);
  return typeof value === "string" && value.length > SHORT ? reader(undefined, count) : () => value;
}

/** A function of its own: closures that are made side by side hold each other's variables. */
function reader(reference: WeakRef<object> | undefined, count: number): () => unknown {
  return () => {
    const found = reference?.deref() ?? held.find((result) => result.count === count)?.value;
    if (found !== undefined) return found;
    throw new UsageError("E_RESULT_GONE", `the result of cell ${count} is no longer in memory`, {
      hint: `only the last ${HELD} results are kept: run the cell again, and give what you need a name`,
    });
  };
}

function define(name: string, get: () => unknown): void {
  const set = (value: unknown) =>
    Object.defineProperty(globalThis, name, { value, configurable: true, writable: true, enumerable: false });
  // A cell may have frozen the globals: then it has no `_`, and the cells after it have no error for that.
  Reflect.defineProperty(globalThis, name, { get, set, configurable: true, enumerable: false });
}
