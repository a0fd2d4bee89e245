import { constants, PerformanceObserver } from "node:perf_hooks";
import { expect, test } from "vitest";
import { spendBuffers } from "../../../../src/spark/connect/spent-buffers.ts";
import { until } from "../server/processes.ts";

const MB = 2 ** 20;
const FORCED = constants.NODE_PERFORMANCE_GC_FLAGS_FORCED;

test("the youngest objects are collected after each four megabytes, and code of people finds no collector", async () => {
  const forced: unknown[] = [];
  const observer = new PerformanceObserver((list) => {
    for (const { detail } of list.getEntries() as unknown as Collected[])
      if ((detail.flags & FORCED) !== 0) forced.push(detail.kind);
  });
  observer.observe({ entryTypes: ["gc"] });
  for (let count = 0; count < 11; count++) spendBuffers(MB);
  await until(() => forced.length >= 2, "nothing was collected");
  observer.disconnect();
  expect(forced).toEqual(Array(2).fill(constants.NODE_PERFORMANCE_GC_MINOR));
  expect(globalThis).not.toHaveProperty("gc");
});

interface Collected {
  readonly detail: { readonly kind: number; readonly flags: number };
}
