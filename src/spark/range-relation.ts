import { wholeNumber } from "./check.ts";
import type { RelationInit } from "./connect/client.ts";

interface Range {
  readonly start: number | bigint;
  readonly end: number | bigint;
  readonly step: number | bigint;
  readonly partitions: number | undefined;
}

/** Whole numbers from `start` up to, not including, `end` as a plan. */
export function rangeRelation({ start, end, step, partitions }: Range): RelationInit {
  const numPartitions =
    partitions === undefined ? {} : { numPartitions: wholeNumber(partitions, "the number of partitions", 1) };
  const value = { start: BigInt(start), end: BigInt(end), step: BigInt(step), ...numPartitions };
  return { relType: { case: "range", value } };
}
