import { setImmediate as nextTurn } from "node:timers/promises";
import { Interrupted } from "../errors.ts";
import type { RunOptions } from "../progress.ts";
import { Thread } from "../threads/thread.ts";
import { FOREST_FAILURES, type ForestFailure } from "./forest-failures.ts";
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
  const growing = Array.from({ length: Math.min(threads, trees) }, forestThread);
  try {
    await Promise.all(growing.map((thread) => thread.run(work, { onPart: report, signal })));
  } finally {
    for (const thread of growing) void thread.end();
  }
  return grown;
}

function forestThread(): Thread<ForestWork, void, GrownTree, ForestFailure> {
  return new Thread("src/ml/forest-worker.js", { name: "the forest", failures: FOREST_FAILURES });
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
