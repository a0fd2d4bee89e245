import { defineConfig } from "vitest/config";
import { LongestFirst } from "./test/order.ts";

/**
 * Tests that leave their process as they found it follow each other in one: to load the code again takes longer than most of them. One that
 * asks Spark is not among them: `spark-server` tells of its failure by hooks of its file.
 */
const TOGETHER = [
  "test/src/chunked/!(engines).test.ts",
  "test/src/chunked/{chunks,engines,to-file}/**/*.test.ts",
  "test/src/{duckdb,frame,ml,profile,query,render,scan,source,tables,verdict}/**/*.test.ts",
  "test/kernel/{cell,debug,display,language,magics,wire}/**/*.test.ts",
];

const common = {
  expect: { requireAssertions: true },
  pool: "forks",
  testTimeout: 120_000,
  hookTimeout: 120_000,
  // Where nobody looks on, on a shared machine, a failure must repeat to count; at one's desk none is forgiven.
  retry: process.env.CI ? 1 : 0,
} as const;

export default defineConfig({
  test: {
    globalSetup: ["test/setup.ts"],
    maxWorkers: 2,
    sequence: { sequencer: LongestFirst },
    projects: [
      { test: { ...common, name: "alone", include: ["test/**/*.test.ts"], exclude: TOGETHER } },
      { test: { ...common, name: "together", include: TOGETHER, isolate: false, env: { OUTGROW_TEST_TOGETHER: "1" } } },
    ],
  },
});
