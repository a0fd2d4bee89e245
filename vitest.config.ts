import { defineConfig } from "vitest/config";
import { LongestFirst } from "./test/order.ts";

/**
 * Tests that leave their process as they found it follow each other in one: to load the code again takes longer than most of them. Not among
 * them: what asks Spark (`spark-server` tells of its failure by hooks of its file), and what counts threads, handles or bytes of its process.
 */
const TOGETHER = [
  "test/src/chunked/!(engines).test.ts",
  "test/src/chunked/{engines,to-file}/**/*.test.ts",
  "test/src/chunked/chunks/!(memory-budget).test.ts",
  "test/src/scan/!(run-scan|scan-columns|byte-sources).test.ts",
  "test/src/scan/kernel/**/*.test.ts",
  "test/src/{duckdb,frame,ml,profile,query,render,source,tables,verdict}/**/*.test.ts",
  "test/kernel/language/!(process).test.ts",
  "test/kernel/{cell,debug,display,magics,wire}/**/*.test.ts",
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
    // One more than the cores of CI: many tests wait for processes, browsers and servers.
    maxWorkers: 3,
    sequence: { sequencer: LongestFirst },
    projects: [
      { test: { ...common, name: "alone", include: ["test/**/*.test.ts"], exclude: TOGETHER } },
      { test: { ...common, name: "together", include: TOGETHER, isolate: false, env: { OUTGROW_TEST_TOGETHER: "1" } } },
    ],
  },
});
