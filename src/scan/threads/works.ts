import type { Moved } from "../../threads/serve.ts";
import type { Kernel } from "../kernel.ts";
import type { ColumnsRequest, GroupRequest } from "../request.ts";
import { Statistics, type StatisticsRequest } from "../statistics/statistics.ts";
import type { ScanTable } from "../table.ts";
import type { ChunkStart } from "../values/chunks.ts";
import { columnsOfText } from "../values/columns.ts";
import { ColumnsWork } from "./columns-work.ts";
import { GroupsWork } from "./groups-work.ts";
import type { Work } from "./work.ts";

/** What is asked of a scan. */
export type WorkRequest =
  | { readonly kind: "groups"; readonly request: GroupRequest }
  | { readonly kind: "columns"; readonly request: ColumnsRequest }
  | { readonly kind: "statistics"; readonly request: StatisticsRequest };

export interface WorkContext {
  readonly kernel: Kernel;
  readonly table: ScanTable;
  /** Sends a part of the result before the end, with its number among all parts. */
  readonly emit: (part: Moved, number: number) => void;
  readonly thread: number;
  /** What the next chunk is to be, where threads take turns. */
  readonly beginChunk?: (() => ChunkStart) | undefined;
  /** The most rows of a block. */
  readonly maxRows: number;
  /** What this thread may take: of the first one it grows when it brings together what the others have found. */
  readonly budget: Budget;
}

export interface Budget {
  bytes: number;
}

/** @throws {UsageError} for a request that does not fit the table @throws {ScanRefused} */
export function createWork(context: WorkContext, request: WorkRequest): Work {
  const { kernel, table, maxRows } = context;
  switch (request.kind) {
    case "groups": {
      const open = columnsOfText(kernel, table, maxRows);
      return new GroupsWork({ ...context, columns: table.columns, open }, request.request);
    }
    case "columns":
      return new ColumnsWork(context, request.request);
    case "statistics":
      return new Statistics(kernel, table, request.request, maxRows);
  }
}
