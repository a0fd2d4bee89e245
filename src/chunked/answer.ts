import type { EngineColumn } from "../query/engine-table.ts";

/** What an engine finds for a declared query, rows in the order of their keys. */
export interface Found {
  readonly engine: string;
  readonly columns: readonly EngineColumn[];
  /** Rows that went in, after `where`. */
  readonly rows: number;
  readonly notes: readonly string[];
  /** Types that columns turned out to be of, which samples took for others. */
  readonly widened?: ReadonlyMap<string, string> | undefined;
}

export interface Answer extends Found {
  /** Why it ran there. */
  readonly reason: string;
}

/** Why an engine does not take a query: said to the user as the reason for the other. */
export interface Refusal {
  readonly refused: string;
}
