import { type Random, seededRandom } from "./random.ts";
import { drawSample, type Sample, type TrainingData } from "./tree-sample.ts";

export interface TreeOptions {
  readonly maxDepth: number;
  readonly minInstancesPerNode: number;
  /** How many features are looked at for a split. */
  readonly featuresPerSplit: number;
  readonly bootstrap: boolean;
}

/** A tree as flat arrays, by node. */
export interface Tree {
  /** The left child, and the right one behind it; of a leaf -1 minus its number. */
  readonly children: Int32Array;
  readonly features: Uint32Array;
  /** Rows with at most this go left. */
  readonly thresholds: Float64Array;
  /** The shares of the classes, leaf by leaf. */
  readonly leaves: Float64Array;
  /** How much each feature made the nodes purer, weighted by rows. */
  readonly gains: Float64Array;
}

/** Grows one tree by the Gini impurity, with splits at every place between two values. The same seed and number give the same tree. */
export function growTree(data: TrainingData, options: TreeOptions, seed: number, number: number): Tree {
  const random = seededRandom(seed, number);
  return new Grower(drawSample(data, options.bootstrap, random), data.classes, options, random).grow();
}

interface Node {
  readonly from: number;
  readonly to: number;
  readonly depth: number;
  readonly place: number;
}

interface Split {
  readonly feature: number;
  readonly threshold: number;
  /** How many rows of the feature's order go left. */
  readonly left: number;
  readonly gain: number;
}

/** Rows of one tree lie in as many orders as there are features; a node is the same stretch of each, which its split divides. */
class Grower {
  readonly #options: TreeOptions;
  readonly #random: Random;
  readonly #classes: number;
  readonly #values: Sample["values"];
  readonly #labels: Sample["labels"];
  readonly #weights: Sample["weights"];
  readonly #orders: Sample["orders"];
  readonly #goesLeft: Uint8Array;
  readonly #spare: Uint32Array;
  readonly #left: Float64Array;
  readonly #right: Float64Array;
  readonly #candidates: Uint32Array;
  readonly #children: number[] = [0];
  readonly #features: number[] = [0];
  readonly #thresholds: number[] = [0];
  readonly #leaves: number[] = [];
  readonly #gains: Float64Array;

  constructor({ values, labels, weights, orders }: Sample, classes: number, options: TreeOptions, random: Random) {
    this.#options = options;
    this.#random = random;
    this.#classes = classes;
    this.#values = values;
    this.#labels = labels;
    this.#weights = weights;
    this.#orders = orders;
    this.#goesLeft = new Uint8Array(labels.length);
    this.#spare = new Uint32Array(labels.length);
    this.#left = new Float64Array(classes);
    this.#right = new Float64Array(classes);
    this.#candidates = Uint32Array.from(values, (_, i) => i);
    this.#gains = new Float64Array(values.length);
  }

  grow(): Tree {
    const waiting: Node[] = [{ from: 0, to: this.#labels.length, depth: 0, place: 0 }];
    for (let node = waiting.pop(); node; node = waiting.pop()) {
      const split = this.#bestSplit(node);
      if (!split) {
        this.#makeLeaf(node);
        continue;
      }
      const middle = this.#divide(node, split);
      const child = this.#children.length;
      this.#children[node.place] = child;
      this.#features[node.place] = split.feature;
      this.#thresholds[node.place] = split.threshold;
      this.#gains[split.feature] = (this.#gains[split.feature] as number) + split.gain;
      this.#children.push(0, 0);
      this.#features.push(0, 0);
      this.#thresholds.push(0, 0);
      const depth = node.depth + 1;
      waiting.push({ from: middle, to: node.to, depth, place: child + 1 });
      waiting.push({ from: node.from, to: middle, depth, place: child });
    }
    return {
      children: Int32Array.from(this.#children),
      features: Uint32Array.from(this.#features),
      thresholds: Float64Array.from(this.#thresholds),
      leaves: Float64Array.from(this.#leaves),
      gains: this.#gains,
    };
  }

  /** Features are tried in a random order until enough were, and one of them could split. */
  #bestSplit({ from, to, depth }: Node): Split | undefined {
    if (depth >= this.#options.maxDepth) return undefined;
    const counts = this.#count(from, to);
    const total = counts.reduce((sum, count) => sum + count, 0);
    if (counts.includes(total) || total < 2 * this.#options.minInstancesPerNode) return undefined;
    let best: Split | undefined;
    const candidates = this.#candidates;
    for (let tried = 0; tried < candidates.length; tried++) {
      if (tried >= this.#options.featuresPerSplit && best) break;
      const chosen = tried + this.#random.below(candidates.length - tried);
      const feature = candidates[chosen] as number;
      candidates[chosen] = candidates[tried] as number;
      candidates[tried] = feature;
      const split = this.#splitBy(feature, { from, to, counts, total });
      if (split && (!best || split.gain > best.gain)) best = split;
    }
    return best;
  }

  #count(from: number, to: number): Float64Array {
    const counts = new Float64Array(this.#classes);
    const order = this.#orders[0] as Uint32Array;
    for (let i = from; i < to; i++) {
      const row = order[i] as number;
      const label = this.#labels[row] as number;
      counts[label] = (counts[label] as number) + (this.#weights[row] as number);
    }
    return counts;
  }

  /** Walks along a feature, and moves each row from the right to the left; sums of squares of whole numbers stay exact. */
  #splitBy(
    feature: number,
    node: { from: number; to: number; counts: Float64Array; total: number },
  ): Split | undefined {
    const { from, to, counts, total } = node;
    const [values, order] = [this.#values[feature] as Float64Array, this.#orders[feature] as Uint32Array];
    const [labels, weights, left, right] = [this.#labels, this.#weights, this.#left, this.#right];
    const least = this.#options.minInstancesPerNode;
    left.fill(0);
    right.set(counts);
    let squaresRight = 0;
    for (const count of counts) squaresRight += count * count;
    const before = squaresRight / total;
    let [squaresLeft, leftTotal, best, place] = [0, 0, -1, -1];
    let value = values[order[from] as number] as number;
    for (let i = from; i < to - 1; i++) {
      const row = order[i] as number;
      const label = labels[row] as number;
      const weight = weights[row] as number;
      squaresLeft += weight * (2 * (left[label] as number) + weight);
      squaresRight -= weight * (2 * (right[label] as number) - weight);
      left[label] = (left[label] as number) + weight;
      right[label] = (right[label] as number) - weight;
      leftTotal += weight;
      const next = values[order[i + 1] as number] as number;
      if (next === value) continue;
      value = next;
      if (leftTotal < least || total - leftTotal < least) continue;
      const purity = squaresLeft / leftTotal + squaresRight / (total - leftTotal);
      if (purity > best) [best, place] = [purity, i];
    }
    if (place < 0) return undefined;
    const [low, high] = [values[order[place] as number] as number, values[order[place + 1] as number] as number];
    const middle = low / 2 + high / 2;
    // Between two neighbouring numbers there is none, and none in the middle of the infinities.
    const threshold = middle >= low && middle < high ? middle : low;
    return { feature, threshold, left: place + 1 - from, gain: best - before };
  }

  /** Divides the stretch of every order, each keeping its order, and gives the place between the two parts. */
  #divide({ from, to }: Node, { feature, left }: Split): number {
    const [goesLeft, spare, middle] = [this.#goesLeft, this.#spare, from + left];
    const chosen = this.#orders[feature] as Uint32Array;
    for (let i = from; i < to; i++) goesLeft[chosen[i] as number] = i < middle ? 1 : 0;
    for (const [other, order] of this.#orders.entries()) {
      if (other === feature) continue;
      let [low, high] = [from, 0];
      for (let i = from; i < to; i++) {
        const row = order[i] as number;
        if (goesLeft[row] === 1) order[low++] = row;
        else spare[high++] = row;
      }
      order.set(spare.subarray(0, high), low);
    }
    return middle;
  }

  #makeLeaf({ from, to, place }: Node): void {
    const counts = this.#count(from, to);
    const total = counts.reduce((sum, count) => sum + count, 0);
    this.#children[place] = -1 - this.#leaves.length / this.#classes;
    for (const count of counts) this.#leaves.push(count / total);
  }
}
