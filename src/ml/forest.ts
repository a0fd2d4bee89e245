import { availableParallelism } from "node:os";
import { performance } from "node:perf_hooks";
import { setImmediate as nextTurn } from "node:timers/promises";
import { UsageError } from "../errors.ts";
import { type DataFrame, rowsOf } from "../frame/frame.ts";
import type { RunOptions } from "../progress.ts";
import { comparable, featuresOf, labelsOf } from "./features.ts";
import { growForest } from "./grow-forest.ts";
import type { Tree } from "./grow-tree.ts";
import { checkSeed } from "./train-test-split.ts";

export interface LocalForestParams {
  /** Default 100. */
  readonly numTrees?: number;
  /** Default: until the leaves are pure. */
  readonly maxDepth?: number;
  /** The least rows of a leaf; default 1. */
  readonly minInstancesPerNode?: number;
  /** How many features a split may choose from; default sqrt, the square root of their number. */
  readonly featureSubsetStrategy?: "sqrt" | "log2" | "all" | number;
  /** Whether each tree learns from rows drawn by chance; default true. */
  readonly bootstrap?: boolean;
  /** The same seed gives the same forest, on every machine and with any number of threads; default 0. */
  readonly seed?: number;
  /** Threads; default one for each core. */
  readonly threads?: number;
}

export interface FitOptions extends Pick<RunOptions, "signal" | "onProgress"> {
  /** Columns of numbers, or of true and false. */
  readonly features: readonly string[];
  /** The column of the classes: numbers, words, or true and false. */
  readonly label: string;
}

/** Rows that are predicted between two looks at the event loop. */
const SLICE_MS = 20;
const LOOK_EVERY = 64;

/**
 * A random forest that learns here, on the rows of a frame; `RandomForestClassifier` is Spark's. Trees grow in threads of their own.
 *
 * @example
 * const [train, test] = trainTestSplit(customers, { testSize: 0.2, seed: 42 });
 * const forest = new LocalRandomForestClassifier({ numTrees: 50, seed: 42 });
 * const model = await forest.fit(train, { features: ["total_spent", "transaction_count"], label: "churned" });
 * areaUnderRoc(test.column("churned"), await model.predictProbability(test));
 */
export class LocalRandomForestClassifier {
  readonly params: Readonly<Required<Omit<LocalForestParams, "maxDepth">> & Pick<LocalForestParams, "maxDepth">>;

  /** @throws {UsageError} E_ML_PARAM, E_SEED */
  constructor(params: LocalForestParams = {}) {
    const all = {
      numTrees: 100,
      minInstancesPerNode: 1,
      featureSubsetStrategy: "sqrt" as const,
      bootstrap: true,
      seed: 0,
      threads: availableParallelism(),
      ...params,
    };
    checkParams(all);
    this.params = Object.freeze(all);
  }

  /**
   * @throws {UsageError} E_ML_COLUMN, E_ML_TYPE
   * @throws {DataError} E_ML_MISSING, E_ML_CLASSES
   * @throws {Interrupted} when the signal says so
   */
  async fit(frame: DataFrame, { features, label, signal, onProgress }: FitOptions): Promise<LocalRandomForestModel> {
    const values = await featuresOf(frame, features);
    const { classes, codes } = labelsOf(frame, label);
    const {
      numTrees,
      maxDepth = Number.POSITIVE_INFINITY,
      minInstancesPerNode,
      bootstrap,
      seed,
      threads,
    } = this.params;
    const featuresPerSplit = subsetSize(this.params.featureSubsetStrategy, features.length);
    const trees = await growForest(
      { features: values, labels: codes, classes: classes.length },
      { maxDepth, minInstancesPerNode, featuresPerSplit, bootstrap },
      { seed, trees: numTrees, threads, signal, onProgress },
    );
    return new LocalRandomForestModel(trees, features, classes);
  }
}

/** A forest that was fitted here. */
export class LocalRandomForestModel {
  readonly features: readonly string[];
  /** What can be predicted, in order. */
  readonly classes: readonly unknown[];
  readonly #trees: readonly Tree[];

  constructor(trees: readonly Tree[], features: readonly string[], classes: readonly unknown[]) {
    this.#trees = trees;
    this.features = features;
    this.classes = classes;
  }

  get numTrees(): number {
    return this.#trees.length;
  }

  get totalNumNodes(): number {
    return this.#trees.reduce((sum, { children }) => sum + children.length, 0);
  }

  /** How much each feature explains; they sum to 1. */
  get featureImportances(): number[] {
    const sums = this.features.map(() => 0);
    for (const { gains } of this.#trees) {
      const total = gains.reduce((sum, gain) => sum + gain, 0);
      if (total > 0) for (const [i, gain] of gains.entries()) sums[i] = (sums[i] as number) + gain / total;
    }
    const all = sums.reduce((sum, one) => sum + one, 0);
    return sums.map((one) => (all > 0 ? one / all : 0));
  }

  /** The most probable class of each row; of equal ones the first. */
  async predict(frame: DataFrame): Promise<unknown[]> {
    const predicted: unknown[] = [];
    await this.#walk(frame, (shares) => {
      let best = 0;
      for (let i = 1; i < shares.length; i++) if ((shares[i] as number) > (shares[best] as number)) best = i;
      predicted.push(this.classes[best]);
    });
    return predicted;
  }

  /**
   * The probability of a class for each row: the mean of its shares in the leaves. Without a class it is that of the last, which is 1 of
   * 0 and 1, and true of false and true.
   *
   * @throws {UsageError} E_ML_CLASS
   */
  async predictProbability(frame: DataFrame, ofClass: unknown = this.classes.at(-1)): Promise<Float64Array> {
    const index = this.classes.findIndex((one) => comparable(one) === comparable(ofClass));
    if (index < 0)
      throw new UsageError("E_ML_CLASS", `${String(ofClass)} is no class of this model`, {
        hint: `its classes are ${this.classes.map(String).join(", ")}`,
      });
    const probabilities = new Float64Array(rowsOf(frame));
    await this.#walk(frame, (shares, row) => {
      probabilities[row] = shares[index] as number;
    });
    return probabilities;
  }

  /** The shares of the classes, row by row, with the event loop let in between. */
  async #walk(frame: DataFrame, visit: (shares: Float64Array, row: number) => void): Promise<void> {
    const features = await featuresOf(frame, this.features);
    const rows = rowsOf(frame);
    const shares = new Float64Array(this.classes.length);
    let until = performance.now() + SLICE_MS;
    for (let row = 0; row < rows; row++) {
      shares.fill(0);
      for (const tree of this.#trees) addLeaf(tree, features, row, shares);
      for (let i = 0; i < shares.length; i++) shares[i] = (shares[i] as number) / this.#trees.length;
      visit(shares, row);
      if (row % LOOK_EVERY > 0 || performance.now() < until) continue;
      await nextTurn();
      until = performance.now() + SLICE_MS;
    }
  }
}

function addLeaf(tree: Tree, features: readonly Float64Array[], row: number, shares: Float64Array): void {
  const { children, thresholds, leaves } = tree;
  let node = 0;
  let child = children[0] as number;
  while (child >= 0) {
    const values = features[tree.features[node] as number] as Float64Array;
    node = (values[row] as number) <= (thresholds[node] as number) ? child : child + 1;
    child = children[node] as number;
  }
  const start = (-1 - child) * shares.length;
  for (let i = 0; i < shares.length; i++) shares[i] = (shares[i] as number) + (leaves[start + i] as number);
}

function subsetSize(strategy: LocalForestParams["featureSubsetStrategy"], features: number): number {
  if (strategy === "all") return features;
  if (typeof strategy === "number") return Math.min(features, strategy);
  return Math.max(1, Math.floor(strategy === "log2" ? Math.log2(features) : Math.sqrt(features)));
}

function checkParams(params: LocalForestParams): void {
  const { numTrees, maxDepth, minInstancesPerNode, featureSubsetStrategy: subset, seed, threads } = params;
  for (const [name, value] of Object.entries({ numTrees, maxDepth, minInstancesPerNode, threads })) {
    if (value !== undefined && !(Number.isInteger(value) && value >= 1))
      throw new UsageError("E_ML_PARAM", `a local forest does not take ${name}: ${String(value)}`, {
        hint: `${name} takes a whole number of at least 1`,
      });
  }
  const isNumber = typeof subset === "number" && Number.isInteger(subset) && subset >= 1;
  if (!isNumber && !["sqrt", "log2", "all"].includes(String(subset)))
    throw new UsageError("E_ML_PARAM", `a local forest does not take featureSubsetStrategy: ${String(subset)}`, {
      hint: "featureSubsetStrategy takes sqrt, log2, all, or a number of features",
    });
  checkSeed(seed ?? 0);
}
