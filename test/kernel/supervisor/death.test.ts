import { expect, test } from "vitest";
import { causeOfDeath, type Death } from "../../../kernel/supervisor/death.ts";

const GiB = 2 ** 30;
const memory = { type: "memory", resident: 3 * GiB, heap: 2 * GiB, heapLimit: 4 * GiB } as const;

test.each<[Partial<Death>, string]>([
  [{ code: 3 }, "it exited with code 3"],
  [{ code: 0 }, "process.exit() was called"],
  [{ signal: "SIGSEGV" }, "it ended by SIGSEGV"],
  [{ signal: "SIGABRT" }, "it hit a fatal error (SIGABRT)"],
  [
    {
      signal: "SIGABRT",
      stderr: "FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory",
      memory,
    },
    "it ran out of JavaScript heap (last seen: 3.0 GiB resident, heap 2.0 GiB of 4.0 GiB); work in chunks (%chunked), or keep less",
  ],
  [
    { signal: "SIGKILL", memory },
    "the system killed it (SIGKILL), most often because memory ran out (last seen: 3.0 GiB resident, heap 2.0 GiB of 4.0 GiB); work in chunks (%chunked)",
  ],
  [{ code: 9, wasReady: false }, 'it ended while it started (exit code 9): run "outgrow doctor"'],
])("%j", (death, words) => {
  const alive: Death = { code: null, signal: null, stderr: "", memory: undefined, wasReady: true };
  expect(causeOfDeath({ ...alive, ...death })).toBe(words);
});
