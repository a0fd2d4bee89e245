// The thread that unpacks the files of a scan for the one that reads their text.
import { parentPort } from "node:worker_threads";
import type { SourceFile } from "../../source/source.ts";
import { type PackedFailure, packFailure } from "./failures.ts";
import { type FeedEnd, STOPPED } from "./feed.ts";
import { gunzipFiles } from "./gunzip.ts";
import { unpackKernel } from "./unpack-kernel.ts";

export interface UnpackTask {
  readonly files: readonly SourceFile[];
  readonly end: FeedEnd;
}

export type FromUnpacker =
  | { readonly type: "loaded" }
  /** All is on its way. */
  | { readonly type: "unpacked" }
  | { readonly type: "failure"; readonly failure: PackedFailure };

parentPort?.once("message", run);
send({ type: "loaded" });

/** Nothing keeps the thread alive behind it. */
function run({ files, end }: UnpackTask): void {
  try {
    gunzipFiles(unpackKernel(end), end, files);
    send({ type: "unpacked" });
  } catch (failure) {
    if (failure !== STOPPED) send({ type: "failure", failure: packFailure(failure) });
  }
}

function send(message: FromUnpacker): void {
  parentPort?.postMessage(message);
}
