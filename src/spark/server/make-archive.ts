import { randomBytes } from "node:crypto";
import { mkdirSync } from "node:fs";
import path from "node:path";
import { Interrupted } from "../../errors.ts";
import type { RunOptions } from "../../progress.ts";
import { archiveFile, lacksArchive } from "./archive.ts";
import { runtimeFolder } from "./folders.ts";
import { JavaProcess } from "./java-process.ts";
import { resolveSettings } from "./settings.ts";
import type { ServerSettings } from "./types.ts";

/** Half a minute on a machine that has nothing else to do; on one that is busier than this, the first server makes it at its end. */
const MOST_MS = 600_000;

/**
 * Makes the class-data archive that starts of Spark use, by starting a server, letting it work, and ending it. It gives the archive's
 * path, also of one that was there; undefined where none could be made, which costs seconds at each start and is no fault.
 *
 * @throws {Interrupted}
 */
export async function makeArchive(options: RunOptions = {}): Promise<string | undefined> {
  const late = AbortSignal.timeout(MOST_MS);
  const signal = options.signal ? AbortSignal.any([options.signal, late]) : late;
  try {
    const settings = await resolveSettings({});
    if (lacksArchive(settings)) await make(settings, { ...options, signal });
    return lacksArchive(settings) ? undefined : archiveFile(settings);
  } catch {
    if (options.signal?.aborted) throw new Interrupted();
    return undefined;
  }
}

async function make(settings: ServerSettings, { signal, onProgress }: RunOptions): Promise<void> {
  const onStep = (note: string): void => onProgress?.({ operation: "prepare faster starts", note });
  onStep(`starting Spark ${settings.spark.version}`);
  const folder = path.join(runtimeFolder(), `archive-${process.pid}`);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const token = randomBytes(24).toString("hex");
  const java = new JavaProcess(settings, token, folder, []);
  try {
    // Else somebody makes it already.
    if (java.isArchiving) await Promise.race([work(java, token, onStep, signal), aborted(signal)]);
  } finally {
    await java.stop({ now: true });
  }
}

/** Its classes are those that it has used until it ends. */
async function work(
  java: JavaProcess,
  token: string,
  onStep: (note: string) => void,
  signal: AbortSignal | undefined,
): Promise<void> {
  const { warmShuffle, warmUp } = await import("../connect/upkeep.ts");
  const server = { host: "127.0.0.1", port: await java.port(() => MOST_MS), token };
  await warmUp(server, onStep, { signal });
  onStep("running a first shuffle");
  await warmShuffle(server, { signal });
  onStep("writing the archive of its classes");
  await java.stop();
}

function aborted(signal: AbortSignal | undefined): Promise<never> {
  return new Promise((_, reject) => {
    signal?.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
}
