import { seedOf } from "../check.ts";
import type { Column, ColumnOrName } from "../column.ts";
import { invoke, type Seed } from "./invoke.ts";

/** A random double from 0 up to 1; the same for the same seed and partitions. */
export function rand(seed?: number | bigint): Column {
  return invoke("rand", seedOf(seed));
}

export { rand as random };

/** A random double of the standard normal distribution. */
export function randn(seed?: number | bigint): Column {
  return invoke("randn", seedOf(seed));
}

/** A random number between two constants, of their type. */
export function uniform(min: Column | number, max: Column | number, seed: Seed = seedOf(undefined)): Column {
  return invoke("uniform", min, max, seed);
}

/** Random text of the characters 0-9, a-z and A-Z. */
export function randstr(length: Column | number, seed: Seed = seedOf(undefined)): Column {
  return invoke("randstr", length, seed);
}

/** A random UUID as text. */
export function uuid(seed: Seed = seedOf(undefined)): Column {
  return invoke("uuid", seed);
}

/** The elements of an array in random order. */
export function shuffle(col: ColumnOrName, seed: Seed = seedOf(undefined)): Column {
  return invoke("shuffle", col, seed);
}
