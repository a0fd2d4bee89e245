import { UsageError } from "../errors.ts";
import { isSeries } from "../frame/frame.ts";

/** A column of a frame, or its values. */
export type Values = ArrayLike<unknown> | { readonly values: unknown };

/**
 * The share of predictions that are right.
 *
 * @throws {UsageError} E_METRIC_LENGTH
 */
export function accuracy(labels: Values, predictions: Values): number {
  const [truth, said] = pair(labels, predictions);
  let right = 0;
  for (let i = 0; i < truth.length; i++) if (Object.is(plain(truth[i]), plain(said[i]))) right++;
  return right / truth.length;
}

/**
 * The area under the ROC curve, exactly: the chance that a row of the positive class has a higher score than one of the other, where
 * equal scores count half. Of two classes the positive one is the greater: 1 of 0 and 1, true of false and true.
 *
 * @throws {UsageError} E_METRIC_LENGTH, E_METRIC_CLASSES for other than two classes, E_METRIC_SCORE for NaN
 */
export function areaUnderRoc(labels: Values, scores: Values): number {
  const [truth, given] = pair(labels, scores);
  const positive = positiveClass(truth);
  const score = Float64Array.from(given, Number);
  if (score.some(Number.isNaN))
    throw new UsageError("E_METRIC_SCORE", "a score is no number", { hint: "take the output of predictProbability" });
  const order = Uint32Array.from(score, (_, i) => i).sort((a, b) => (score[a] as number) - (score[b] as number));
  // Half ranks are whole when doubled, so that sums stay exact.
  let doubledRanks = 0;
  let positives = 0;
  for (let from = 0, to = 0; from < order.length; from = to) {
    const value = score[order[from] as number];
    while (to < order.length && score[order[to] as number] === value) to++;
    let tied = 0;
    for (let i = from; i < to; i++) if (plain(truth[order[i] as number]) === positive) tied++;
    doubledRanks += tied * (from + 1 + to);
    positives += tied;
  }
  const negatives = order.length - positives;
  return (doubledRanks - positives * (positives + 1)) / (2 * positives * negatives);
}

function positiveClass(labels: ArrayLike<unknown>): unknown {
  const classes = [...new Set(Array.from(labels, plain))];
  if (classes.length !== 2 || classes.includes(null))
    throw new UsageError(
      "E_METRIC_CLASSES",
      `the ROC curve is about two classes, and the labels hold ${classes.length === 2 ? "nulls" : classes.length}`,
      { hint: "test with rows of both classes, without nulls" },
    );
  const [a, b] = classes as [number, number];
  return a > b ? a : b;
}

function pair(labels: Values, others: Values): [ArrayLike<unknown>, ArrayLike<unknown>] {
  const [truth, said] = [listOf(labels), listOf(others)];
  if (truth.length !== said.length || truth.length === 0)
    throw new UsageError("E_METRIC_LENGTH", `${truth.length} labels cannot be compared with ${said.length} values`, {
      hint: "give both of the same rows",
    });
  return [truth, said];
}

function listOf(values: Values): ArrayLike<unknown> {
  return isSeries(values) ? (values.values as unknown[]) : (values as ArrayLike<unknown>);
}

/** Labels are compared by value: a bigint column and a number column hold the same 1, a bool column the same as 0 and 1; dates by their time. */
function plain(value: unknown): unknown {
  if (value instanceof Date) return value.getTime();
  if (typeof value === "boolean") return value ? 1 : 0;
  return typeof value === "bigint" ? Number(value) : (value ?? null);
}
