import type { Column, ColumnOrName } from "../column.ts";
import { invoke, randomSeed } from "./invoke.ts";

/** A random double from 0 up to 1; the same for the same seed and partitions. */
export function rand(seed: number | bigint = randomSeed()): Column {
  return invoke("rand", seed);
}

export { rand as random };

/** A random double of the standard normal distribution. */
export function randn(seed: number | bigint = randomSeed()): Column {
  return invoke("randn", seed);
}

/** A random number between two constants, of their type. */
export function uniform(min: Column | number, max: Column | number, seed: Column | number = randomSeed()): Column {
  return invoke("uniform", min, max, seed);
}

/** Random text of the characters 0-9, a-z and A-Z. */
export function randstr(length: Column | number, seed: Column | number = randomSeed()): Column {
  return invoke("randstr", length, seed);
}

/** A random UUID as text. */
export function uuid(seed: Column | number = randomSeed()): Column {
  return invoke("uuid", seed);
}

/** The elements of an array in random order. */
export function shuffle(col: ColumnOrName, seed: Column | number = randomSeed()): Column {
  return invoke("shuffle", col, seed);
}
