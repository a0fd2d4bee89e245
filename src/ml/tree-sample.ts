import type { Random } from "./random.ts";

/** What trees are grown from: one array of numbers a feature; shared between threads, never written. */
export interface SharedData {
  readonly features: readonly Float64Array[];
  /** The number of each row's class. */
  readonly labels: Uint16Array;
  readonly classes: number;
}

/** The same with the rows of each feature in order. */
export interface TrainingData extends SharedData {
  readonly orders: readonly Uint32Array[];
}

/** Puts the rows of each feature in order, equal ones as they came. */
export function inOrder(data: SharedData): TrainingData {
  const orders = data.features.map((values) =>
    Uint32Array.from(values, (_, i) => i).sort((a, b) => (values[a] as number) - (values[b] as number) || a - b),
  );
  return { ...data, orders };
}

/** The rows that one tree grows from, numbered without gaps, so that it reads memory of its own size. */
export interface Sample {
  readonly values: readonly Float64Array[];
  readonly labels: Uint16Array;
  /** How often each row was drawn. */
  readonly weights: Uint32Array;
  /** The rows by each feature; a tree that grows divides these. */
  readonly orders: readonly Uint32Array[];
}

/** Draws as many rows as there are, with replacement; without a draw every row is in it once. */
export function drawSample({ features, labels, orders }: TrainingData, bootstrap: boolean, random: Random): Sample {
  const drawn = draw(labels.length, bootstrap, random);
  const places = new Int32Array(labels.length).fill(-1);
  let count = 0;
  for (let row = 0; row < drawn.length; row++) if ((drawn[row] as number) > 0) places[row] = count++;
  const kept = <A extends Float64Array | Uint16Array | Uint32Array>(from: A, to: A): A => {
    for (let row = 0; row < places.length; row++)
      if ((places[row] as number) >= 0) to[places[row] as number] = from[row] as number;
    return to;
  };
  return {
    values: features.map((values) => kept(values, new Float64Array(count))),
    labels: kept(labels, new Uint16Array(count)),
    weights: kept(drawn, new Uint32Array(count)),
    orders: orders.map((order) => keptInOrder(order, places, count)),
  };
}

function keptInOrder(order: Uint32Array, places: Int32Array, count: number): Uint32Array {
  const own = new Uint32Array(count);
  let at = 0;
  for (const row of order) if ((places[row] as number) >= 0) own[at++] = places[row] as number;
  return own;
}

function draw(rows: number, bootstrap: boolean, random: Random): Uint32Array {
  const drawn = new Uint32Array(rows);
  if (!bootstrap) return drawn.fill(1);
  for (let i = 0; i < rows; i++) {
    const row = random.below(rows);
    drawn[row] = (drawn[row] as number) + 1;
  }
  return drawn;
}
