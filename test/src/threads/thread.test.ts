import { expect, test } from "vitest";
import { ScanRefused } from "../../../src/scan/refused.ts";
import { packFailure, unpackFailure } from "../../../src/scan/threads/failures.ts";
import { Thread } from "../../../src/threads/thread.ts";

const failures = { pack: packFailure, unpack: unpackFailure };

test("a thread says what it failed with, in its class", async () => {
  const thread = new Thread("src/scan/threads/unpack-worker.cjs", { name: "the test", failures });
  const files = [{ path: "/nowhere/a.csv.gz", bytes: 1, mtimeMs: 0 }];
  await expect(thread.run({ files, end: undefined })).rejects.toMatchObject({ name: "KernelBug" });
  await thread.end();
});

test("one that has ended, or that is ended in the midst of it, says so and is not waited for", async () => {
  const make = () => new Thread("src/scan/threads/unpack-worker.cjs", { name: "the test", failures });
  const gone = make();
  await gone.end();
  expect(gone.isGone).toBe(true);
  await expect(gone.run({})).rejects.toThrow("a thread of the test ended early");
  const lost = new Thread("nowhere.cjs", { name: "the test", failures });
  await expect(lost.run({})).rejects.toThrow("Cannot find module");
  await lost.end();
});

test("one that has no memory left is refused, so that another engine does its work", async () => {
  const limits = { maxOldGenerationSizeMb: 1, maxYoungGenerationSizeMb: 1 };
  const thread = new Thread("src/scan/threads/scan-worker.cjs", { name: "the test", failures, limits });
  await expect(thread.run({})).rejects.toThrow(ScanRefused);
  await thread.end();
});
