import {
  Imputer,
  IndexToString,
  LogisticRegression,
  Pipeline,
  RandomForestClassifier,
  type SparkDataFrame,
  StandardScaler,
  StringIndexer,
  VectorAssembler,
} from "../../../../src/index.ts";
import { type MlTwin, madeColumns } from "../../../support/ml-twins.ts";

/** As people have it: gaps, words as labels, few of one class, one class alone, a column that never changes, five hundred columns. */
export const ODD_FRAMES = {
  rows: `SELECT id, CAST(id * 31 % 17 AS DOUBLE) AS a, IF(id % 6 = 0, NULL, CAST(id * 7 % 11 AS DOUBLE)) AS gaps, 3D AS same,
      id % 2 AS bit, CAST(id % 2 AS INT) AS small, CAST(id % 2 AS DECIMAL(5, 2)) AS exact, id % 2 = 1 AS yes, 0D AS one_class,
      CAST(id % 40 = 0 AS DOUBLE) AS rare, IF(id % 40 = 0, 20D, 0.5D) AS weight, element_at(array('no', 'perhaps', 'yes'), CAST(1 + id % 3 AS INT)) AS word,
      IF(id % 9 = 0, NULL, CAST(id % 2 AS DOUBLE)) AS unknown
    FROM range(0, 160, 1, 2)`,
  wide: `SELECT id, CAST(id % 2 AS DOUBLE) AS label, ${Array.from({ length: 500 }, (_, i) => `CAST(id * ${2 * i + 1} % ${i + 3} AS DOUBLE) AS f${i}`).join(", ")} FROM range(0, 60, 1, 2)`,
};
export type OddFrames = Readonly<Record<keyof typeof ODD_FRAMES, SparkDataFrame>>;

const forest = (more: ConstructorParameters<typeof RandomForestClassifier>[0]) =>
  new RandomForestClassifier({ numTrees: 3, maxDepth: 3, seed: 42, ...more });
export const assembler = (inputCols: readonly string[], handleInvalid: "error" | "skip" | "keep" = "error") =>
  new VectorAssembler({ inputCols, outputCol: "features", handleInvalid });
const learn =
  (labelCol: string, inputCols = ["a", "same"], handleInvalid: "error" | "skip" | "keep" = "error") =>
  ({ rows }: OddFrames) => {
    const stages = [assembler(inputCols, handleInvalid), forest({ labelCol })];
    return madeColumns(new Pipeline({ stages }), rows, "prediction", "probability");
  };
export const ODD_PYTHON = `
rows, wide = [spark.sql(text) for text in given["sql"].values()]
def forest(**more):
    return RandomForestClassifier(numTrees=3, maxDepth=3, seed=42, **more)
def learn(label, columns=["a", "same"], invalid="error", frame=None, **more):
    stages = [VectorAssembler(inputCols=columns, outputCol="features", handleInvalid=invalid), forest(labelCol=label, **more)]
    return made(Pipeline(stages=stages), rows if frame is None else frame, "prediction", "probability")
`;

export const ODD_TWINS: Readonly<Record<string, MlTwin<OddFrames>>> = {
  "labels that are longs": { ours: learn("bit"), theirs: `learn("bit")` },
  "labels that are ints": { ours: learn("small"), theirs: `learn("small")` },
  "labels that are decimals": { ours: learn("exact"), theirs: `learn("exact")` },
  "labels that are true and false": { ours: learn("yes"), theirs: `learn("yes")` },
  "labels that are words": { ours: learn("word"), theirs: `learn("word")` },
  "labels with nulls": { ours: learn("unknown"), theirs: `learn("unknown")` },
  "one class alone": { ours: learn("one_class"), theirs: `learn("one_class")` },
  "a class that is rare": { ours: learn("rare"), theirs: `learn("rare")` },
  "a class that is rare, with weights": {
    ours: ({ rows }) => {
      const stages = [assembler(["a"]), forest({ labelCol: "rare", weightCol: "weight" })];
      return madeColumns(new Pipeline({ stages }), rows, "prediction", "probability");
    },
    theirs: `learn("rare", ["a"], weightCol="weight")`,
  },
  "a column that never changes": { ours: learn("bit", ["same"]), theirs: `learn("bit", ["same"])` },
  "a column with nulls": { ours: learn("bit", ["a", "gaps"]), theirs: `learn("bit", ["a", "gaps"])` },
  "a column with nulls, which are skipped": {
    ours: learn("bit", ["a", "gaps"], "skip"),
    theirs: `learn("bit", ["a", "gaps"], "skip")`,
  },
  "a column with nulls, which are kept": {
    ours: learn("bit", ["a", "gaps"], "keep"),
    theirs: `learn("bit", ["a", "gaps"], "keep")`,
  },
  "a column with nulls, which are filled": {
    ours: ({ rows }) => {
      const imputer = new Imputer({ inputCol: "gaps", outputCol: "filled", strategy: "mean" });
      const stages = [imputer, assembler(["a", "filled"]), forest({ labelCol: "bit" })];
      return madeColumns(new Pipeline({ stages }), rows, "prediction", "probability");
    },
    theirs: `made(Pipeline(stages=[Imputer(inputCol="gaps", outputCol="filled", strategy="mean"), VectorAssembler(inputCols=["a", "filled"], outputCol="features"), forest(labelCol="bit")]), rows, "prediction", "probability")`,
  },
  "one row": {
    ours: ({ rows }) => learn("bit")({ rows: rows.filter("id = 1") } as OddFrames),
    theirs: `learn("bit", frame=rows.filter("id = 1"))`,
  },
  "words to labels and back": {
    ours: ({ rows }) => {
      const indexer = new StringIndexer({ inputCol: "word", outputCol: "label" });
      const words = new IndexToString({ inputCol: "prediction", outputCol: "said", labels: ["no", "perhaps", "yes"] });
      return madeColumns(
        new Pipeline({ stages: [indexer, assembler(["a"]), forest({}), words] }),
        rows,
        "label",
        "said",
      );
    },
    theirs: `made(Pipeline(stages=[StringIndexer(inputCol="word", outputCol="label"), VectorAssembler(inputCols=["a"], outputCol="features"), forest(), IndexToString(inputCol="prediction", outputCol="said", labels=["no", "perhaps", "yes"])]), rows, "label", "said")`,
  },
  "a word that was not there in the fit": {
    ours: async ({ rows }) => {
      const indexer = new StringIndexer({ inputCol: "word", outputCol: "x" });
      const model = await indexer.fit(rows.filter("word != 'yes'"));
      return madeColumns(model, rows, "x");
    },
    theirs: `StringIndexer(inputCol="word", outputCol="x").fit(rows.filter("word != 'yes'")).transform(rows).select("x").collect()`,
  },
  "a scaler of what never changes": {
    ours: ({ rows }) => {
      const scaler = new StandardScaler({ inputCol: "features", outputCol: "x", withMean: true });
      return madeColumns(new Pipeline({ stages: [assembler(["same"]), scaler] }), rows, "x");
    },
    theirs: `made(Pipeline(stages=[VectorAssembler(inputCols=["same"], outputCol="features"), StandardScaler(inputCol="features", outputCol="x", withMean=True)]), rows, "x")`,
  },
  "a regression of one class": {
    ours: async ({ rows }) => {
      const model = await new LogisticRegression({ labelCol: "one_class", maxIter: 2 }).fit(
        assembler(["a"]).transform(rows),
      );
      return [await model.coefficients, await model.intercept, await model.numClasses];
    },
    theirs: `tell(LogisticRegression(labelCol="one_class", maxIter=2).fit(VectorAssembler(inputCols=["a"], outputCol="features").transform(rows)), "coefficients", "intercept", "numClasses")`,
  },
  "five hundred columns": {
    ours: async ({ wide }) => {
      const names = Array.from({ length: 500 }, (_, i) => `f${i}`);
      const model = await forest({}).fit(assembler(names).transform(wide));
      return [await model.featureImportances, await model.totalNumNodes];
    },
    theirs: `tell(forest().fit(VectorAssembler(inputCols=[f"f{i}" for i in range(500)], outputCol="features").transform(wide)), "featureImportances", "totalNumNodes")`,
  },
};
