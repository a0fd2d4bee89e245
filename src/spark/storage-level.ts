import { oneOf } from "./check.ts";
import type { StorageLevelInit } from "./connect/messages.ts";

/** Where a cached frame is kept, in PySpark's names. */
export const STORAGE_LEVELS = [
  "NONE",
  "DISK_ONLY",
  "DISK_ONLY_2",
  "DISK_ONLY_3",
  "MEMORY_ONLY",
  "MEMORY_ONLY_2",
  "MEMORY_AND_DISK",
  "MEMORY_AND_DISK_2",
  "MEMORY_AND_DISK_DESER",
  "OFF_HEAP",
] as const;

export type StorageLevelName = (typeof STORAGE_LEVELS)[number];

/** A storage level as Spark keeps it. */
export interface StorageLevel {
  readonly useDisk: boolean;
  readonly useMemory: boolean;
  readonly useOffHeap: boolean;
  readonly deserialized: boolean;
  readonly replication: number;
}

/** The level behind a name. */
export function storageLevel(name: StorageLevelName): StorageLevelInit {
  const word = oneOf(name, STORAGE_LEVELS, "the storage level");
  const useOffHeap = word === "OFF_HEAP";
  return {
    useDisk: useOffHeap || word.includes("DISK"),
    useMemory: useOffHeap || word.includes("MEMORY"),
    useOffHeap,
    deserialized: word.endsWith("_DESER"),
    replication: Number(/_(\d)$/.exec(word)?.[1] ?? 1),
  };
}
