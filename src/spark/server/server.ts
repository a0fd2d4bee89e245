import { readdirSync, rmSync } from "node:fs";
import path from "node:path";
import { ConnectionError, type OutgrowError } from "../../errors.ts";
import { isAlive, readProc } from "../../processes.ts";
import type { RunOptions } from "../../progress.ts";
import { runtimeFolder } from "./folders.ts";
import { acquireLease, askKeeper, type Lease } from "./lease.ts";
import { serverPlaces } from "./places.ts";
import { resolveSettings, resolveTimes, settingsKey } from "./settings.ts";
import type { ServerSettings, SparkEndpoint, SparkServerOptions, SparkServerStatus } from "./types.ts";

export { installSpark } from "./install.ts";
export { sparkStatusDocument } from "./report.ts";
export type { SparkEndpoint, SparkServerOptions, SparkServerStatus } from "./types.ts";

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

interface Held {
  readonly server: SparkServer;
  readonly lease: Lease;
}

/** One lease for each server in this process, whoever asks. */
const held = new Map<string, Promise<Held>>();

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
  const times = resolveTimes(options);
  const current = wantsAny(options) && (await serving(() => [...held.keys()].at(-1)));
  if (current) return current;
  const settings = await resolveSettings(options);
  const key = settingsKey(settings);
  const same = await serving(() => key);
  if (same) return same;
  const folder = runtimeFolder();
  sweep(folder);
  // Whoever starts a server will speak to it: the transport is loaded while Java starts.
  import("../connect/connection.ts").catch(() => undefined);
  const forget = (): void => dropHeld(key, starting);
  const starting: Promise<Held> = acquireLease({
    folder,
    key,
    settings,
    holder: HOLDER,
    ...times,
    signal: options.signal,
    onProgress: options.onProgress,
  }).then((lease) => ({ lease, server: serverOf(settings, lease, forget) }));
  held.set(key, starting);
  starting.then(({ server }) => server.ended.then(forget), forget);
  return (await starting).server;
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
  for (const one of await Promise.all([...held.values()].map((one) => one.catch(() => undefined))))
    one?.server.release();
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

/** The server of this process under a key, if it really is there: that a process has died is told a moment later. */
async function serving(keyOf: () => string | undefined): Promise<SparkServer | undefined> {
  for (;;) {
    const key = keyOf();
    const before = key === undefined ? undefined : held.get(key);
    if (key === undefined || before === undefined) return undefined;
    const { server, lease } = await before;
    if (await lease.isServing()) return server;
    dropHeld(key, before);
  }
}

function dropHeld(key: string, one: Promise<Held>): void {
  if (held.get(key) === one) held.delete(key);
}

function serverOf(settings: ServerSettings, lease: Lease, forget: () => void): SparkServer {
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
      forget();
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
  if (!isAlive(pid)) return false;
  return process.platform !== "linux" || readProc(pid, "cmdline").includes("keeper-main");
}
