import { expect } from "vitest";
import type { Row, SparkDataFrame } from "../../src/index.ts";
import { pyspark } from "./pyspark.ts";
import { asPython } from "./spark-twins.ts";

/** One thing done in TypeScript and the same in Python, with frames by name. */
export interface MlTwin<Frames> {
  readonly ours: (frames: Frames) => Promise<unknown>;
  /** An expression of Python. */
  readonly theirs: string;
  /** Sums that come in an order of their own are equal but for this. */
  readonly within?: number;
}

const HELPERS = `
from pyspark.ml import Pipeline
from pyspark.ml.feature import *
from pyspark.ml.classification import *
from pyspark.ml.regression import *
from pyspark.ml.clustering import *
from pyspark.ml.recommendation import *
from pyspark.ml.fpm import *
from pyspark.ml.evaluation import *
from pyspark.ml.linalg import Vectors, Matrices
from pyspark.ml.stat import *
def col(frame, name, by="id"):
    return [row[name] for row in sorted(frame.select(by, name).collect(), key=lambda row: row[by])]
def made(operator, frame, *names):
    out = (operator.fit(frame) if hasattr(operator, "fit") else operator).transform(frame)
    return [col(out, name) for name in names]
def tell(model, *names):
    return [getattr(model, name) for name in names]
`;

/**
 * What PySpark answers to each twin, in one run on the server of the tests; an error is `{ error, class }`.
 *
 * @param setup statements of Python before the first twin; `given["sql"]` holds the texts of the frames
 */
export async function pysparkMlAnswers(
  twins: Readonly<Record<string, { readonly theirs: string }>>,
  setup: string,
  sql: Readonly<Record<string, string>>,
): Promise<Record<string, unknown>> {
  const makers = Object.entries(twins).map(([name, { theirs }]) => `    ${JSON.stringify(name)}: lambda: ${theirs},`);
  const script = `${HELPERS}${setup}
twins = {
${makers.join("\n")}
}
result = {}
for name, make in twins.items():
    try:
        result[name] = make()
    except Exception as error:
        told = getattr(error, "getCondition", lambda: None)()
        result[name] = {"error": str(error)[:1000], "class": told}
`;
  return (await pyspark(script, { sql })) as Record<string, unknown>;
}

/** A column of a frame in the order of another; to sort here spares Spark two jobs. */
export async function mlColumn(frame: SparkDataFrame, name: string, by = "id"): Promise<unknown[]> {
  const rows = await frame.select(by, name).collect();
  const before = (a: Row, b: Row) => ((a[by] as number) < (b[by] as number) ? -1 : 1);
  return rows.sort(before).map((row) => asPython(row[name]));
}

type Making =
  | { transform(frame: SparkDataFrame): SparkDataFrame }
  | { fit(frame: SparkDataFrame): Promise<{ transform(frame: SparkDataFrame): SparkDataFrame }> };

/** Columns that an operator makes, which is fitted first where it can be. */
export async function madeColumns(operator: Making, frame: SparkDataFrame, ...names: string[]): Promise<unknown[]> {
  const out = ("fit" in operator ? await operator.fit(frame) : operator).transform(frame);
  return Promise.all(names.map((name) => mlColumn(out, name)));
}

/** The same, but for numbers that need only be near, relative to their size. */
export function nearly(value: unknown, within: number | undefined): unknown {
  if (within === undefined) return value;
  if (Array.isArray(value)) return value.map((one) => nearly(one, within));
  if (typeof value !== "number" || Number.isInteger(value) || !Number.isFinite(value)) return value;
  const isNear = (ours: unknown) => Math.abs((ours as number) - value) <= within * Math.max(1, Math.abs(value));
  return expect.toSatisfy(isNear);
}
