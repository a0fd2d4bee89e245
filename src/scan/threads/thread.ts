import { Thread } from "../../threads/thread.ts";
import { type PackedFailure, packFailure, unpackFailure } from "./failures.ts";
import type { Outcome } from "./outcome.ts";
import type { ScanTask } from "./scan-worker.ts";

/** Little of JavaScript lives in a thread, and nothing for long: V8 would give each 16 MB more for what is dead already. */
const LIMITS = { maxYoungGenerationSizeMb: 2 };

/** A thread of the scanner. */
export class ScanThread<Task, Result, Part = never> extends Thread<Task, Result, Part, PackedFailure> {
  constructor(script: "scan-worker" | "unpack-worker" | "finish-worker") {
    const failures = { pack: packFailure, unpack: unpackFailure };
    super(`src/scan/threads/${script}.cjs`, { name: "the scan", failures, limits: LIMITS });
  }
}

/** One that reads pieces of text, or row groups. */
export type PieceThread = ScanThread<ScanTask, Outcome | undefined, unknown>;

export function pieceThread(): PieceThread {
  return new ScanThread("scan-worker");
}
