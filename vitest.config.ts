import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    globalSetup: ["test/setup.ts"],
    expect: { requireAssertions: true },
    pool: "forks",
    maxWorkers: 2,
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // Where nobody looks on, on a shared machine, a failure must repeat to count; at one's desk none is forgiven.
    retry: process.env.CI ? 1 : 0,
  },
});
