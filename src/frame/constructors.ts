import type * as Danfo from "#danfo";
import { danfo } from "./danfo.ts";

/** A Danfo frame; what `import { DataFrame } from "danfojs-node"` gives in a cell. */
export type DataFrame = Danfo.DataFrame;
/** A Danfo series. */
export type Series = Danfo.Series;

/**
 * Danfo's frame as a value, for `new` and `instanceof`; Danfo is loaded with the first use.
 *
 * @example
 * new DataFrame({ city: ["Rome", "Oslo"], sales: [1, 2] }).shape; // [2, 2]
 */
export const DataFrame: typeof Danfo.DataFrame = atFirstUse(() => danfo().DataFrame);

/**
 * Danfo's series as a value, for `new` and `instanceof`; Danfo is loaded with the first use.
 *
 * @example
 * new Series([1, 2, 3]).sum(); // 6
 */
export const Series: typeof Danfo.Series = atFirstUse(() => danfo().Series);

/** Stands for a class that is loaded when it is constructed or one of its members is read. */
function atFirstUse<Class extends abstract new (...args: never[]) => object>(load: () => Class): Class {
  // Neither a class, whose `prototype` a proxy must give as it is, nor an arrow, which nobody can construct.
  function target(): void {}
  const standIn: Class = new Proxy(target as unknown as Class, {
    construct: (_, args, newTarget) => Reflect.construct(load(), args, newTarget === standIn ? load() : newTarget),
    get: (_, key) => Reflect.get(load(), key),
    has: (_, key) => Reflect.has(load(), key),
  });
  return standIn;
}
