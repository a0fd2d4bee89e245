import { inspect } from "node:util";
import {
  ConnectionError,
  DataError,
  EngineError,
  Interrupted,
  KernelBug,
  MemoryLimitError,
  OutgrowError,
  UsageError,
} from "../../errors.ts";
import { type RefusalReason, ScanRefused } from "../refused.ts";

/** A failure as it goes from thread to thread: messages between threads keep no classes. */
export interface PackedFailure {
  readonly name: string;
  readonly message: string;
  readonly code?: `E_${string}` | undefined;
  readonly hint?: string | undefined;
  readonly reason?: RefusalReason | undefined;
  /** The stack of what is a fault of ours. */
  readonly trace?: string | undefined;
}

const CLASSES = { UsageError, DataError, EngineError, ConnectionError, MemoryLimitError } as const;

/** What a thread sends of what it failed with, also by its end. */
export function packFailure(failure: unknown): PackedFailure {
  if (failure instanceof ScanRefused) return { name: failure.name, message: failure.message, reason: failure.reason };
  if (failure instanceof OutgrowError)
    return { name: failure.name, message: failure.message, code: failure.code, hint: failure.hint };
  if (isOutOfMemory(failure)) return packFailure(outOfMemory());
  const trace = failure instanceof Error ? failure.stack : inspect(failure);
  return { name: "KernelBug", message: `the scanner failed: ${String(failure)}`, trace };
}

/** The failure of a thread as its own class again. */
export function unpackFailure(packed: PackedFailure): OutgrowError | ScanRefused {
  const { name, message, code, hint, reason, trace } = packed;
  if (name === "ScanRefused" && reason !== undefined) return new ScanRefused(reason, message);
  if (name === "Interrupted") return new Interrupted(message);
  const known = Object.hasOwn(CLASSES, name) ? CLASSES[name as keyof typeof CLASSES] : undefined;
  const details = hint === undefined ? {} : { hint };
  if (known && code !== undefined) return new known(code, message, details);
  return new KernelBug(message, { ...details, ...(trace === undefined ? {} : { cause: trace }) });
}

/** Whether a thread, or an allocation in it, came to the end of what the system or V8 gives. */
function isOutOfMemory(failure: unknown): boolean {
  const { code } = failure as { readonly code?: string };
  return (
    code === "ERR_WORKER_OUT_OF_MEMORY" ||
    (failure instanceof RangeError && /allocat|memory|array (buffer )?length/i.test(failure.message))
  );
}

function outOfMemory(): ScanRefused {
  return new ScanRefused("memory", "the scan needs more memory than it may take");
}
