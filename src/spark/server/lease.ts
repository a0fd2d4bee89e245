import { type SpawnOptions, spawn } from "node:child_process";
import { closeSync, existsSync, openSync, readFileSync, rmSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import { ConnectionError, Interrupted, type OutgrowError, UsageError } from "../../errors.ts";
import { distFile } from "../../paths.ts";
import type { ProgressListener } from "../../progress.ts";
import { type Failure, type FromKeeper, onMessages, send, type ToKeeper } from "./messages.ts";
import { type ServerPlaces, serverPlaces } from "./places.ts";
import type { ServerSettings, SparkEndpoint } from "./types.ts";

const RETRY_MS = 30;
const KEEPER_MS = 15_000;
/** After which a keeper is held to be stopped or on a busy machine; its server may serve all the same. */
const SLOW_MS = 5_000;

export interface LeaseRequest {
  readonly folder: string;
  readonly key: string;
  readonly settings: ServerSettings;
  readonly holder: string;
  readonly idleSeconds: number;
  readonly startSeconds: number;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ProgressListener | undefined;
}

/** This process's hold on a server. It ends with `release`, with the server, and with the process. */
export class Lease {
  readonly endpoint: SparkEndpoint;
  /** With the server's end; the reason is an error to show, and there is none after `release`. Never rejects. */
  readonly ended: Promise<OutgrowError | undefined>;
  readonly #path: string;
  readonly #socket: Socket;
  #isReleased = false;

  constructor(path: string, socket: Socket, endpoint: SparkEndpoint, ended: Promise<OutgrowError | undefined>) {
    this.#path = path;
    this.#socket = socket;
    this.endpoint = endpoint;
    this.ended = ended.then((reason) => (this.#isReleased ? undefined : (reason ?? keeperGone())));
  }

  /** The keeper interrupts and releases these sessions when the lease ends without having closed them. */
  session(id: string, open: boolean): void {
    send(this.#socket, { type: "session", id, open });
  }

  /** Asks the keeper: the end of a process is told a moment after it. One that is slow to answer is taken to serve. */
  async isServing(): Promise<boolean> {
    const answer = askKeeper(this.#path, { type: "ping" });
    const late = wait(SLOW_MS, "late" as const, { ref: false });
    const said = await Promise.race([answer, late]);
    return said === "late" || (said?.type === "serving" && said.pid === this.endpoint.pid);
  }

  release(): void {
    this.#isReleased = true;
    this.#socket.end();
  }
}

/**
 * A lease of the server with these settings, which is started when there is none. A keeper that is on its way out is not waited for.
 *
 * @throws {ConnectionError} when the server cannot be started
 * @throws {Interrupted} when the signal is aborted; a server that nobody else waits for goes on to its idle time
 */
export async function acquireLease(request: LeaseRequest): Promise<Lease> {
  for (let attempt = 1; ; attempt++) {
    const socket = await reachKeeper(request);
    const lease = await leaseOf(socket, request);
    if (lease) return lease;
    if (attempt === 3)
      throw new ConnectionError("E_SPARK_KEEPER", "the process that keeps Spark ended three times while it was asked", {
        hint: "outgrow spark status shows what runs; outgrow spark stop --force ends it",
      });
  }
}

/** One question to a keeper that may not be there. */
export function askKeeper(socketPath: string, question: ToKeeper): Promise<FromKeeper | undefined> {
  return new Promise((resolve) => {
    const socket = connect(socketPath, () => send(socket, question));
    onMessages<FromKeeper>(socket, (message) => {
      resolve(message);
      socket.end();
    });
    socket.on("error", () => resolve(undefined));
    socket.on("close", () => resolve(undefined));
  });
}

async function reachKeeper({ folder, key, signal }: LeaseRequest): Promise<Socket> {
  const places = serverPlaces(folder, key);
  const deadline = Date.now() + KEEPER_MS;
  let spawned = 0;
  for (;;) {
    if (signal?.aborted) throw new Interrupted();
    const socket = await connectTo(places.socket);
    if (socket) return socket;
    // A keeper that finds another one at its place ends at once, so starting one too many does no harm.
    if (Date.now() - spawned > 5000) {
      spawnKeeper(folder, key, places);
      spawned = Date.now();
    }
    if (Date.now() > deadline) throw noKeeper(places);
    await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
  }
}

function connectTo(path: string): Promise<Socket | undefined> {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.once("connect", () => resolve(socket));
    socket.once("error", () => resolve(undefined));
  });
}

/** Through a shell that ends at once: as nobody's child the keeper is spared when a cell's processes are stopped. */
function spawnKeeper(folder: string, key: string, { complaint }: ServerPlaces): void {
  const words = [process.execPath, distFile("src/spark/server/keeper-main.js"), folder, key];
  const output = openSync(complaint, "a", 0o600);
  const options: SpawnOptions = { cwd: folder, detached: true, stdio: ["ignore", "ignore", output] };
  const child =
    process.platform === "win32"
      ? spawn(words[0] ?? "", words.slice(1), options)
      : spawn("/bin/sh", ["-c", '"$@" &', "sh", ...words], options);
  child.on("error", () => undefined);
  child.unref();
  closeSync(output);
}

function noKeeper({ complaint, lock }: ServerPlaces): ConnectionError {
  const said = existsSync(complaint) ? readFileSync(complaint, "utf8").trim() : "";
  rmSync(complaint, { force: true });
  return new ConnectionError(
    "E_SPARK_KEEPER",
    `the process that keeps Spark does not answer${said && `:\n${said.slice(-2000)}`}`,
    {
      hint: `end the process that ${lock} names, then run %spark start again`,
    },
  );
}

function keeperGone(): ConnectionError {
  return new ConnectionError("E_SPARK_DIED", "the Spark server has ended, for the process that kept it was killed", {
    hint: "%spark start starts it again",
  });
}

/** Undefined when the keeper was on its way out. */
function leaseOf(socket: Socket, request: LeaseRequest): Promise<Lease | undefined> {
  const { settings, holder, idleSeconds, startSeconds, signal, onProgress } = request;
  let ending: OutgrowError | undefined;
  return new Promise((resolve, reject) => {
    const ended = new Promise<OutgrowError | undefined>((done) => socket.once("close", () => done(ending)));
    const abort = (): void => {
      socket.destroy();
      reject(new Interrupted());
    };
    signal?.addEventListener("abort", abort, { once: true });
    const settle = (): void => signal?.removeEventListener("abort", abort);
    onMessages<FromKeeper>(socket, (message) => {
      if (message.type === "progress") onProgress?.({ operation: message.operation, note: message.note });
      if (message.type === "failed") {
        settle();
        reject(errorOf(message.failure));
      }
      if (message.type === "ended") ending = errorOf(message.failure);
      if (message.type !== "ready") return;
      settle();
      const places = serverPlaces(request.folder, request.key);
      rmSync(places.complaint, { force: true });
      // A program that has nothing else to do may end: its lease ends with it.
      socket.unref();
      resolve(new Lease(places.socket, socket, message.endpoint, ended));
    });
    socket.on("error", () => undefined);
    void ended.then(() => {
      settle();
      resolve(undefined);
    });
    send(socket, { type: "lease", settings, holder, idleSeconds, startSeconds });
  });
}

function errorOf({ code, message, hint }: Failure): OutgrowError {
  const details = hint === undefined ? {} : { hint };
  return code === "E_OLD_JAVA" ? new UsageError(code, message, details) : new ConnectionError(code, message, details);
}
