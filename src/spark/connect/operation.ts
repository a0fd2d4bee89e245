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
/** A busy machine plans the simplest query for seconds, and makes the code of a wide one for ten. */
const TASKS_WAIT_MS = 3_000;
/** Where nobody waits for the answer. */
const PATIENT_WAIT_MS = 30_000;
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
    while (!this.#complete) {
      this.#running = true;
      try {
        yield* this.#attempt();
      } catch (error) {
        await this.#recover(error);
      }
    }
  }

  /** Gives up what the server keeps of the operation; nobody waits for it, and a server that is gone keeps nothing. */
  release(): void {
    this.#watch.wake();
    this.#stopping = this.#end().catch(() => false);
    void this.#stopping.then(() => this.#session.running.delete(this));
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

  /** A stop can overtake its plan on the way to a busy server, which starts it afterwards: it is repeated until the server has seen the operation. */
  async #stop(): Promise<boolean> {
    for (const wait of STOP_WAITS_MS) {
      if (await this.#isThere()) {
        const interrupted = await this.#interrupt();
        // What is released in the middle of its end stays with the server.
        if (interrupted) await this.#readOn(AbortSignal.timeout(PATIENT_WAIT_MS));
        await this.#releaseAll();
        return interrupted;
      }
      if (this.#last !== undefined) break;
      await sleep(wait, undefined, { ref: false });
    }
    return false;
  }

  /** Reads on, where nobody else does any more, until the tasks are at work; false when the server knows no such operation. */
  async #isThere(): Promise<boolean> {
    const enough = new AbortController();
    const reading = this.#readOn(enough.signal);
    await Promise.race([this.#watch.atWork(PATIENT_WAIT_MS), reading]);
    enough.abort();
    return reading;
  }

  async #readOn(signal: AbortSignal): Promise<boolean> {
    try {
      for await (const response of this.#reattach(signal)) this.#watch.see(response);
      return true;
    } catch (error) {
      return signal.aborted || !isUnknown(error);
    }
  }

  async #interrupt(): Promise<boolean> {
    const { channel, head } = this.#session;
    const request = { ...head, ...interruptRequest({ operationId: this.id }) };
    const { interruptedIds } = await channel.unary(method.interrupt, request, QUICKLY);
    return interruptedIds.includes(this.id);
  }

  async #releaseAll(): Promise<void> {
    const { channel, head, isClosed } = this.#session;
    if (isClosed) return;
    const release = { case: "releaseAll" as const, value: {} };
    await channel.unary(method.releaseExecute, { ...head, operationId: this.id, release }, QUICKLY);
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
    const failure = failureOf(error);
    this.#running = failure.errorClass === undefined;
    this.#session.throwIfClosed();
    if (isUnknown(error) && this.#last === undefined && this.#started) {
      // The plan never arrived. It starts again under its old name, so that a late first one is joined, not run beside it.
      if (await this.#backoff.again({ ...failure, retryAfterMs: 0 })) {
        this.#started = false;
        return;
      }
    } else if (await this.#backoff.again(failure)) return;
    if (this.#signal?.aborted) {
      // Stop came between two tries: what cut the stream has not ended the operation.
      this.#running = true;
      throw new Interrupted();
    }
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

function isUnknown(error: unknown): boolean {
  return /^INVALID_HANDLE\.(OPERATION|SESSION)_NOT_FOUND/.test(failureOf(error).errorClass ?? "");
}
