import { create, type DescMethod, fromBinary, type MessageInitShape, toBinary } from "@bufbuild/protobuf";
import { anyPack } from "@bufbuild/protobuf/wkt";
import {
  Metadata,
  Server,
  ServerCredentials,
  type ServerDuplexStream,
  type ServerUnaryCall,
  type ServerWritableStream,
  type sendUnaryData,
  status,
} from "@grpc/grpc-js";
import { type ExecutePlanResponseSchema, SparkConnectService } from "#spark-proto/base";
import { ErrorInfoSchema, StatusSchema } from "#spark-proto/rpc";

type Response = MessageInitShape<typeof ExecutePlanResponseSchema>;

/** What happens to a stream after its nth response: the connection breaks, the server ends it early, Spark reports an error, or nothing more comes. */
export interface Fault {
  readonly after: number;
  readonly how: "unavailable" | "end" | "disconnected" | "spark-error" | "silence";
}

/**
 * A server that holds one result and loses it in the ways that a test stages. It keeps operations as Spark does: an execute starts
 * one, a reattach goes on after the last response, a release forgets.
 */
export class MockSpark {
  /** One for each stream, in order; streams beyond the list are whole. */
  faults: Fault[] = [];
  /** How many executes are dropped before the plan arrives. */
  dropped = 0;
  /** How many questions about an operation come before its plan does, as happens on a busy server. */
  overtaking = 0;
  serverSideSession = "first";
  version = "4.3.0";
  /** Of an error of Spark's. */
  errorClass = "DIVIDE_BY_ZERO";
  readonly calls: string[] = [];
  readonly operations = new Map<string, number>();
  readonly executed: string[] = [];
  readonly interrupted: string[] = [];
  /** Streams that a test holds open after the responses, as a query at work does. */
  hang = false;
  /** Whether questions of one answer get none, as from a server behind a line that went dead. */
  isMute = false;
  readonly #open = new Map<Stream, string>();
  readonly #server = new Server();
  readonly #responses: readonly Response[];

  constructor(responses: readonly Response[]) {
    this.#responses = responses;
  }

  async start(): Promise<string> {
    const { method } = SparkConnectService;
    this.#unary(method.analyzePlan, () => ({
      serverSideSessionId: this.serverSideSession,
      result: { case: "sparkVersion", value: { version: this.version } },
    }));
    this.#unary(method.config, () => ({ serverSideSessionId: this.serverSideSession }));
    this.#unary(method.releaseExecute, (request) => {
      const { operationId } = request as { operationId: string };
      return { serverSideSessionId: this.serverSideSession, ...(this.#finds(operationId) && { operationId }) };
    });
    this.#unary(method.releaseSession, () => ({ serverSideSessionId: this.serverSideSession }));
    this.#unary(method.interrupt, (request) => {
      const { value = "all" } = (request as { interrupt: { value?: string } }).interrupt;
      this.interrupted.push(value);
      const interruptedIds = this.#finds(value) ? [value] : [];
      for (const [call, id] of this.#open) if (id === value) fail(call, "OPERATION_CANCELED");
      return { serverSideSessionId: this.serverSideSession, interruptedIds };
    });
    this.#stream(method.executePlan, (id, _last, call) => this.#execute(id, call));
    this.#stream(method.reattachExecute, (id, last, call) => this.#reattach(id, last, call));
    const port = await new Promise<number>((resolve, reject) =>
      this.#server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) =>
        error ? reject(error) : resolve(bound),
      ),
    );
    return `sc://127.0.0.1:${port}`;
  }

  get openStreams(): number {
    return this.#open.size;
  }

  /** One more response on each stream that is held open. */
  say(response: Response, responseId: string): void {
    for (const call of this.#open.keys())
      call.write({ ...response, responseId, serverSideSessionId: this.serverSideSession });
  }

  stop(): void {
    this.#server.forceShutdown();
  }

  #finds(id: string): boolean {
    if (this.overtaking > 0) {
      this.overtaking--;
      return false;
    }
    return this.operations.has(id);
  }

  #execute(id: string, call: Stream): void {
    if (this.dropped > 0) {
      this.dropped--;
      return fail(call, undefined);
    }
    this.executed.push(id);
    this.operations.set(id, 0);
    this.#send(call, 0);
  }

  #reattach(id: string, last: string | undefined, call: Stream): void {
    if (!this.#finds(id)) return fail(call, "INVALID_HANDLE.OPERATION_NOT_FOUND");
    if (this.interrupted.includes(id)) return fail(call, "OPERATION_CANCELED");
    this.#send(call, last === undefined ? 0 : Number(last) + 1);
  }

  #send(call: Stream, from: number): void {
    const fault = this.faults.shift();
    const end = Math.min(this.#responses.length, from + (fault?.after ?? this.#responses.length));
    for (let i = from; i < end; i++)
      call.write({ ...this.#responses[i], responseId: String(i), serverSideSessionId: this.serverSideSession });
    if (fault?.how === "silence" || (!fault && this.hang)) return;
    if (!fault || fault.how === "end") return void call.end();
    if (fault.how === "spark-error") return fail(call, this.errorClass);
    if (fault.how === "disconnected") return fail(call, "INVALID_CURSOR.DISCONNECTED");
    fail(call, undefined);
  }

  #unary(method: DescMethod, answer: (request: unknown) => object): void {
    const handler = (call: ServerUnaryCall<unknown, object>, reply: sendUnaryData<object>) => {
      this.calls.push(method.name);
      if (!this.isMute) reply(null, answer(call.request));
    };
    this.#register(method, handler, "unary");
  }

  #stream(method: DescMethod, answer: (id: string, last: string | undefined, call: Stream) => void): void {
    const handler = (call: Stream) => {
      this.calls.push(method.name);
      const { operationId = "", lastResponseId } = call.request as { operationId?: string; lastResponseId?: string };
      this.#open.set(call, operationId);
      call.once("close", () => this.#open.delete(call));
      call.on("error", () => undefined);
      answer(operationId, lastResponseId, call);
    };
    this.#register(method, handler, "serverStream");
  }

  #register(method: DescMethod, handler: unknown, type: "unary" | "serverStream"): void {
    this.#server.register(
      `/${method.parent.typeName}/${method.name}`,
      handler as (call: ServerDuplexStream<unknown, object>) => void,
      (message: object) => Buffer.from(toBinary(method.output, create(method.output, message as never))),
      (bytes: Buffer) => fromBinary(method.input, bytes),
      type,
    );
  }
}

type Stream = ServerWritableStream<unknown, object>;

/** Ends a stream as Spark does: INTERNAL, and what it is in the trailer; without a class the transport broke. */
function fail(call: Stream, errorClass: string | undefined): void {
  const code = errorClass === undefined ? status.UNAVAILABLE : status.INTERNAL;
  const metadata = new Metadata();
  if (errorClass !== undefined) {
    const info = create(ErrorInfoSchema, { reason: "x", domain: "org.apache.spark", metadata: { errorClass } });
    const details = create(StatusSchema, { code, message: errorClass, details: [anyPack(ErrorInfoSchema, info)] });
    metadata.set("grpc-status-details-bin", Buffer.from(toBinary(StatusSchema, details)));
  }
  const details = errorClass === undefined ? "cut" : `[${errorClass}] staged`;
  call.emit("error", Object.assign(new Error(details), { code, details, metadata }));
}
