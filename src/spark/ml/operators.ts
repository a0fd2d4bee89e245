import * as buckets from "./buckets.ts";
import * as classification from "./classification.ts";
import * as clustering from "./clustering.ts";
import * as evaluation from "./evaluation.ts";
import * as feature from "./feature.ts";
import * as fpm from "./fpm.ts";
import * as neighbors from "./neighbors.ts";
import type { OperatorClass } from "./operator.ts";
import * as recommendation from "./recommendation.ts";
import * as regression from "./regression.ts";
import * as scaling from "./scaling.ts";
import * as selection from "./selection.ts";
import * as text from "./text.ts";
import * as treeClassification from "./tree-classification.ts";
import * as treeRegression from "./tree-regression.ts";
import * as vectors from "./vectors.ts";

/** Every class of operators that a server can be told of, by which what was saved is loaded. */
export const OPERATORS: readonly OperatorClass[] = [
  buckets,
  classification,
  clustering,
  evaluation,
  feature,
  fpm,
  neighbors,
  recommendation,
  regression,
  scaling,
  selection,
  text,
  treeClassification,
  treeRegression,
  vectors,
]
  .flatMap((room) => Object.values(room) as readonly object[])
  .filter((one): one is OperatorClass => "operator" in one);
