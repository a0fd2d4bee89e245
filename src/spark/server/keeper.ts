import { randomBytes } from "node:crypto";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server, type Socket } from "node:net";
import path from "node:path";
import { bringUp, warmOn } from "./bring-up.ts";
import { failureOf, STOPPED } from "./end-reasons.ts";
import { JavaProcess } from "./java-process.ts";
import { type Lock, tryLock } from "./lock.ts";
import { type Failure, type FromKeeper, onMessages, send, type ToKeeper } from "./messages.ts";
import { type ServerPlaces, serverPlaces } from "./places.ts";
import type { ServerSettings, SparkEndpoint, SparkServerStatus } from "./types.ts";

/** A keeper that nobody has spoken to ends; its caller has died on the way. */
const FIRST_WORD_MS = 15_000;
const RELEASE_MS = 30_000;

interface Lease {
  readonly socket: Socket;
  readonly holder: string;
  readonly sessions: Set<string>;
}

/**
 * The small process that owns one Spark server. Kernels hold leases, which are connections to its socket; with the last of them the
 * server lives on for its idle time and is stopped. Gives undefined when another keeper has this place.
 */
export async function runKeeper(folder: string, key: string): Promise<Keeper | undefined> {
  const places = serverPlaces(folder, key);
  const lock = tryLock(places.lock);
  if (!lock) return undefined;
  const keeper = new Keeper(places, lock);
  await keeper.listen();
  return keeper;
}

export class Keeper {
  readonly #places: ServerPlaces;
  readonly #lock: Lock;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #leases = new Set<Lease>();
  readonly #startedAt = Date.now();
  readonly #ending = new AbortController();
  #settings: ServerSettings | undefined;
  #java: JavaProcess | undefined;
  #endpoint: SparkEndpoint | undefined;
  #progress: FromKeeper | undefined;
  #idleSeconds = 0;
  /** The longest that somebody gives the start. */
  #startSeconds = 0;
  #idle: NodeJS.Timeout;
  #stopping: Promise<void> | undefined;

  constructor(places: ServerPlaces, lock: Lock) {
    this.#places = places;
    this.#lock = lock;
    this.#server = createServer((socket) => this.#welcome(socket));
    this.#idle = setTimeout(() => void this.stop(), FIRST_WORD_MS);
  }

  listen(): Promise<void> {
    if (process.platform !== "win32") rmSync(this.#places.socket, { force: true });
    return new Promise((resolve, reject) => {
      this.#server.once("error", reject);
      this.#server.listen(this.#places.socket, resolve);
    });
  }

  /** Tells the leases, gives the place free for a new server, and ends when Java has ended. */
  stop(failure: Failure = STOPPED, { now = false } = {}): Promise<void> {
    this.#stopping ??= this.#stop(failure, now);
    return this.#stopping;
  }

  async #stop(failure: Failure, now: boolean): Promise<void> {
    clearTimeout(this.#idle);
    this.#ending.abort();
    for (const { socket } of this.#leases) send(socket, { type: "ended", failure });
    this.#server.close();
    for (const file of [
      this.#places.discovery,
      this.#places.complaint,
      ...(process.platform === "win32" ? [] : [this.#places.socket]),
    ])
      rmSync(file, { force: true });
    this.#lock.release();
    // Who asked for the stop waits for Java's end, but not while Java writes its archive: nothing is served any more.
    if (this.#java?.isArchiving) this.#farewell();
    await this.#java?.stop({ now });
    this.#farewell();
  }

  #farewell(): void {
    for (const socket of this.#sockets) {
      send(socket, { type: "stopped" });
      socket.end();
    }
  }

  #welcome(socket: Socket): void {
    this.#sockets.add(socket);
    let lease: Lease | undefined;
    socket.on("error", () => undefined);
    socket.on("close", () => {
      this.#sockets.delete(socket);
      if (lease) void this.#endLease(lease);
    });
    onMessages<ToKeeper>(socket, (message) => {
      switch (message.type) {
        case "lease":
          lease ??= this.#grant(socket, message);
          break;
        case "session":
          if (message.open) lease?.sessions.add(message.id);
          else lease?.sessions.delete(message.id);
          break;
        case "status":
          if (this.#settings) send(socket, { type: "status", status: this.#status(this.#settings) });
          break;
        case "ping":
          send(socket, { type: "serving", pid: this.#stopping ? undefined : this.#java?.livingPid });
          break;
        case "stop":
          this.#askedToStop(socket, message);
      }
    });
  }

  #grant(socket: Socket, asked: ToKeeper & { readonly type: "lease" }): Lease {
    const { settings, holder, idleSeconds, startSeconds } = asked;
    const lease = { socket, holder, sessions: new Set<string>() };
    clearTimeout(this.#idle);
    this.#leases.add(lease);
    this.#idleSeconds = idleSeconds;
    this.#startSeconds = Math.max(this.#startSeconds, startSeconds);
    if (this.#endpoint) send(socket, { type: "ready", endpoint: this.#endpoint });
    else if (this.#progress) send(socket, this.#progress);
    if (!this.#settings) {
      this.#settings = settings;
      this.#start(settings).catch((error: unknown) => this.#startFailed(error));
    }
    return lease;
  }

  async #start(settings: ServerSettings): Promise<void> {
    const { folder, lock, socket, discovery, complaint } = this.#places;
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const token = randomBytes(24).toString("hex");
    const java = new JavaProcess(settings, token, folder, [lock, socket, discovery, complaint]);
    this.#java = java;
    void java.ended.then((how) => this.#javaEnded(java, how));
    const endpoint = await bringUp(java, settings, {
      token,
      silenceMs: () => this.#startSeconds * 1000,
      signal: this.#ending.signal,
      onStep: (operation, note) => this.#tell({ type: "progress", operation, note }),
    });
    if (this.#stopping) return;
    writeFileSync(discovery, `${JSON.stringify({ ...endpoint, keeper: process.pid }, null, 2)}\n`, { mode: 0o600 });
    this.#endpoint = endpoint;
    this.#tell({ type: "ready", endpoint });
    warmOn(endpoint, this.#ending.signal);
  }

  #startFailed(error: unknown): void {
    if (this.#stopping) return;
    const failure = failureOf(error);
    for (const { socket } of this.#leases) send(socket, { type: "failed", failure });
    void this.stop(failure, { now: true });
  }

  /** While it starts, its start tells. */
  #javaEnded(java: JavaProcess, how: string): void {
    if (this.#stopping || !this.#endpoint) return;
    void this.stop(failureOf(java.failure(`the Spark server has ended (${how})`)));
  }

  async #endLease(lease: Lease): Promise<void> {
    this.#leases.delete(lease);
    const isClean = await this.#releaseSessions([...lease.sessions]);
    if (this.#stopping || this.#leases.size > 0) return;
    clearTimeout(this.#idle);
    // A query that could not be stopped keeps the machine busy for nobody.
    this.#idle = setTimeout(() => void this.stop(), isClean ? this.#idleSeconds * 1000 : 0);
  }

  /** What the holder's death left behind; true when nothing of it runs any more. */
  async #releaseSessions(sessions: readonly string[]): Promise<boolean> {
    if (sessions.length === 0 || !this.#endpoint || this.#stopping) return true;
    const signal = AbortSignal.any([this.#ending.signal, AbortSignal.timeout(RELEASE_MS)]);
    try {
      const { releaseSessions } = await import("../connect/upkeep.ts");
      await releaseSessions(this.#endpoint, sessions, { signal });
      return true;
    } catch {
      return false;
    }
  }

  #askedToStop(socket: Socket, { force, holder }: ToKeeper & { readonly type: "stop" }): void {
    const others = [...this.#leases].filter((lease) => lease.holder !== holder);
    if (others.length > 0 && !force) send(socket, { type: "held", leases: others.map(({ holder }) => holder) });
    else void this.stop();
  }

  #tell(message: FromKeeper): void {
    this.#progress = message;
    for (const { socket } of this.#leases) send(socket, message);
  }

  #status({ spark, java, master, driverMemory }: ServerSettings): SparkServerStatus {
    return {
      version: spark.version,
      java: java.version,
      master,
      driverMemory,
      state: this.#endpoint ? "ready" : "starting",
      address: this.#endpoint && `sc://${this.#endpoint.host}:${this.#endpoint.port}`,
      ui: this.#java?.ui,
      executors: this.#java?.executors,
      uptimeSeconds: (Date.now() - this.#startedAt) / 1000,
      leases: [...this.#leases].map(({ holder }) => holder),
      idleSeconds: this.#idleSeconds,
      pid: this.#java?.pid,
      residentBytes: this.#java?.residentBytes,
      log: path.join(this.#places.folder, "server.log"),
    };
  }
}
