import { setTimeout as wait } from "node:timers/promises";
import type { MessageInitShape, MessageShape } from "@bufbuild/protobuf";
import { SparkConnectService } from "#spark-proto/base";
import { type OutgrowError, UsageError } from "../../errors.ts";
import { Channel, type UnaryMethod, type UploadMethod } from "./channel.ts";
import { sessionClosed } from "./closed.ts";
import { parseEndpoint } from "./endpoint.ts";
import { type ErrorSource, toldAgain, toOutgrowError } from "./errors.ts";
import { hasFallen, mayFall } from "./exhausted.ts";
import { failureOf } from "./failure.ts";
import { type RequestHead, SessionIdentity } from "./identity.ts";
import { openSessions } from "./open-sessions.ts";
import { withRetries } from "./retry.ts";
import { type InterruptTarget, interruptRequest, RunningOperations } from "./running.ts";

export interface SessionOptions {
  /** The server's bearer token; over TLS, or to this machine. */
  readonly token?: string | undefined;
  /** A file of certificates (PEM) to trust beside those of the system, for a server with one of its own. */
  readonly ca?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

const { method } = SparkConnectService;
const CONNECT_TRIES = 6;
const CONNECT_DEADLINE_MS = 30_000;
/** Servers drop a session that was idle for an hour. */
const KEEP_ALIVE_MS = 10 * 60_000;
/** A server that has run out of memory needs seconds to end, and stops its work in the first moment of them. */
const FALL_MS = 10_000;
const FIRST_MS = 300;
/** Work for its executors. */
const PROOF = {
  opType: {
    case: "root" as const,
    value: { relType: { case: "sql" as const, value: { query: "SELECT * FROM range(64)" } } },
  },
};
const CLOSE_MS = 6_000;

/** A session on a server: its identity, its calls with retries and readable errors, its end. */
export class ConnectSession implements ErrorSource {
  readonly channel: Channel;
  readonly running = new RunningOperations();
  readonly #identity: SessionIdentity;
  #version = "";
  #keepAlive: NodeJS.Timeout | undefined;
  #closing: Promise<void> | undefined;
  #lostBy: OutgrowError | undefined;
  /** Kept when the server is known to have ended, where somebody looks. */
  #watched: Promise<void> | undefined;

  private constructor(channel: Channel) {
    this.channel = channel;
    this.#identity = new SessionIdentity(channel.endpoint);
  }

  /**
   * Connects, and asks the server for its version.
   *
   * @throws {ConnectionError} E_SPARK_UNREACHABLE, E_SPARK_TOKEN
   * @throws {UsageError} E_SPARK_VERSION for a server before 4.0
   */
  static async open(address: string, options: SessionOptions = {}): Promise<ConnectSession> {
    const session = new ConnectSession(new Channel(parseEndpoint(address, options)));
    try {
      session.#version = await session.#askVersion(options.signal);
    } catch (error) {
      session.channel.close();
      throw error;
    }
    openSessions.add(session);
    session.#keepAlive = setInterval(() => void session.#askVersion().catch(() => undefined), KEEP_ALIVE_MS).unref();
    return session;
  }

  /** The server's version, `4.3.0`. */
  get version(): string {
    return this.#version;
  }

  get isClosed(): boolean {
    return this.#closing !== undefined;
  }

  /** Whether it is known to be gone, with its server or alone: nothing will run in it any more. */
  get isLost(): boolean {
    return this.#lostBy !== undefined;
  }

  get id(): string {
    return this.#identity.id;
  }

  get head(): RequestHead {
    return this.#identity.head;
  }

  /** A call of one answer, tried again as the official clients do. */
  async call<M extends UnaryMethod>(
    rpc: M,
    request: Omit<MessageInitShape<M["input"]>, keyof RequestHead>,
    options: { readonly signal?: AbortSignal | undefined; readonly tries?: number; readonly deadlineMs?: number } = {},
  ): Promise<MessageShape<M["output"]>> {
    this.throwIfClosed();
    const { isLoopback } = this.channel.endpoint;
    try {
      const response = await withRetries({ isLoopback, ...options }, () =>
        this.channel.unary(rpc, { ...this.head, ...request } as MessageInitShape<M["input"]>, options),
      );
      this.observe((response as { readonly serverSideSessionId?: string }).serverSideSessionId);
      return response;
    } catch (error) {
      throw await this.errorOf(error);
    }
  }

  /** A call of many requests, which are sent anew where it is tried again. */
  async upload<M extends UploadMethod>(
    rpc: M,
    requests: () => Iterable<Omit<MessageInitShape<M["input"]>, keyof RequestHead>>,
    options: { readonly signal?: AbortSignal | undefined } = {},
  ): Promise<MessageShape<M["output"]>> {
    this.throwIfClosed();
    const { isLoopback } = this.channel.endpoint;
    const withHeads = function* (head: RequestHead) {
      for (const request of requests()) yield { ...head, ...request } as MessageInitShape<M["input"]>;
    };
    try {
      return await withRetries({ isLoopback, ...options }, () =>
        this.channel.upload(rpc, withHeads(this.head), options),
      );
    } catch (error) {
      throw await this.errorOf(error);
    }
  }

  /** What an answer says of the session at the server; throws when that is another one than before. */
  observe(serverSide: string | undefined): void {
    this.#identity.observe(serverSide);
  }

  get label(): string {
    return this.channel.endpoint.label;
  }

  /** The details of an error; the server gives them once. */
  async fetchErrorDetails(errorId: string): Promise<MessageShape<(typeof method.fetchErrorDetails)["output"]>> {
    return this.channel.unary(method.fetchErrorDetails, { ...this.head, errorId }, { deadlineMs: 10_000 });
  }

  /**
   * Stops the operations with a tag, one operation, or all of the session, and gives the ids of those that ran: first those of this
   * process, each when its tasks are at work, then what others run in the session.
   */
  async interrupt(which: InterruptTarget): Promise<string[]> {
    const mine = await this.running.interrupt(which).catch(async (error: unknown) => {
      throw await this.errorOf(error);
    });
    const options = { tries: 3, deadlineMs: 10_000 };
    const { interruptedIds } = await this.call(method.interrupt, interruptRequest(which), options);
    return [...new Set([...mine, ...interruptedIds])];
  }

  /**
   * Stops what runs and gives the session up, within this time; never throws, for a server that is gone has no session either.
   * Work that shows no tasks, since it waits behind that of others, is interrupted all the same when a third of the time is over.
   */
  close(withinMs = CLOSE_MS): Promise<void> {
    this.#closing ??= this.#giveUp(withinMs / 3).finally(() => openSessions.delete(this));
    return this.#closing;
  }

  async #giveUp(deadlineMs: number): Promise<void> {
    if (this.#lostBy) return;
    clearInterval(this.#keepAlive);
    const stopped = this.running.interrupt("all").catch(() => undefined);
    await Promise.race([stopped, wait(deadlineMs, undefined, { ref: false })]);
    const all = { ...this.head, ...interruptRequest("all") };
    await this.channel.unary(method.interrupt, all, { deadlineMs }).catch(() => undefined);
    await this.channel.unary(method.releaseSession, this.#identity.releaseHead, { deadlineMs }).catch(() => undefined);
    this.channel.close();
  }

  /** A server whose end somebody sees: what runs and what comes fails with the reason then, and does not wait for an answer. */
  watch(ended: Promise<OutgrowError | undefined>): void {
    this.#watched = ended.then((reason) => {
      if (reason) this.#lose(reason);
    });
  }

  #lose(reason: OutgrowError): void {
    if (this.isClosed) return;
    this.#lostBy = reason;
    openSessions.delete(this);
    clearInterval(this.#keepAlive);
    this.channel.close();
  }

  /** The error to show for a call that failed. Whether a server that may fall does is waited for: its end has the reason, and the next call needs another. */
  async errorOf(error: unknown): Promise<OutgrowError> {
    const { message } = failureOf(error);
    if (this.#watched && mayFall(message)) await this.#fallOf(this.#watched, hasFallen(message));
    if (this.#lostBy) return toldAgain(this.#lostBy);
    const told = await toOutgrowError(error, this);
    // A name that its server has given up is never that of a session again.
    if (told.code === "E_SPARK_SESSION_LOST") this.#lose(told);
    return told;
  }

  /** Until the server has ended or is known to stand. Who waits holds the program: nothing else may any more. */
  async #fallOf(end: Promise<void>, isCertain: boolean): Promise<void> {
    const over = new AbortController();
    const waits = [end, wait(FALL_MS, undefined, over), ...(isCertain ? [] : [this.#proof(over.signal)])];
    await Promise.race(waits.map((one) => one.catch(() => end)));
    over.abort();
  }

  /** Resolves when the server has done some work, fails when it cannot any more. */
  async #proof(signal: AbortSignal): Promise<void> {
    await wait(FIRST_MS, undefined, { signal });
    for await (const _ of this.channel.stream(method.executePlan, { ...this.head, plan: PROOF }, { signal }));
  }

  throwIfClosed(): void {
    if (this.isClosed) throw sessionClosed();
    if (this.#lostBy) throw toldAgain(this.#lostBy);
  }

  async #askVersion(signal?: AbortSignal): Promise<string> {
    const response = await this.call(
      method.analyzePlan,
      { analyze: { case: "sparkVersion", value: {} } },
      { signal, tries: CONNECT_TRIES, deadlineMs: CONNECT_DEADLINE_MS },
    );
    const version = response.result.case === "sparkVersion" ? response.result.value.version : "";
    if (Number(/^\d+/.exec(version)?.[0] ?? 0) < 4)
      throw new UsageError(
        "E_SPARK_VERSION",
        `the server at ${this.label} is Spark ${version || "of an unknown version"}`,
        {
          hint: "Outgrow needs a server of Spark 4.0 or newer",
        },
      );
    return version;
  }
}
