import { constants, PerformanceObserver } from "node:perf_hooks";
import { beforeEach, expect, test, vi } from "vitest";
import { until } from "../server/processes.ts";

const MB = 2 ** 20;
const {
  NODE_PERFORMANCE_GC_FLAGS_FORCED: FORCED,
  NODE_PERFORMANCE_GC_MINOR: YOUNGEST,
  NODE_PERFORMANCE_GC_MAJOR: ALL,
} = constants;

let fresh: typeof import("../../../../src/spark/connect/spent-buffers.ts");

beforeEach(async () => {
  vi.resetModules();
  fresh = await import("../../../../src/spark/connect/spent-buffers.ts");
});

test("what loading left is collected while the first question waits, and not again with its answer", async () => {
  expect(await collections(1, () => [fresh.beginResult(), fresh.beginResult()])).toEqual([ALL]);
  expect(await collections(1, () => fresh.spendBuffers(2 * MB))).toEqual([YOUNGEST]);
});

test("what loading left is collected once, then the youngest objects by two megabytes; code of people finds no collector", async () => {
  const collected = await collections(3, () => {
    fresh.beginResult();
    for (let count = 0; count < 7; count++) fresh.spendBuffers(MB);
  });
  expect(collected).toEqual([ALL, YOUNGEST, YOUNGEST]);
  expect(globalThis).not.toHaveProperty("gc");
});

test("results of before are collected once they were large: while the next question waits, or with its answer", async () => {
  expect(await collections(1, fresh.beginResult)).toEqual([ALL]);
  expect(await collections(1, () => fresh.spendBuffers(15 * MB))).toEqual([YOUNGEST]);
  fresh.beginResult();
  expect(await collections(1, () => fresh.spendBuffers(2 * MB))).toEqual([YOUNGEST]);
  const start = performance.now();
  expect(await collections(1, () => [fresh.beginResult(), fresh.beginResult()])).toEqual([ALL]);
  expect(performance.now() - start).toBeGreaterThan(40);
  fresh.spendBuffers(16 * MB);
  fresh.beginResult();
  expect(await collections(1, () => fresh.spendBuffers(2 * MB))).toEqual([ALL]);
});

test("where the heap is large, results of before are for V8 to find", async () => {
  const objects = Array.from({ length: 1_500_000 }, (_, i) => ({ i, text: `${i}` }));
  const none = await collections(1, () => {
    fresh.beginResult();
    fresh.spendBuffers(16 * MB);
  });
  expect(none).toEqual([YOUNGEST]);
  expect(objects).toHaveLength(1_500_000);
});

interface Collected {
  readonly detail: { readonly kind: number; readonly flags: number };
}

/** The kinds of the collections that the work asks for. */
async function collections(least: number, work: () => unknown): Promise<readonly number[]> {
  const forced: number[] = [];
  const observer = new PerformanceObserver((list) => {
    for (const { detail } of list.getEntries() as unknown as Collected[])
      if ((detail.flags & FORCED) !== 0) forced.push(detail.kind);
  });
  observer.observe({ entryTypes: ["gc"] });
  work();
  await until(() => forced.length >= least, "nothing was collected");
  observer.disconnect();
  return forced;
}
