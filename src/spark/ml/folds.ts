import { DataError } from "../../errors.ts";
import { type Column, col } from "../column.ts";
import type { SparkDataFrame } from "../dataframe.ts";
import { when } from "../functions/conditional.ts";
import { rand } from "../functions/random.ts";
import { format_string } from "../functions/string.ts";
import { raise_error } from "../functions/system.ts";

/** Rows to learn from, and rows to measure by. */
export interface Fold {
  readonly train: SparkDataFrame;
  readonly validation: SparkDataFrame;
}

/** Folds of about one size, each of which is what is measured by once. The same seed draws the same rows as PySpark does. */
export function randomFolds(frame: SparkDataFrame, count: number, draw: Draw): Fold[] {
  const { drawn, place } = withDraw(frame, draw);
  return Array.from({ length: count }, (_, i) => {
    const [from, to] = [i * (1 / count), (i + 1) * (1 / count)];
    return parted(drawn, place.geq(from).and(place.lt(to)));
  });
}

/** One fold: a share of the rows to learn from, the rest to measure by. */
export function trainFold(frame: SparkDataFrame, ratio: number, draw: Draw): Fold {
  const { drawn, place } = withDraw(frame, draw);
  return parted(drawn, place.geq(ratio));
}

/**
 * The folds that a column of numbers from 0 on names.
 *
 * @throws {DataError} E_ML_FOLD for a fold without rows
 */
export async function namedFolds(frame: SparkDataFrame, count: number, column: string): Promise<Fold[]> {
  const fold = col(column);
  const wrong = raise_error(format_string(`Fold number must be in range [0, ${count}), but got %s`, fold));
  const checked = frame.withColumn(column, when(fold.geq(0).and(fold.lt(count)), fold).otherwise(wrong));
  const folds = Array.from({ length: count }, (_, i) => ({
    train: checked.filter(fold.neq(i)),
    validation: checked.filter(fold.eq(i)),
  }));
  for (const [i, { train, validation }] of folds.entries())
    for (const [what, rows] of Object.entries({ train, validation }))
      if (await rows.isEmpty())
        throw new DataError(
          "E_ML_FOLD",
          `fold ${i} of "${column}" has no rows to ${what === "train" ? "learn from" : "measure by"}`,
          {
            hint: `"${column}" must name every fold from 0 to ${count - 1}`,
          },
        );
  return folds;
}

/** How rows are drawn: the seed, and the name of the column that holds a random number for each row meanwhile. */
export interface Draw {
  readonly seed: bigint;
  readonly column: string;
}

function withDraw(
  frame: SparkDataFrame,
  { seed, column }: Draw,
): { readonly drawn: SparkDataFrame; readonly place: Column } {
  const drawn = frame.select("*", rand(seed).alias(column));
  return { drawn, place: drawn.col(column) };
}

function parted(frame: SparkDataFrame, isValidation: Column): Fold {
  return { train: frame.filter(isValidation.not()), validation: frame.filter(isValidation) };
}
