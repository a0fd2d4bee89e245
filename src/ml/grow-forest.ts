import { setImmediate as nextTurn } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import { Interrupted, MemoryLimitError } from "../errors.ts";
import { distFile } from "../paths.ts";
import type { RunOptions } from "../progress.ts";
import type { ForestWork, GrownTree } from "./forest-worker.ts";
import type { Tree, TreeOptions } from "./grow-tree.ts";
import type { SharedData } from "./tree-sample.ts";

interface ForestOptions extends Pick<RunOptions, "signal" | "onProgress"> {
  readonly seed: number;
  readonly trees: number;
  readonly threads: number;
}

/** Grows trees in threads: which thread grows which tree does not matter, for each has random numbers of its own. */
export async function growForest(
  data: SharedData,
  options: TreeOptions,
  { seed, trees, threads, signal, onProgress }: ForestOptions,
): Promise<Tree[]> {
  if (signal?.aborted) throw new Interrupted();
  const features: Float64Array[] = [];
  for (const values of data.features) {
    features.push(shared(values, Float64Array));
    await nextTurn();
  }
  const next = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  const labels = shared(data.labels, Uint16Array);
  const work: ForestWork = { data: { ...data, features, labels }, options, seed, trees, next };
  const grown: Tree[] = [];
  let count = 0;
  const report = ({ number, tree }: GrownTree) => {
    grown[number] = tree;
    count++;
    onProgress?.({ operation: "random forest", fraction: count / trees, note: `${count} of ${trees} trees` });
  };
  const workers = Array.from({ length: Math.min(threads, trees) }, () => startWorker(work));
  try {
    await Promise.all(workers.map((worker) => finished(worker, report, signal)));
  } finally {
    for (const worker of workers) void worker.terminate();
  }
  return grown;
}

function startWorker(workerData: ForestWork): Worker {
  return new Worker(distFile("src/ml/forest-worker.js"), { workerData, execArgv: [], name: "forest" });
}

function finished(worker: Worker, onTree: (grown: GrownTree) => void, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => reject(new Interrupted());
    signal?.addEventListener("abort", stop, { once: true });
    worker.on("message", onTree);
    worker.once("error", (error) => reject(isOutOfMemory(error) ? tooLarge(error) : error));
    worker.once("exit", () => {
      signal?.removeEventListener("abort", stop);
      resolve();
    });
  });
}

function isOutOfMemory(error: unknown): boolean {
  return (error as { readonly code?: string }).code === "ERR_WORKER_OUT_OF_MEMORY";
}

function tooLarge(cause: unknown): MemoryLimitError {
  return new MemoryLimitError("E_MEMORY_LIMIT", "the forest grew over the memory of its thread", {
    hint: "set maxDepth or a larger minInstancesPerNode, or learn from fewer rows",
    cause,
  });
}

/** A copy that all threads read. */
function shared<A extends Float64Array | Uint16Array | Uint32Array>(
  values: A,
  type: { readonly BYTES_PER_ELEMENT: number; new (buffer: SharedArrayBuffer): A },
): A {
  const copy = new type(new SharedArrayBuffer(values.length * type.BYTES_PER_ELEMENT));
  copy.set(values as never);
  return copy;
}
