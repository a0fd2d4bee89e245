// The thread that grows trees: it takes the next number, grows that tree, and sends it, until there is none left.
import { parentPort, workerData } from "node:worker_threads";
import { growTree, type Tree, type TreeOptions } from "./grow-tree.ts";
import { inOrder, type SharedData } from "./tree-sample.ts";

export interface ForestWork {
  readonly data: SharedData;
  readonly options: TreeOptions;
  readonly seed: number;
  readonly trees: number;
  /** One number, shared by the threads: the next tree to grow. */
  readonly next: Int32Array;
}

export interface GrownTree {
  readonly number: number;
  readonly tree: Tree;
}

const { data, options, seed, trees, next } = workerData as ForestWork;
const ordered = inOrder(data);
for (let number = Atomics.add(next, 0, 1); number < trees; number = Atomics.add(next, 0, 1)) {
  const tree = growTree(ordered, options, seed, number);
  const { children, features, thresholds, leaves, gains } = tree;
  const moved = [children, features, thresholds, leaves, gains].map(({ buffer }) => buffer as ArrayBuffer);
  parentPort?.postMessage({ number, tree } satisfies GrownTree, moved);
}
