import type { FigureValue, TopValue } from "./column-figures.ts";
import { numbersOf } from "./records.ts";
import type { CountsPart } from "./value-counts.ts";

const SHOWN = 10;

/**
 * What comes most often, most first and equals in their own order; of a sketch only what certainly comes more often than all
 * that it lost. `valueAt` is undefined for a text that was not kept.
 */
export function topOf(
  { counts, lost }: Pick<CountsPart, "counts" | "lost">,
  valueAt: (index: number) => FigureValue | undefined,
  compare: (a: number, b: number) => number,
): TopValue[] {
  const times = numbersOf(counts, false);
  const countOf = (index: number) => times[index] as number;
  const isBefore = (a: number, b: number) =>
    countOf(a) > countOf(b) || (countOf(a) === countOf(b) && compare(a, b) < 0);
  const first: number[] = [];
  let least = lost + 1;
  for (let index = 0; index < counts.length; index++) {
    if (countOf(index) < least) continue;
    let at = first.length;
    while (at > 0 && isBefore(index, first[at - 1] as number)) at--;
    if (at === SHOWN) continue;
    first.splice(at, 0, index);
    if (first.length > SHOWN) first.pop();
    if (first.length === SHOWN) least = countOf(first[SHOWN - 1] as number);
  }
  return first.flatMap((index) => {
    const value = valueAt(index);
    return value === undefined ? [] : [{ value, count: countOf(index) }];
  });
}
