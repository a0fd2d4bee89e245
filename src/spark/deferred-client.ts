import type { Table } from "../frame/arrow.ts";
import type { DataFrame } from "../frame/frame.ts";
import type { Answer, Question, QuestionInit, ResultTable, SparkClient } from "./connect/client.ts";
import { sessionClosed } from "./connect/closed.ts";

type Asked<Name extends keyof SparkClient> = SparkClient[Name] extends (...values: infer Values) => unknown
  ? Values
  : never;

/**
 * A client that connects with its first question, so that a plan can be written before there is a server. A connection that failed is
 * tried again by the next question.
 */
export class DeferredClient implements SparkClient {
  readonly #open: () => Promise<SparkClient>;
  #opening: Promise<SparkClient> | undefined;
  #client: SparkClient | undefined;
  #closed = false;
  /** The tags of before the first question. */
  readonly #tags = new Set<string>();

  constructor(open: () => Promise<SparkClient>) {
    this.#open = open;
  }

  get tags(): Set<string> {
    return this.#client?.tags ?? this.#tags;
  }

  /** Undefined before the first question. */
  get label(): string | undefined {
    return this.#client?.label;
  }

  /** Undefined before the first question. */
  get isLoopback(): boolean | undefined {
    return this.#client?.isLoopback;
  }

  get isClosed(): boolean {
    return this.#closed || (this.#client?.isClosed ?? false);
  }

  async isLocal(): Promise<boolean> {
    return (await this.#ready()).isLocal();
  }

  async version(): Promise<string> {
    return (await this.#ready()).version();
  }

  async interrupt(...asked: Asked<"interrupt">): Promise<readonly string[]> {
    return (await this.#ready()).interrupt(...asked);
  }

  /** One that never connected is only forgotten. */
  async close(): Promise<void> {
    this.#closed = true;
    const client = this.#client ?? (await this.#opening?.catch(() => undefined));
    await client?.close();
  }

  async *batches(...asked: Asked<"batches">): AsyncGenerator<ResultTable, void, undefined> {
    yield* (await this.#ready()).batches(...asked);
  }

  async table(...asked: Asked<"table">): Promise<ResultTable> {
    return (await this.#ready()).table(...asked);
  }

  frame(result: ResultTable): DataFrame {
    if (!this.#client) throw sessionClosed();
    return this.#client.frame(result);
  }

  async sql(...asked: Asked<"sql">): ReturnType<SparkClient["sql"]> {
    return (await this.#ready()).sql(...asked);
  }

  async query(...asked: Asked<"query">): ReturnType<SparkClient["query"]> {
    return (await this.#ready()).query(...asked);
  }

  async command(...asked: Asked<"command">): ReturnType<SparkClient["command"]> {
    return (await this.#ready()).command(...asked);
  }

  async ml(...asked: Asked<"ml">): ReturnType<SparkClient["ml"]> {
    return (await this.#ready()).ml(...asked);
  }

  async relationOf(frame: DataFrame | Table): ReturnType<SparkClient["relationOf"]> {
    return (await this.#ready()).relationOf(frame);
  }

  async schema(...asked: Asked<"schema">): ReturnType<SparkClient["schema"]> {
    return (await this.#ready()).schema(...asked);
  }

  async analyze<C extends Question>(question: C, value: QuestionInit<C>): Promise<Answer<C>> {
    return (await this.#ready()).analyze(question, value);
  }

  async setConfig(...asked: Asked<"setConfig">): ReturnType<SparkClient["setConfig"]> {
    return (await this.#ready()).setConfig(...asked);
  }

  async getConfig(...asked: Asked<"getConfig">): ReturnType<SparkClient["getConfig"]> {
    return (await this.#ready()).getConfig(...asked);
  }

  async allConfig(...asked: Asked<"allConfig">): ReturnType<SparkClient["allConfig"]> {
    return (await this.#ready()).allConfig(...asked);
  }

  async unsetConfig(...asked: Asked<"unsetConfig">): Promise<void> {
    return (await this.#ready()).unsetConfig(...asked);
  }

  async isModifiable(...asked: Asked<"isModifiable">): ReturnType<SparkClient["isModifiable"]> {
    return (await this.#ready()).isModifiable(...asked);
  }

  #ready(): Promise<SparkClient> {
    if (this.#closed) return Promise.reject(sessionClosed());
    if (this.#client) return Promise.resolve(this.#client);
    this.#opening ??= this.#connect().finally(() => {
      this.#opening = undefined;
    });
    return this.#opening;
  }

  async #connect(): Promise<SparkClient> {
    const client = await this.#open();
    for (const tag of this.#tags) client.tags.add(tag);
    this.#client = client;
    return client;
  }
}
