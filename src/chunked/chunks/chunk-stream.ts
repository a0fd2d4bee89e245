import type { EngineColumn } from "../../query/engine-table.ts";

/** Rows of a source as an engine hands them out. */
export interface EngineChunk {
  readonly columns: readonly EngineColumn[];
  readonly rows: number;
  /** Number of its first row among those that pass, from 0. */
  readonly firstRow: number;
}

/** The chunks of a source in the order of its rows, from one engine. */
export interface ChunkStream {
  readonly engine: string;
  /** Why it reads. */
  readonly reason: string;
  readonly chunks: AsyncIterable<EngineChunk>;
}
