import type { EngineColumn } from "../../query/engine-table.ts";
import type { ScanPlace } from "../../scan/request.ts";
import type { ChunkSize } from "../options.ts";

/** Rows of a source as an engine hands them out. */
export interface EngineChunk {
  readonly columns: readonly EngineColumn[];
  readonly rows: number;
  /** Number of its first row among those that pass, from 0. */
  readonly firstRow: number;
  /** Where the rows behind it begin, for a later run; undefined where the engine cannot go there. */
  readonly end?: ScanPlace | undefined;
}

/** How far a run came, and how its engine goes on from there in another; plain data. */
export interface Resumption {
  /** Rows that were taken: they need not be made again. Chunks that begin before them may come all the same. */
  readonly rows: number;
  readonly engine: string;
  /** What the engine wants to know to read the rest as it read the rows before: their types hold. */
  readonly how: unknown;
  /** A place before the first row that was not taken, and the rows before it; without one rows are read and passed over. */
  readonly place?: { readonly at: ScanPlace; readonly rows: number } | undefined;
}

/** How large chunks are. */
export interface ChunkCut {
  /** As it was asked for. */
  readonly size?: ChunkSize | undefined;
  readonly resume?: Resumption | undefined;
  /** What a chunk that begins now may have at most: readers look before each. */
  readonly limit?: { readonly mostRows: number } | undefined;
}

export const UNLIMITED: NonNullable<ChunkCut["limit"]> = { mostRows: Number.POSITIVE_INFINITY };

/** The chunks of a source in the order of its rows, from one engine. */
export interface EngineStream {
  readonly engine: string;
  readonly chunks: AsyncIterable<EngineChunk>;
  /** The `how` of a later run, once there was a chunk. */
  readonly how?: (() => unknown) | undefined;
  /** What a reader of the result should know; complete when the chunks are. */
  readonly notes?: readonly string[] | undefined;
}

export interface ChunkStream extends EngineStream {
  /** Why it reads. */
  readonly reason: string;
}
