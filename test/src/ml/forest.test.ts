import { describe, expect, test } from "vitest";
import {
  accuracy,
  areaUnderRoc,
  type DataFrame,
  frameFromColumns,
  LocalRandomForestClassifier,
  type ProgressEvent,
  trainTestSplit,
} from "../../../src/index.ts";
import { seededRandom } from "../../../src/ml/random.ts";

const ROWS = 2000;
const random = seededRandom(1);
const uniform = () => random.below(1 << 30) / (1 << 30);
const x = Float64Array.from({ length: ROWS }, uniform);
const y = Float64Array.from({ length: ROWS }, uniform);
const noise = Float64Array.from({ length: ROWS }, uniform);
/** Opposite quarters are of one class: no single split tells anything. */
const quarters = Array.from(x, (value, i) => (value > 0.5 === (y[i] as number) > 0.5 ? "same" : "other"));
const frame = frameFromColumns([
  { name: "x", type: "float64", values: x },
  { name: "y", type: "float64", values: y },
  { name: "noise", type: "float64", values: noise },
  { name: "quarter", type: "str", values: quarters },
  { name: "right", type: "bool", values: Uint8Array.from(x, (value) => (value > 0.7 ? 1 : 0)) },
  { name: "third", type: "int64", values: BigInt64Array.from(x, (value) => BigInt(Math.floor(value * 3)) + 5n) },
  { name: "when", type: "datetime64[ms]", values: Array.from(x, (_, i) => new Date(i)) },
  { name: "day", type: "datetime64[ms]", values: Array.from(x, (value) => new Date(value > 0.5 ? 86_400_000 : 0)) },
  { name: "ends", type: "float64", values: Float64Array.from(x, (value) => (value > 0.5 ? Infinity : -Infinity)) },
  { name: "gaps", type: "float64", values: Array.from(x, (value, i) => (i % 1000 === 7 ? null : value)) },
  { name: "answers", type: "int32", values: Array.from(x, (value, i) => (i === 9 ? null : Math.round(value))) },
  { name: "flat", type: "int32", values: new Int32Array(ROWS).fill(3) },
]);
const features = ["x", "y", "noise"];
const [train, check] = trainTestSplit(frame, { testSize: 0.25, seed: 42 });

describe("a forest", () => {
  test("finds a pattern that no single split shows, and says which features matter", async () => {
    const model = await forest({ numTrees: 30 }).fit(train, { features, label: "quarter" });
    expect(model.classes).toEqual(["other", "same"]);
    const predicted = await model.predict(check);
    expect(accuracy(check.column("quarter"), predicted)).toBeGreaterThan(0.95);
    const probability = await model.predictProbability(check);
    expect(areaUnderRoc(check.column("quarter"), probability)).toBeGreaterThan(0.98);
    const [a = 0, b = 0, c = 0] = model.featureImportances;
    expect(a + b + c).toBeCloseTo(1, 12);
    expect(Math.min(a, b)).toBeGreaterThan(2 * c);
    const other = await model.predictProbability(check, "other");
    for (const [i, share] of other.entries()) expect(share + (probability[i] as number)).toBeCloseTo(1, 12);
    for (const [i, word] of predicted.entries()) expect(word).toBe((probability[i] as number) > 0.5 ? "same" : "other");
  });

  test("learns from true and false, and predicts labels as they are in the frame", async () => {
    const bools = await forest({ numTrees: 5 }).fit(train, { features: ["x"], label: "right" });
    expect(bools.classes).toEqual([false, true]);
    expect(accuracy(check.column("right"), await bools.predict(check))).toBeGreaterThan(0.99);
    const numbers = await forest({ numTrees: 5 }).fit(train, { features: ["x", "right"], label: "third" });
    expect(numbers.classes).toEqual([5, 6, 7]);
    expect(accuracy(check.column("third"), await numbers.predict(check))).toBeGreaterThan(0.98);
    expect((await numbers.predictProbability(check, 6)).every((share) => share >= 0 && share <= 1)).toBe(true);
    await expect(numbers.predictProbability(check, 8)).rejects.toMatchObject({
      code: "E_ML_CLASS",
      hint: "its classes are 5, 6, 7",
    });
  });

  test("tells dates apart by their time, and the infinities", async () => {
    const model = await forest({ numTrees: 3 }).fit(train, { features: ["ends"], label: "day" });
    expect(model.classes).toEqual([new Date(0), new Date(86_400_000)]);
    expect(accuracy(check.column("day"), await model.predict(check))).toBe(1);
    const probability = await model.predictProbability(check, new Date(86_400_000));
    expect(areaUnderRoc(check.column("day"), probability)).toBe(1);
  });

  test("takes wide frames, and one row to predict", async () => {
    const columns = Array.from({ length: 500 }, (_, i) => ({
      name: `f${i}`,
      type: "float64" as const,
      values: i === 321 ? x : Float64Array.from(x, uniform),
    }));
    const wide = frameFromColumns([
      ...columns,
      { name: "right", type: "bool", values: Uint8Array.from(x, (value) => (value > 0.7 ? 1 : 0)) },
    ]);
    const names = columns.map(({ name }) => name);
    const model = await forest({ numTrees: 20 }).fit(wide, { features: names, label: "right" });
    expect(model.featureImportances.indexOf(Math.max(...model.featureImportances))).toBe(321);
    const one = wide.head(1) as DataFrame;
    expect(await model.predict(one)).toEqual([(x[0] as number) > 0.7]);
  });

  test("is the same for the same seed, with any number of threads, and another for another", async () => {
    const probabilities = async (seed: number, threads: number) => {
      const model = await forest({ numTrees: 7, seed, threads }).fit(train, { features, label: "quarter" });
      return [model.totalNumNodes, model.featureImportances, await model.predictProbability(check)];
    };
    const first = await probabilities(42, 1);
    expect(await probabilities(42, 3)).toEqual(first);
    expect(await probabilities(43, 1)).not.toEqual(first);
  });

  test("keeps to its limits", async () => {
    const shallow = await forest({ numTrees: 4, maxDepth: 2 }).fit(train, { features, label: "quarter" });
    expect(shallow.totalNumNodes).toBeLessThanOrEqual(4 * 7);
    expect(shallow.numTrees).toBe(4);
    const flat = await forest({ numTrees: 2 }).fit(train, { features: ["flat"], label: "quarter" });
    expect([flat.totalNumNodes, flat.featureImportances]).toEqual([2, [0]]);
    const whole = await forest({ numTrees: 2, bootstrap: false, featureSubsetStrategy: "all" }).fit(train, {
      features: ["x", "y"],
      label: "quarter",
    });
    expect(accuracy(train.column("quarter"), await whole.predict(train))).toBe(1);
  });

  test("tells how far it is, and stops at its signal", async () => {
    const events: ProgressEvent[] = [];
    const options = { features, label: "quarter", onProgress: (event: ProgressEvent) => events.push(event) };
    await forest({ numTrees: 4 }).fit(train, options);
    expect(events.map(({ note }) => note)).toEqual(["1 of 4 trees", "2 of 4 trees", "3 of 4 trees", "4 of 4 trees"]);
    const stopper = new AbortController();
    const onProgress = () => stopper.abort();
    const running = forest({ numTrees: 100_000 }).fit(train, { ...options, signal: stopper.signal, onProgress });
    await expect(running).rejects.toMatchObject({ name: "Interrupted" });
    const late = forest({ numTrees: 1 }).fit(train, { ...options, signal: AbortSignal.abort() });
    await expect(late).rejects.toMatchObject({ name: "Interrupted" });
  });
});

describe("what cannot be learned from is named", () => {
  test.each([
    ["E_ML_COLUMN", ["X"], "quarter", "did you mean x"],
    ["E_ML_COLUMN", ["x"], "quartet", "did you mean quarter?"],
    ["E_ML_COLUMN", [], "quarter", "name columns to learn from"],
    ["E_ML_TYPE", ["x", "quarter"], "right", "make numbers of it first"],
    ["E_ML_TYPE", ["when"], "right", "such as its year"],
    ["E_ML_MISSING", ["gaps"], "right", "dropNa"],
    ["E_ML_MISSING", ["x"], "answers", "dropNa"],
    ["E_ML_CLASSES", ["x"], "flat", "rows of two classes"],
    ["E_ML_CLASSES", ["x"], "noise", "a classifier learns a few classes"],
  ])("%s for %o and %s", async (code, named, label, hint) => {
    await expect(forest({ numTrees: 1 }).fit(frame, { features: named, label })).rejects.toMatchObject({
      code,
      hint: expect.stringContaining(hint),
    });
  });

  test("missing values are counted, and nothing but one class is said so", async () => {
    const one = train.query((train.column("quarter").values as string[]).map((word) => word === "same")) as DataFrame;
    await expect(forest({ numTrees: 1 }).fit(one, { features, label: "quarter" })).rejects.toMatchObject({
      message: 'the label "quarter" has only same',
    });
    await expect(forest({ numTrees: 1 }).fit(frame, { features: ["gaps"], label: "right" })).rejects.toMatchObject({
      message: 'the column "gaps" has 2 missing values',
    });
  });

  test.each([
    { numTrees: 0 },
    { maxDepth: 1.5 },
    { minInstancesPerNode: -1 },
    { threads: 0 },
    { featureSubsetStrategy: 0 },
    { featureSubsetStrategy: "half" as never },
    { seed: Number.NaN },
  ])("%o is refused", (params) => {
    expect(() => new LocalRandomForestClassifier(params)).toThrow(expect.objectContaining({ name: "UsageError" }));
  });
});

function forest(params: ConstructorParameters<typeof LocalRandomForestClassifier>[0]): LocalRandomForestClassifier {
  return new LocalRandomForestClassifier({ seed: 42, threads: 2, ...params });
}
