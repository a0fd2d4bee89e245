import { expect, test } from "vitest";
import { FOREST_FAILURES } from "../../../src/ml/forest-failures.ts";
import { Thread } from "../../../src/threads/thread.ts";

test("a thread of the forest that has no memory left says so, with what takes less", async () => {
  const limits = { maxOldGenerationSizeMb: 4 };
  const thread = new Thread("src/ml/forest-worker.js", { name: "the forest", failures: FOREST_FAILURES, limits });
  await expect(thread.run({})).rejects.toMatchObject({
    name: "MemoryLimitError",
    hint: expect.stringContaining("maxDepth"),
    cause: { code: "ERR_WORKER_OUT_OF_MEMORY" },
  });
  await thread.end();
});
