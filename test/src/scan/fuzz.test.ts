import { afterAll, expect, test } from "vitest";
import { caseOf, openChecks } from "./checks.ts";

// The same 500 files each time; npm run bench -- fuzz-scan makes thousands of others and cuts down what fails.
const CASES = 500;

const checks = await openChecks();
const cases = Array.from({ length: CASES }, (_, seed) => caseOf(seed));
afterAll(async () => {
  await checks[Symbol.asyncDispose]();
});

test.each(checks.all)("$name", { timeout: 300_000 }, async ({ run }) => {
  for (const [seed, one] of cases.entries()) expect(await run(one, seed), one.name).toBeUndefined();
  const held = checks.usedBytes();
  for (const [seed, one] of cases.slice(0, 40).entries()) await run(one, seed);
  expect(checks.usedBytes()).toBe(held);
  expect(checks.brokenGuard()).toBe(0);
});
