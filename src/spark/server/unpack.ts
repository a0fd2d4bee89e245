import path from "node:path";
import { DataError, Interrupted, OutgrowError } from "../../errors.ts";

export interface UnpackOptions {
  /** Where an entry goes, relative to the target; undefined leaves it out. */
  readonly place: (name: string) => string | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Bytes of the archive that were read. */
  readonly onRead?: ((bytes: number) => void) | undefined;
}

/** A disk that fails says its own; whatever else the library says is about the archive. */
export function unpackFailure(archive: string, failure: unknown, signal: AbortSignal | undefined): unknown {
  if (signal?.aborted) return new Interrupted();
  if (failure instanceof OutgrowError || isOfSystem(failure)) return failure;
  const why = failure instanceof Error ? failure.message : String(failure);
  return new DataError("E_ARCHIVE", `${path.basename(archive)} is broken: ${why}`, { cause: failure });
}

function isOfSystem(failure: unknown): boolean {
  return failure instanceof Error && "syscall" in failure;
}
