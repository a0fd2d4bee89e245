import { BaseSequencer, type TestSpecification } from "vitest/node";

/**
 * Files that take long, the longest first, although their text is short. Vitest starts with the largest files where it knows no times, as in
 * a fresh clone: one of these would start last and run alone, while the other workers have nothing left to do.
 */
const LONG = [
  "test/src/spark/ml/twins.test.ts",
  "test/notebooks/spark.test.ts",
  "test/src/spark/executors.test.ts",
  "test/src/scan/fuzz.test.ts",
  "test/package/package.test.ts",
  "test/jupyter/clients.test.ts",
  "test/notebooks/tutorial.test.ts",
  "test/browser/debugger.test.ts",
  "test/src/spark/server/exhausted.test.ts",
  "test/kernel/executor/spark-shared.test.ts",
  "test/kernel/language/process.test.ts",
  "test/src/spark/pyspark.test.ts",
  "test/jupyter/jupyter-kernel-test.test.ts",
  "test/src/chunked/wide.test.ts",
  "test/src/spark/ml/one-vs-rest.test.ts",
];

export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ moduleId }: TestSpecification): number => {
      const found = LONG.findIndex((file) => moduleId.endsWith(file));
      return found < 0 ? LONG.length : found;
    };
    return (await super.sort(files)).toSorted((a, b) => place(a) - place(b));
  }
}
