import type { MessageInitShape } from "@bufbuild/protobuf";
import type {
  ExecutePlanResponse_ArrowBatch,
  ExecutePlanResponse_ExecutionProgress,
  ExecutePlanResponse_ObservedMetrics,
  PlanSchema,
} from "#spark-proto/base";
import type { Expression_Literal } from "#spark-proto/expressions";
import type { MlCommandResult } from "#spark-proto/ml";
import type { RelationSchema } from "#spark-proto/relations";
import type { DataType } from "#spark-proto/types";
import { ConnectionError } from "../../errors.ts";
import { arrow, type Table } from "../../frame/arrow.ts";
import type { ProgressListener } from "../../progress.ts";
import { withAmbient } from "./ambient.ts";
import { execute, type OperationOptions } from "./operation.ts";
import { doneNote, progressReporter } from "./progress.ts";
import { readLiteral } from "./read-literal.ts";
import type { ConnectSession } from "./session.ts";
import { beginResult, spendBuffers } from "./spent-buffers.ts";

export interface ExecuteOptions extends OperationOptions {
  readonly onProgress?: ProgressListener | undefined;
  /** What the progress is called. */
  readonly operation?: string | undefined;
}

/** What was observed of the rows while a query ran, by name. */
export type Metrics = Readonly<Record<string, unknown>>;

/** What an operation gives, in order. */
export type Result =
  | { readonly kind: "schema"; readonly schema: DataType }
  | { readonly kind: "batch"; readonly table: Table }
  | { readonly kind: "relation"; readonly relation: MessageInitShape<typeof RelationSchema> }
  | { readonly kind: "ml"; readonly result: MlCommandResult }
  | { readonly kind: "observed"; readonly name: string; readonly metrics: Metrics };

/** Runs a plan and gives its schema and its batches as they come; chunked batches are put together. */
export async function* results(
  session: ConnectSession,
  plan: MessageInitShape<typeof PlanSchema>,
  given: ExecuteOptions = {},
): AsyncGenerator<Result, void, undefined> {
  const options = withAmbient(given);
  const { operation = "Spark", onProgress } = options;
  const report = onProgress && progressReporter(operation, onProgress);
  onProgress?.({ operation });
  let last: ExecutePlanResponse_ExecutionProgress | undefined;
  const assembly = new Assembly();
  beginResult();
  for await (const { schema, responseType, observedMetrics } of execute(session, plan, options)) {
    if (schema) yield { kind: "schema", schema };
    for (const observed of observedMetrics)
      yield { kind: "observed", name: observed.name, metrics: metricsOf(observed) };
    if (responseType.case === "executionProgress") {
      if (responseType.value.stages.length > 0) last = responseType.value;
      report?.(responseType.value);
    } else if (responseType.case === "sqlCommandResult" && responseType.value.relation)
      yield { kind: "relation", relation: responseType.value.relation };
    else if (responseType.case === "checkpointCommandResult" && responseType.value.relation)
      yield {
        kind: "relation",
        relation: { relType: { case: "cachedRemoteRelation", value: responseType.value.relation } },
      };
    else if (responseType.case === "mlCommandResult") yield { kind: "ml", result: responseType.value };
    else if (responseType.case === "arrowBatch") {
      const table = assembly.add(responseType.value);
      spendBuffers(responseType.value.data.byteLength);
      if (table) yield { kind: "batch", table };
    }
  }
  assembly.end();
  onProgress?.({ operation, fraction: 1, note: last && doneNote(last) });
}

function metricsOf({ keys, values }: ExecutePlanResponse_ObservedMetrics): Metrics {
  return Object.fromEntries(keys.map((key, i) => [key, readLiteral(values[i] as Expression_Literal)]));
}

/** Puts chunks together and counts rows, so that a result with a hole is an error and never a shorter result. */
class Assembly {
  #chunks: Uint8Array[] = [];
  #rows = 0n;

  add(batch: ExecutePlanResponse_ArrowBatch): Table | undefined {
    const { data, rowCount, startOffset, chunkIndex = 0n, numChunksInBatch = 1n } = batch;
    if (startOffset !== undefined && startOffset !== this.#rows) throw hole(`row ${this.#rows}, got ${startOffset}`);
    if (chunkIndex !== BigInt(this.#chunks.length)) throw hole(`chunk ${this.#chunks.length}, got ${chunkIndex}`);
    this.#chunks.push(data);
    if (BigInt(this.#chunks.length) < numChunksInBatch) return undefined;
    const table = arrow().tableFromIPC(this.#chunks.length === 1 ? data : Buffer.concat(this.#chunks));
    this.#chunks = [];
    this.#rows += rowCount;
    if (BigInt(table.numRows) !== rowCount) throw hole(`${rowCount} rows in a batch, got ${table.numRows}`);
    return table;
  }

  end(): void {
    if (this.#chunks.length > 0) throw hole("the rest of a batch, got the end");
  }
}

function hole(what: string): ConnectionError {
  return new ConnectionError("E_SPARK_BROKEN_RESULT", `the result has a hole: expected ${what}`, {
    hint: "run it again; if it happens again, report it with the server's version",
  });
}
