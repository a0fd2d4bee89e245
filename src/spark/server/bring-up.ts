import { endedEarly } from "./end-reasons.ts";
import type { JavaProcess } from "./java-process.ts";
import type { ServerSettings, SparkEndpoint } from "./types.ts";

/** Some executors of one's own, on a machine that is busy, are there after a minute. */
const WARM_UP_MS = 180_000;

interface BringUpOptions {
  readonly token: string;
  /** What Java may let pass without a word until it has said its port. */
  readonly silenceMs: () => number;
  readonly signal: AbortSignal;
  readonly onStep: (operation: string, note: string) => void;
}

/**
 * From a Java process that was just started to a server that has answered and run its first query.
 *
 * @throws {ConnectionError} with the last lines of its log
 */
export async function bringUp(
  java: JavaProcess,
  { spark: { version }, master }: ServerSettings,
  { token, silenceMs, signal, onStep }: BringUpOptions,
): Promise<SparkEndpoint> {
  const operation = `starting Spark ${version}`;
  onStep(operation, master);
  // The transport is loaded while Java starts.
  const upkeep = import("../connect/upkeep.ts");
  const port = await java.port(silenceMs, (jar) => onStep(operation, `fetching ${jar}`));
  const endpoint = { host: "127.0.0.1", port, token, tls: false as const, version, pid: java.pid };
  const { warmUp } = await upkeep;
  const late = AbortSignal.timeout(WARM_UP_MS);
  const warm = warmUp(endpoint, (note) => onStep(operation, note), { signal: AbortSignal.any([signal, late]) });
  try {
    await Promise.race([warm, java.ended.then((how) => endedEarly(java, how))]);
    return endpoint;
  } catch (error) {
    if (!late.aborted) throw error;
    throw java.failure(`Spark answered, but ran no query in ${WARM_UP_MS / 1000} s`);
  }
}

/** What a server has yet to learn. Nobody waits for it, and whoever brings a shuffle meanwhile warms the same code. */
export function warmOn(endpoint: SparkEndpoint, ending: AbortSignal): void {
  const signal = AbortSignal.any([ending, AbortSignal.timeout(WARM_UP_MS)]);
  import("../connect/upkeep.ts").then(({ warmShuffle }) => warmShuffle(endpoint, { signal })).catch(() => undefined);
}
