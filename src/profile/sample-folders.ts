import { readTexts } from "../source/read-texts.ts";
import type { FileSource } from "../source/source.ts";
import type { SampleColumn } from "./estimate.ts";

/**
 * The columns in the names of folders, for as many rows as a sample of the files has: each folder has its share of them, and
 * at least two, since a value that is seen once is taken for one of many.
 */
export function sampleFolders({ partitions }: FileSource, rows: number): SampleColumn[] {
  return (partitions?.columns ?? []).map(({ name, type, values }) => {
    const read = type === "str" ? values : readTexts(values).values;
    const length = Math.max(rows, 2 * read.length);
    const valueAt = (row: number) => read[Math.floor((row * read.length) / length)] ?? null;
    return { name, type, values: Array.from({ length }, (_, row) => valueAt(row)) };
  });
}
