import { inspect } from "node:util";
import { describe, expect, test } from "vitest";
import {
  BinaryClassificationEvaluator,
  LogisticRegression,
  MulticlassClassificationEvaluator,
  ParamGridBuilder,
  Pipeline,
  RandomForestClassifier,
  RegressionEvaluator,
  VectorAssembler,
} from "../../../../src/index.ts";

describe("parameters are checked before any server is asked", () => {
  const BAD = [
    ["numTree", 5, 'has no parameter "numTree"', "did you mean numTrees?"],
    ["bogus", 5, 'has no parameter "bogus"', "it has featuresCol, labelCol"],
    ["toString", 5, 'has no parameter "toString"', "it has featuresCol"],
    ["numTrees", 0, "does not take numTrees: 0", "numTrees takes a whole number of at least 1"],
    ["numTrees", 2.5, "does not take numTrees: 2.5", "a whole number"],
    ["numTrees", "50", 'does not take numTrees: "50"', "a whole number"],
    ["maxDepth", 31, "does not take maxDepth: 31", "of at least 0, at most 30"],
    ["subsamplingRate", 0, "does not take subsamplingRate: 0", "above 0, at most 1"],
    ["minWeightFractionPerNode", 0.5, "minWeightFractionPerNode: 0.5", "below 0.5"],
    ["minInfoGain", Number.NaN, "does not take minInfoGain", "a number"],
    ["impurity", "gain", 'does not take impurity: "gain"', "one of gini, entropy"],
    ["featureSubsetStrategy", "half", 'featureSubsetStrategy: "half"', "a fraction"],
    ["featureSubsetStrategy", "0", 'featureSubsetStrategy: "0"', "a fraction"],
    ["seed", 2n ** 64n, "does not take seed: 18446744073709551616n", "a whole number"],
    ["seed", 2 ** 60, "does not take seed", "bigint beyond 2^53"],
    ["labelCol", "", 'does not take labelCol: ""', "the name of a column"],
    ["bootstrap", "yes", 'does not take bootstrap: "yes"', "true or false"],
    ["thresholds", [0.5, "x"], "does not take thresholds", "numbers"],
  ] as const;

  test.each(BAD)("%s: %o", (name, value, message, hint) => {
    const make = () => new RandomForestClassifier({ [name]: value } as never);
    expect(make).toThrow(
      expect.objectContaining({
        name: "UsageError",
        code: "E_ML_PARAM",
        message: expect.stringContaining(message),
        hint: expect.stringContaining(hint),
      }),
    );
  });

  test("what is needed is asked for", () => {
    expect(() => new VectorAssembler({ outputCol: "features" })).toThrow(
      expect.objectContaining({ code: "E_ML_PARAM", message: "VectorAssembler needs inputCols" }),
    );
    expect(() => new VectorAssembler({ inputCols: [] })).toThrow(/does not take inputCols/);
  });

  test("every good value is taken, and undefined is none", () => {
    for (const featureSubsetStrategy of ["auto", "all", "onethird", "sqrt", "log2", "3", "0.5", ".5", "1.0"] as const)
      expect(new RandomForestClassifier({ featureSubsetStrategy }).params).toEqual({ featureSubsetStrategy });
    expect(new RandomForestClassifier({ seed: -(2n ** 63n), weightCol: "", numTrees: undefined }).params).toEqual({
      seed: -(2n ** 63n),
      weightCol: "",
    });
    expect(new LogisticRegression({ regParam: 0, elasticNetParam: 1 }).params).toEqual({
      regParam: 0,
      elasticNetParam: 1,
    });
  });
});

test("parameters can be read, and not changed", () => {
  const forest = new RandomForestClassifier({ numTrees: 50, seed: 42 });
  expect(forest.params.numTrees).toBe(50);
  expect(() => Object.assign(forest.params, { numTrees: 1 })).toThrow();
  const other = forest.copy({ numTrees: 60 });
  expect([other.params, other.uid, forest.params.numTrees]).toEqual([{ numTrees: 60, seed: 42 }, forest.uid, 50]);
  expect(forest.uid).toMatch(/^RandomForestClassifier_[0-9a-f]{12}$/);
  expect(inspect(forest)).toBe("RandomForestClassifier { numTrees: 50, seed: 42 }");
  const lines = forest.explainParams().split("\n");
  expect(lines).toContain("numTrees: a whole number of at least 1 (default 20, set to 50)");
  expect(lines).toContain("minInfoGain: a number of at least 0 (default 0)");
  expect(lines).toContain('weightCol: the name of a column, or "" for none');
});

test("evaluators say which way is better", () => {
  expect(new BinaryClassificationEvaluator().isLargerBetter).toBe(true);
  expect(new RegressionEvaluator().isLargerBetter).toBe(false);
  expect(new RegressionEvaluator({ metricName: "r2" }).isLargerBetter).toBe(true);
  expect(new MulticlassClassificationEvaluator().isLargerBetter).toBe(true);
  expect(new MulticlassClassificationEvaluator({ metricName: "logLoss" }).isLargerBetter).toBe(false);
});

test("what belongs to no session says how to save it", async () => {
  for (const one of [new RandomForestClassifier(), new Pipeline({ stages: [] })])
    await expect((async () => one.save("x"))()).rejects.toMatchObject({
      code: "E_ML_SESSION",
      hint: "say it: .write().session(spark).save(path)",
    });
});

test("what is made of others is shown by the name that it is imported by", async () => {
  // As it is built: a bundler gives classes that name themselves other names.
  const { CrossValidator, Pipeline, PipelineModel, ParamGridBuilder, ...ml } = await import("outgrow");
  const forest = new ml.RandomForestClassifier({ numTrees: 3 });
  const model = new PipelineModel({ stages: [] });
  expect(inspect(model)).toMatch(/^PipelineModel \{/);
  expect(inspect(new Pipeline({ stages: [forest] }))).toMatch(
    /^Pipeline \{[\s\S]*RandomForestClassifier \{ numTrees: 3 \}/,
  );
  expect(() => model.save("x")).toThrow("PipelineModel belongs to no session");
  const estimatorParamMaps = new ParamGridBuilder().addGrid(forest, "numTrees", [3]).build();
  const evaluator = new ml.BinaryClassificationEvaluator({});
  expect(inspect(new CrossValidator({ estimator: forest, estimatorParamMaps, evaluator }))).toMatch(
    /^CrossValidator \{/,
  );
});

test("a grid is given the operator and a name, where PySpark has a member for each parameter", () => {
  const line = new LogisticRegression();
  // @ts-expect-error as PySpark's guide writes it
  expect(() => new ParamGridBuilder().addGrid(line.regParam, [0.1, 0.01])).toThrow(
    expect.objectContaining({ code: "E_ML_PARAM", hint: expect.stringContaining('addGrid(forest, "numTrees"') }),
  );
});
