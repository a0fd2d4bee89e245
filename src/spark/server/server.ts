import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { ConnectionError, type OutgrowError } from "../../errors.ts";
import type { RunOptions } from "../../progress.ts";
import { runtimeFolder } from "./folders.ts";
import { acquireLease, askKeeper, type Lease } from "./lease.ts";
import { serverPlaces } from "./places.ts";
import { resolveSettings, settingsKey } from "./settings.ts";
import type { ServerSettings, SparkEndpoint, SparkServerOptions, SparkServerStatus } from "./types.ts";

export { installSpark } from "./install.ts";
export { sparkStatusDocument } from "./report.ts";
export type { SparkEndpoint, SparkServerOptions, SparkServerStatus } from "./types.ts";

const IDLE_SECONDS = 300;
const HOLDER = `process ${process.pid}`;

/** A local Spark that this process uses, alone or with others. */
export interface SparkServer {
  readonly endpoint: SparkEndpoint;
  /** What it was started with. */
  readonly settings: ServerSettings;
  /** Resolves with the reason when the server ends. */
  readonly ended: Promise<OutgrowError | undefined>;
  /** Its queries are interrupted and it is released when this process dies before `closeSession`. */
  openSession(id: string): void;
  closeSession(id: string): void;
  /** How many sessions of this process are open. */
  readonly openSessions: number;
  /** Gives the server back; it stops when nobody takes it for its idle time. */
  release(): void;
}

/** One lease for each server in this process, whoever asks. */
const held = new Map<string, Promise<SparkServer>>();

/**
 * A local Spark server that answers: the one of this process, one that other kernels share, or a new one on loopback with a token of
 * its own. It ends some minutes after the last process that uses it, however that ends.
 *
 * @throws {UsageError} when there is no Spark or Java, or one too old, and for settings that cannot be
 * @throws {ConnectionError} when it does not come up; the message has the last lines of its log
 * @throws {Interrupted} when `signal` is aborted
 * @example
 * const { endpoint } = await startSpark({ master: "local[2]" });
 */
export async function startSpark(options: SparkServerOptions & RunOptions = {}): Promise<SparkServer> {
  const current = wantsAny(options) ? [...held.values()].at(-1) : undefined;
  if (current) return current;
  const settings = await resolveSettings(options);
  const key = settingsKey(settings);
  const before = held.get(key);
  if (before) return before;
  const folder = runtimeFolder();
  sweep(folder);
  const starting = acquireLease({
    folder,
    key,
    settings,
    holder: HOLDER,
    idleSeconds: options.idleSeconds ?? IDLE_SECONDS,
    signal: options.signal,
    onProgress: options.onProgress,
  }).then((lease) => serverOf(key, settings, lease));
  held.set(key, starting);
  const forget = (): void => {
    if (held.get(key) === starting) held.delete(key);
  };
  starting.then((server) => server.ended.then(forget), forget);
  return starting;
}

/** What local servers of this user run, those of other kernels too. */
export async function sparkStatus(): Promise<readonly SparkServerStatus[]> {
  const folder = runtimeFolder();
  const answers = await Promise.all(
    keysIn(folder).map((key) => askKeeper(serverPlaces(folder, key).socket, { type: "status" })),
  );
  return answers.flatMap((answer) => (answer?.type === "status" ? [answer.status] : []));
}

/**
 * Stops the local servers and waits for their end; gives how many there were.
 *
 * @throws {ConnectionError} E_SPARK_HELD when others use one and `force` is not given
 */
export async function stopSpark({ force = false } = {}): Promise<number> {
  const folder = runtimeFolder();
  for (const server of await Promise.all([...held.values()].map((one) => one.catch(() => undefined))))
    server?.release();
  held.clear();
  let stopped = 0;
  for (const key of keysIn(folder)) {
    const answer = await askKeeper(serverPlaces(folder, key).socket, { type: "stop", force, holder: HOLDER });
    if (answer?.type === "stopped") stopped++;
    if (answer?.type === "held")
      throw new ConnectionError("E_SPARK_HELD", `the Spark server is used by ${answer.leases.join(", ")}`, {
        hint: "--force stops it all the same: what they have in Spark is lost",
      });
  }
  return stopped;
}

function wantsAny({ master, driverMemory, conf, ui, sparkHome, javaHome }: SparkServerOptions): boolean {
  return [master, driverMemory, conf, ui, sparkHome, javaHome].every((option) => option === undefined);
}

function serverOf(key: string, settings: ServerSettings, lease: Lease): SparkServer {
  const open = new Set<string>();
  return {
    endpoint: lease.endpoint,
    settings,
    ended: lease.ended,
    openSession(id) {
      open.add(id);
      lease.session(id, true);
    },
    closeSession(id) {
      open.delete(id);
      lease.session(id, false);
    },
    get openSessions() {
      return open.size;
    },
    release() {
      held.delete(key);
      lease.release();
    },
  };
}

function keysIn(folder: string): readonly string[] {
  return readdirSync(folder).flatMap((name) => /^([0-9a-f]{16})\.lock$/.exec(name)?.[1] ?? []);
}

/** Removes the folders of keepers that were killed together with their watchers. */
function sweep(folder: string): void {
  for (const name of readdirSync(folder)) {
    const pid = Number(/^[0-9a-f]{16}-(\d+)$/.exec(name)?.[1]);
    if (Number.isNaN(pid) || isKeeper(pid)) continue;
    rmSync(path.join(folder, name), { recursive: true, force: true });
  }
}

/** A process id may have gone to another program. */
function isKeeper(pid: number): boolean {
  const file = `/proc/${pid}/cmdline`;
  if (process.platform === "linux") return existsSync(file) && readFileSync(file, "utf8").includes("keeper-main");
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
