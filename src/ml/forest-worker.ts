// The thread that grows trees: it takes the next number, grows that tree, and sends it, until there is none left.
import { serve } from "../threads/serve.ts";
import { FOREST_FAILURES } from "./forest-failures.ts";
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

serve<ForestWork, void, GrownTree>(({ data, options, seed, trees, next }, sendPart) => {
  const ordered = inOrder(data);
  for (let number = Atomics.add(next, 0, 1); number < trees; number = Atomics.add(next, 0, 1)) {
    const tree = growTree(ordered, options, seed, number);
    const { children, features, thresholds, leaves, gains } = tree;
    const buffers = [children, features, thresholds, leaves, gains].map(({ buffer }) => buffer as ArrayBuffer);
    sendPart({ value: { number, tree }, buffers });
  }
  return { value: undefined, buffers: [] };
}, FOREST_FAILURES);
