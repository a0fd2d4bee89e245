import type { DuckDBConnection } from "@duckdb/node-api";
import type { EngineMeter } from "./engine-meter.ts";
import type { QueryOptions } from "./query-options.ts";

interface Watched {
  readonly connection: DuckDBConnection;
  readonly meter: Pick<EngineMeter, "figures">;
  /** Aborted when the engine closes. */
  readonly ended: AbortSignal;
}

/** Reports that work begins, and the engine's percentage four times a second until disposed. */
export function watchQuery(
  { connection, meter, ended }: Watched,
  { onProgress, operation = "query" }: QueryOptions,
): Disposable {
  if (!onProgress) return { [Symbol.dispose]: () => undefined };
  onProgress({ operation, fraction: 0, engineBytes: meter.figures.memory });
  const timer = setInterval(() => {
    if (ended.aborted) return clearInterval(timer);
    const { percentage } = connection.progress;
    onProgress({
      operation,
      fraction: percentage >= 0 ? Math.min(1, percentage / 100) : undefined,
      engineBytes: meter.figures.memory,
    });
  }, 250);
  timer.unref();
  return { [Symbol.dispose]: () => clearInterval(timer) };
}
