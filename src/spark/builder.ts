import { randomUUID } from "node:crypto";
import { ConnectionError, UsageError } from "../errors.ts";
import type { RunOptions } from "../progress.ts";
import { activeSession, setActiveSession } from "./active.ts";
import type { Applied } from "./apply-settings.ts";
import { ambientOptions } from "./connect/ambient.ts";
import { parseEndpoint } from "./connect/endpoint.ts";
import { differing, isRuntime, optionsOf, serverOptions } from "./launch-settings.ts";
import { type SparkServer, type SparkServerOptions, startSpark } from "./server/server.ts";
import type { ConnectOptions, SparkSession } from "./session.ts";

export interface GetOrCreateOptions extends RunOptions {
  /** Of the server that `remote` names; default `SPARK_CONNECT_AUTHENTICATE_TOKEN` of the environment. */
  readonly token?: string | undefined;
  /** A file of certificates (PEM) to trust beside those of the system, for a server with one of its own. */
  readonly ca?: string | undefined;
  /** Told what could not be as it was asked for: settings that did not apply, a session that was lost. Default `console.warn`. */
  readonly onWarning?: ((message: string) => void) | undefined;
}

/** What the session's class gives its builder. */
export interface SessionMaker {
  connect(address: string, options: ConnectOptions): Promise<SparkSession>;
  /** Another session where this one was, with its token. */
  reconnect(session: SparkSession, signal: AbortSignal | undefined): Promise<SparkSession>;
  /** Sets what can be set; fails when the session is gone. */
  configure(session: SparkSession, pairs: Readonly<Record<string, string>>): Promise<Applied>;
}

interface LocalServer {
  readonly server: SparkServer;
  /** Of the session there. */
  readonly id: string;
}

/** Faults after which the session is still there. */
const IS_THERE: ReadonlySet<string> = new Set(["E_SPARK_TOKEN", "E_SPARK_NO_ANSWER"]);
const locals = new WeakMap<SparkSession, LocalServer>();
/** One at a time, so that two cells that begin at once have one session. */
let turn: Promise<unknown> = Promise.resolve();

/**
 * How a session is wanted, in PySpark's words.
 *
 * @example
 * const spark = await SparkSession.builder.master("local[2]").appName("sales").config("spark.sql.shuffle.partitions", 8).getOrCreate();
 */
export class SparkSessionBuilder {
  readonly #maker: SessionMaker;
  readonly #pairs: Record<string, string> = {};

  constructor(maker: SessionMaker) {
    this.#maker = maker;
  }

  /** `local[4]`, `local-cluster[2,1,1024]`, `spark://host:7077`. */
  master(master: string): this {
    return this.config("spark.master", master);
  }

  appName(name: string): this {
    return this.config("spark.app.name", name);
  }

  /** A server that runs already: `sc://host:port`. */
  remote(address: string): this {
    return this.config("spark.remote", address);
  }

  /** One setting, or several by key. */
  config(key: string, value: string | number | boolean): this;
  config(pairs: Readonly<Record<string, string | number | boolean>>): this;
  config(
    keyOrPairs: string | Readonly<Record<string, string | number | boolean>>,
    value?: string | number | boolean,
  ): this {
    const pairs = typeof keyOrPairs === "string" ? { [keyOrPairs]: value } : keyOrPairs;
    for (const [key, each] of Object.entries(pairs)) this.#pairs[key] = String(each);
    return this;
  }

  /**
   * The active session of this process, or a new one: on the server that `remote` or `SPARK_REMOTE` names, else on a local one, which
   * is started when it must be. Settings of a session are applied to the one there is; those of a server are not, and that is told.
   *
   * @throws {UsageError} when there is no Spark or Java, for settings that cannot be, for a master beside a remote server
   * @throws {ConnectionError} when the server does not answer or come up
   * @throws {Interrupted}
   */
  getOrCreate(options: GetOrCreateOptions = {}): Promise<SparkSession> {
    const { signal, onProgress } = ambientOptions() ?? {};
    const next = turn.then(() => this.#getOrCreate({ ...this.#pairs }, { signal, onProgress, ...options }));
    turn = next.catch(() => undefined);
    return next;
  }

  async #getOrCreate(pairs: Record<string, string>, options: GetOrCreateOptions): Promise<SparkSession> {
    const { "spark.remote": given, ...rest } = pairs;
    if (given !== undefined && rest["spark.master"] !== undefined)
      throw new UsageError("E_BAD_USE", "a session has a master or a remote server, not both", {
        hint: "leave master() out: the server that remote() names has one",
      });
    const wanted: Wanted = { ...split(rest), remote: given, options };
    const current = activeSession();
    const isWanted = current !== undefined && (given === undefined || parseEndpoint(given).label === current.label);
    const session = isWanted ? await this.#reuse(current, wanted) : await this.#create(wanted);
    setActiveSession(session);
    return session;
  }

  async #reuse(session: SparkSession, wanted: Wanted): Promise<SparkSession> {
    try {
      const local = locals.get(session);
      const applied = await this.#maker.configure(session, local ? wanted.runtime : whole(wanted));
      if (local) warnOfServer(differing(wanted.launch, local.server.settings), wanted.options);
      warnOfSession(applied, wanted.options);
      return session;
    } catch (error) {
      if (!(error instanceof ConnectionError) || IS_THERE.has(error.code)) throw error;
      const next = await this.#replace(session, wanted);
      warn(wanted.options, `${error.message.split(/\n|: /)[0]}. This is a new session: ${GONE}.`);
      return next;
    }
  }

  async #replace(session: SparkSession, wanted: Wanted): Promise<SparkSession> {
    const local = locals.get(session);
    if (local) {
      const next = await this.#createLocal(wanted, optionsOf(local.server.settings));
      // Afterwards, so that a server that is still there is not given back in between.
      local.server.closeSession(local.id);
      return next;
    }
    return this.#configured(await this.#maker.reconnect(session, wanted.options.signal), whole(wanted), wanted.options);
  }

  async #create(wanted: Wanted): Promise<SparkSession> {
    const { env } = process;
    const address = wanted.remote ?? (wanted.launch["spark.master"] === undefined ? env.SPARK_REMOTE : undefined);
    if (!address || /^local\b/.test(address)) {
      return this.#createLocal(wanted, address ? { master: address === "local" ? "local[*]" : address } : {});
    }
    const { token = env.SPARK_CONNECT_AUTHENTICATE_TOKEN, ca, signal } = wanted.options;
    const session = await this.#maker.connect(address, { token, ca, signal });
    return this.#configured(session, whole(wanted), wanted.options);
  }

  /** The session is known to the keeper before it is to the server: whenever this process dies, it is released. */
  async #createLocal(wanted: Wanted, before: SparkServerOptions): Promise<SparkSession> {
    const { signal, onProgress } = wanted.options;
    const asked = serverOptions(wanted.launch);
    const conf = { ...before.conf, ...asked.conf };
    const options = { ...before, ...asked, ...(Object.keys(conf).length > 0 && { conf }) };
    const server = await startSpark({ ...options, signal, onProgress });
    onProgress?.({ operation: `Spark ${server.endpoint.version}`, note: "ready" });
    const { host, port, token } = server.endpoint;
    const id = randomUUID();
    server.openSession(id);
    const onStop = (): void => {
      server.closeSession(id);
      if (server.openSessions === 0) server.release();
    };
    try {
      const address = `sc://${host}:${port}/;session_id=${id}`;
      const session = await this.#maker.connect(address, { token, signal, onStop, ended: server.ended });
      locals.set(session, { server, id });
      return await this.#configured(session, wanted.runtime, wanted.options);
    } catch (error) {
      onStop();
      throw error;
    }
  }

  async #configured(
    session: SparkSession,
    pairs: Readonly<Record<string, string>>,
    options: GetOrCreateOptions,
  ): Promise<SparkSession> {
    try {
      warnOfSession(await this.#maker.configure(session, pairs), options);
      return session;
    } catch (error) {
      await session.stop();
      throw error;
    }
  }
}

interface Wanted {
  readonly remote: string | undefined;
  readonly launch: Readonly<Record<string, string>>;
  readonly runtime: Readonly<Record<string, string>>;
  readonly options: GetOrCreateOptions;
}

/** What a session is without, and what nobody must believe it to have. */
const GONE = "temporary views, settings, cached tables and models of the one before are gone";

function split(pairs: Readonly<Record<string, string>>): Pick<Wanted, "launch" | "runtime"> {
  const entries = Object.entries(pairs);
  return {
    launch: Object.fromEntries(entries.filter(([key]) => !isRuntime(key))),
    runtime: Object.fromEntries(entries.filter(([key]) => isRuntime(key))),
  };
}

/** What a session on a server of others is asked for: it alone knows which of its settings are fixed and which an extension reads. */
function whole({ launch, runtime }: Wanted): Readonly<Record<string, string>> {
  return { ...launch, ...runtime };
}

/** Settings of a server that has them otherwise. */
function warnOfServer(fixed: readonly string[], options: GetOrCreateOptions): void {
  if (fixed.length > 0)
    warn(
      options,
      `Not applied: ${fixed.join(", ")}. A server has them from its start; after spark.stop() getOrCreate() starts one with them.`,
    );
}

/** Settings that a session cannot have, and those that may be slips. */
function warnOfSession({ fixed, unknown }: Applied, options: GetOrCreateOptions): void {
  if (fixed.length > 0) warn(options, `Not applied: ${fixed.join(", ")}. Spark fixes them at its start.`);
  if (unknown.length > 0)
    warn(options, `Set, but not known to Spark itself: ${unknown.join(", ")}. Only an extension may read them.`);
}

function warn({ onWarning = console.warn }: GetOrCreateOptions, message: string): void {
  onWarning(message);
}
