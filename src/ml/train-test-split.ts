import { UsageError } from "../errors.ts";
import { type DataFrame, rowsOf } from "../frame/frame.ts";
import { seededRandom } from "./random.ts";

export interface SplitOptions {
  /** The share of the rows that the second frame gets, above 0 and below 1; default 0.25. */
  readonly testSize?: number;
  /** The same seed gives the same rows; default 0. */
  readonly seed?: number;
}

/**
 * Two frames of the rows of one, by chance: the first to learn from, the second to test with.
 *
 * @throws {UsageError} E_SPLIT
 * @example
 * const [train, test] = trainTestSplit(frame, { testSize: 0.2, seed: 42 });
 */
export function trainTestSplit(
  frame: DataFrame,
  { testSize = 0.25, seed = 0 }: SplitOptions = {},
): [train: DataFrame, test: DataFrame] {
  const count = rowsOf(frame);
  const testRows = Math.ceil(count * testSize);
  if (!(testSize > 0 && testSize < 1) || testRows >= count)
    throw new UsageError("E_SPLIT", `a test size of ${testSize} cannot be taken from ${count} rows`, {
      hint: "take a share such as 0.2, so that both frames get rows",
    });
  checkSeed(seed);
  const rows = shuffled(count, seed);
  const of = (chosen: Uint32Array) => frame.iloc({ rows: Array.from(chosen.sort()) }) as DataFrame;
  return [of(rows.slice(testRows)), of(rows.slice(0, testRows))];
}

/** @throws {UsageError} E_SEED */
export function checkSeed(seed: number): void {
  if (!Number.isSafeInteger(seed))
    throw new UsageError("E_SEED", `${seed} is not a seed`, { hint: "a seed is a whole number" });
}

function shuffled(count: number, seed: number): Uint32Array {
  const random = seededRandom(seed);
  const rows = Uint32Array.from({ length: count }, (_, i) => i);
  for (let i = count - 1; i > 0; i--) {
    const other = random.below(i + 1);
    [rows[i], rows[other]] = [rows[other] as number, rows[i] as number];
  }
  return rows;
}
