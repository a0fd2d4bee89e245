import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { MessageInitShape } from "@bufbuild/protobuf";
import { type ExecutePlanResponse, type PlanSchema, SparkConnectService } from "#spark-proto/base";
import { Interrupted } from "../../errors.ts";
import { failureOf } from "./failure.ts";
import { Backoff } from "./retry.ts";
import { interruptRequest, type RunningOperation } from "./running.ts";
import type { ConnectSession } from "./session.ts";
import { TaskWatch } from "./task-watch.ts";

export interface OperationOptions {
  /** One tag stops all operations of a cell. Without commas. */
  readonly tags?: readonly string[] | undefined;
  readonly signal?: AbortSignal | undefined;
}

const { method } = SparkConnectService;
const QUICKLY = { deadlineMs: 10_000 };
const STOP_WAITS_MS = [100, 250, 500, 1000, 2000, 4000, 8000];
/** The server keeps 10 MB for a client that may come back. */
const RELEASE_BYTES = 2 * 1024 * 1024;
/** A busy machine plans the simplest query for seconds. */
const TASKS_WAIT_MS = 3_000;
const CHUNK_BYTES = 16 * 1024 * 1024;

/**
 * Runs a plan and gives its responses, each once, whatever happens to the connection: the stream is taken up again after the
 * last response that arrived. Aborting the signal, or leaving the loop, stops the work on the server.
 */
export async function* execute(
  session: ConnectSession,
  plan: MessageInitShape<typeof PlanSchema>,
  { tags = [], signal }: OperationOptions = {},
): AsyncGenerator<ExecutePlanResponse, void, undefined> {
  session.throwIfClosed();
  const operation = new Operation(session, plan, tags, signal);
  try {
    yield* operation.responses();
  } finally {
    operation.release();
  }
}

class Operation implements RunningOperation {
  readonly id = randomUUID();
  readonly tags: readonly string[];
  readonly #session: ConnectSession;
  readonly #plan: MessageInitShape<typeof PlanSchema>;
  readonly #signal: AbortSignal | undefined;
  readonly #backoff: Backoff;
  readonly #watch = new TaskWatch();
  #started = false;
  #last: string | undefined;
  #unreleased = 0;
  #complete = false;
  /** Whether the server may still be at work: not after an error of Spark's. */
  #running = false;
  #stopping: Promise<boolean> | undefined;

  constructor(
    session: ConnectSession,
    plan: MessageInitShape<typeof PlanSchema>,
    tags: readonly string[],
    signal: AbortSignal | undefined,
  ) {
    this.#session = session;
    this.#plan = plan;
    this.tags = tags;
    this.#signal = signal;
    this.#backoff = new Backoff({ signal, isLoopback: session.channel.endpoint.isLoopback });
  }

  async *responses(): AsyncGenerator<ExecutePlanResponse, void, undefined> {
    if (this.#signal?.aborted) throw new Interrupted();
    this.#session.running.add(this);
    this.#running = true;
    while (!this.#complete) {
      try {
        yield* this.#attempt();
      } catch (error) {
        await this.#recover(error);
      }
    }
  }

  /** Gives up what the server keeps of the operation; nobody waits for it, and a server that is gone keeps nothing. */
  release(): void {
    this.#stopping = this.#end().catch(() => false);
    void this.#stopping.then(() => this.#session.running.delete(this));
    this.#watch.end();
  }

  /** Interrupts what somebody reads, for whom it ends then; false when it was over, or being stopped already. */
  async interrupt(): Promise<boolean> {
    if (this.#stopping) return this.#stopping.then(() => false);
    await this.#watch.atWork(TASKS_WAIT_MS);
    for (const wait of STOP_WAITS_MS) {
      if (this.#stopping || !this.#running) break;
      if (await this.#interrupt()) return true;
      if (this.#last !== undefined) return false;
      await sleep(wait, undefined, { ref: false });
    }
    return this.#stopping ?? false;
  }

  /** Whether something was interrupted. */
  async #end(): Promise<boolean> {
    if (this.#started && this.#running) return this.#stop();
    if (this.#started) await this.#releaseAll();
    return false;
  }

  /**
   * An interrupt can overtake its plan on the way to a busy server, which then knows no such operation and starts it afterwards: it is
   * sent again until the server has seen the operation.
   */
  async #stop(): Promise<boolean> {
    await this.#tasksAtWork();
    for (const wait of STOP_WAITS_MS) {
      const interrupted = await this.#interrupt();
      const released = await this.#releaseAll();
      if (interrupted || released || this.#last !== undefined) return interrupted;
      await sleep(wait, undefined, { ref: false });
    }
    return false;
  }

  /** Waits a moment for the first tasks of an operation that nobody reads any more. */
  async #tasksAtWork(): Promise<void> {
    if (this.#watch.isAtWork) return;
    const signal = AbortSignal.timeout(TASKS_WAIT_MS);
    try {
      for await (const response of this.#reattach(signal)) {
        this.#watch.see(response);
        if (this.#watch.isAtWork) return;
      }
    } catch {
      // It is over, not there yet, or still planning.
    }
  }

  async #interrupt(): Promise<boolean> {
    const { channel, head } = this.#session;
    const request = { ...head, ...interruptRequest({ operationId: this.id }) };
    const { interruptedIds } = await channel.unary(method.interrupt, request, QUICKLY);
    return interruptedIds.includes(this.id);
  }

  /** Whether the server knew the operation. */
  async #releaseAll(): Promise<boolean> {
    const { channel, head, isClosed } = this.#session;
    if (isClosed) return true;
    const release = { case: "releaseAll" as const, value: {} };
    const { operationId } = await channel.unary(
      method.releaseExecute,
      { ...head, operationId: this.id, release },
      QUICKLY,
    );
    return operationId !== undefined;
  }

  /** One stream, from its start or after the last response; a stream that ends without `resultComplete` was cut by the server. */
  async *#attempt(): AsyncGenerator<ExecutePlanResponse, void, undefined> {
    for await (const response of this.#open()) {
      this.#backoff.reset();
      this.#session.observe(response.serverSideSessionId);
      this.#last = response.responseId;
      this.#watch.see(response);
      if (response.responseType.case === "resultComplete") {
        this.#complete = true;
        this.#running = false;
        return;
      }
      if (response.responseType.case === "arrowBatch")
        this.#received(response.responseId, response.responseType.value.data.byteLength);
      yield response;
    }
  }

  #open(): AsyncGenerator<ExecutePlanResponse, void, undefined> {
    const { channel, head } = this.#session;
    const options = { signal: this.#signal };
    if (this.#started) return this.#reattach(this.#signal);
    this.#started = true;
    const request = {
      ...head,
      plan: this.#plan,
      operationId: this.id,
      tags: [...this.tags],
      requestOptions: [
        { requestOption: { case: "reattachOptions" as const, value: { reattachable: true } } },
        {
          requestOption: {
            case: "resultChunkingOptions" as const,
            value: { allowArrowBatchChunking: true, preferredArrowChunkSize: BigInt(CHUNK_BYTES) },
          },
        },
      ],
    };
    return channel.stream(method.executePlan, request, options);
  }

  #reattach(signal: AbortSignal | undefined): AsyncGenerator<ExecutePlanResponse, void, undefined> {
    const { channel, head } = this.#session;
    const lastResponseId = this.#last === undefined ? {} : { lastResponseId: this.#last };
    return channel.stream(method.reattachExecute, { ...head, operationId: this.id, ...lastResponseId }, { signal });
  }

  async #recover(error: unknown): Promise<void> {
    if (this.#signal?.aborted) throw new Interrupted();
    this.#session.throwIfClosed();
    const failure = failureOf(error);
    const isLost = /^INVALID_HANDLE\.(OPERATION|SESSION)_NOT_FOUND/.test(failure.errorClass ?? "");
    if (isLost && this.#last === undefined && this.#started) {
      // The plan never arrived. It starts again under its old name, so that a late first one is joined, not run beside it.
      if (await this.#backoff.again({ ...failure, retryAfterMs: 0 })) {
        this.#started = false;
        return;
      }
    } else if (await this.#backoff.again(failure)) return;
    if (this.#signal?.aborted) throw new Interrupted();
    this.#running = failure.errorClass === undefined;
    throw await this.#session.errorOf(error);
  }

  /** Frees the server's buffer of what has arrived, not for every little batch. */
  #received(responseId: string, bytes: number): void {
    this.#unreleased += bytes;
    if (this.#unreleased < RELEASE_BYTES) return;
    this.#unreleased = 0;
    const { channel, head } = this.#session;
    const release = { case: "releaseUntil" as const, value: { responseId } };
    channel.unary(method.releaseExecute, { ...head, operationId: this.id, release }, QUICKLY).catch(() => undefined);
  }
}
