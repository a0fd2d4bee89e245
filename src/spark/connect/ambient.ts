import type { MemoryBounds } from "../../limits.ts";
import type { ExecuteOptions } from "./results.ts";

/** What a host wants for every operation of the code that runs now, without that code saying so: a notebook's cell can be stopped as a whole. */
export interface AmbientOptions {
  readonly signal: AbortSignal;
  readonly tag: string;
  readonly onProgress: NonNullable<ExecuteOptions["onProgress"]>;
  /** Above it the host stops the code. */
  readonly memory?: MemoryBounds | undefined;
}

const KEY = Symbol.for("outgrow.operation");

/** Undefined outside of a host. */
export function ambientOptions(): AmbientOptions | undefined {
  const host = globalThis as { readonly [KEY]?: (() => AmbientOptions | undefined) | undefined };
  return host[KEY]?.();
}

/** The options of an operation with what the host adds: its signal and its tag to the caller's own; its progress where the caller has none. */
export function withAmbient(options: ExecuteOptions): ExecuteOptions {
  const ambient = ambientOptions();
  if (!ambient) return options;
  return {
    ...options,
    signal:
      options.signal && options.signal !== ambient.signal
        ? AbortSignal.any([options.signal, ambient.signal])
        : ambient.signal,
    tags: [...(options.tags ?? []), ambient.tag],
    onProgress: options.onProgress ?? ambient.onProgress,
  };
}
