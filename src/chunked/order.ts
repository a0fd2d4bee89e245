import { setImmediate } from "node:timers/promises";
import { compareValues } from "../frame/compare-values.ts";
import { type NumberKey, numberKey, orderByNumbers } from "./number-order.ts";

/** Groups sorted or moved between two looks at the event loop: a few milliseconds. */
const RUN = 16_384;

/**
 * The numbers 0 to `count` - 1 in the order of their keys, sorted in pieces so that the event loop is never held. Of the keys that
 * `descending` names by their index the largest come first; null stays last.
 */
export async function sortedOrder(
  keys: readonly ArrayLike<unknown>[],
  count: number,
  descending: ReadonlySet<number> = new Set(),
): Promise<Uint32Array> {
  const numbers = keys.map(numberKey);
  if (numbers.every((key) => key !== undefined)) return orderOfNumbers(numbers, count, descending);
  const compare = (a: number, b: number): number => {
    for (const [i, values] of keys.entries()) {
      const [left, right] = [values[a], values[b]];
      const result = compareValues(left, right);
      if (result !== 0) return descending.has(i) && left !== null && right !== null ? -result : result;
    }
    return a - b;
  };
  let order = upTo(count);
  for (let from = 0; from < count; from += RUN) {
    order.subarray(from, from + RUN).sort(compare);
    await setImmediate();
  }
  for (let width = RUN; width < count; width *= 2) {
    const merged = new Uint32Array(count);
    for (let from = 0; from < count; from += 2 * width)
      await mergeRuns(order, merged, from, from + width, Math.min(count, from + 2 * width), compare);
    order = merged;
  }
  return order;
}

async function orderOfNumbers(
  keys: readonly NumberKey[],
  count: number,
  descending: ReadonlySet<number>,
): Promise<Uint32Array> {
  let order: Uint32Array = upTo(count);
  for (let i = keys.length - 1; i >= 0; i--)
    order = await orderByNumbers(order, keys[i] as NumberKey, descending.has(i));
  return order;
}

/** 0 to `count` - 1; ten times as fast as `from` with a function. */
export function upTo(count: number): Uint32Array {
  const numbers = new Uint32Array(count);
  for (let i = 0; i < count; i++) numbers[i] = i;
  return numbers;
}

async function mergeRuns(
  source: Uint32Array,
  target: Uint32Array,
  from: number,
  middle: number,
  to: number,
  compare: (a: number, b: number) => number,
): Promise<void> {
  let [left, right] = [from, middle];
  for (let at = from; at < to; at++) {
    const takesLeft =
      left < middle && left < to && (right >= to || compare(source[left] as number, source[right] as number) <= 0);
    target[at] = source[takesLeft ? left++ : right++] as number;
    if ((at - from) % RUN === RUN - 1) await setImmediate();
  }
}
