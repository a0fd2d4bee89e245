import type { EngineColumn } from "../../query/engine-table.ts";
import type { ChunkSize } from "../options.ts";

/** Rows of a source as an engine hands them out. */
export interface EngineChunk {
  readonly columns: readonly EngineColumn[];
  readonly rows: number;
  /** Number of its first row among those that pass, from 0. */
  readonly firstRow: number;
}

/** How large chunks are. */
export interface ChunkCut {
  /** As it was asked for. */
  readonly size?: ChunkSize | undefined;
  /** Rows that a run before took: they need not be made again. Chunks that begin before it may come all the same. */
  readonly taken?: number | undefined;
  /** What a chunk that begins now may have at most: readers look before each. */
  readonly limit?: { readonly mostRows: number } | undefined;
}

export const UNLIMITED: NonNullable<ChunkCut["limit"]> = { mostRows: Number.POSITIVE_INFINITY };

/** The chunks of a source in the order of its rows, from one engine. */
export interface ChunkStream {
  readonly engine: string;
  /** Why it reads. */
  readonly reason: string;
  readonly chunks: AsyncIterable<EngineChunk>;
  /** What a reader of the result should know; complete when the chunks are. */
  readonly notes?: readonly string[] | undefined;
}
