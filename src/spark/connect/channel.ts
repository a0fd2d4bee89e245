import { X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { rootCertificates } from "node:tls";
import {
  create,
  type DescMethod,
  fromBinary,
  type MessageInitShape,
  type MessageShape,
  toBinary,
} from "@bufbuild/protobuf";
import { Client, type ClientReadableStream, credentials, Metadata } from "@grpc/grpc-js";
import type { SparkConnectService } from "#spark-proto/base";
import { Interrupted, UsageError } from "../../errors.ts";
import type { Endpoint } from "./endpoint.ts";

type Methods = (typeof SparkConnectService)["method"];
export type UnaryMethod = Extract<Methods[keyof Methods], { methodKind: "unary" }>;
export type StreamMethod = Extract<Methods[keyof Methods], { methodKind: "server_streaming" }>;
export type UploadMethod = Extract<Methods[keyof Methods], { methodKind: "client_streaming" }>;

const LARGEST_MESSAGE = 128 * 1024 * 1024;
const UNARY_DEADLINE_MS = 120_000;
/** What a server may send before it hears that it was read. By HTTP/2's 64 kB it stops five hundred times in a million rows, and over a network for a round trip each. */
const AHEAD_BYTES = 4 * 1024 * 1024;

export interface CallOptions {
  readonly signal?: AbortSignal | undefined;
  readonly deadlineMs?: number | undefined;
}

/** One connection to one server. Its calls speak messages; what they throw is grpc's, to be read by `failureOf`. */
export class Channel {
  readonly endpoint: Endpoint;
  readonly #client: Client;
  readonly #streams = new Set<ClientReadableStream<unknown>>();

  constructor(endpoint: Endpoint) {
    this.endpoint = endpoint;
    const host = endpoint.host.includes(":") ? `[${endpoint.host}]` : endpoint.host;
    const secrecy = endpoint.secure ? credentials.createSsl(trusted(endpoint.ca)) : credentials.createInsecure();
    this.#client = new Client(`${host}:${endpoint.port}`, secrecy, {
      "grpc.max_receive_message_length": LARGEST_MESSAGE,
      "grpc.max_send_message_length": LARGEST_MESSAGE,
      "grpc-node.flow_control_window": AHEAD_BYTES,
      // Java servers hang up on whoever pings more often than every five minutes while nothing else is said.
      "grpc.keepalive_time_ms": 310_000,
      "grpc.keepalive_timeout_ms": 20_000,
      "grpc.primary_user_agent": endpoint.userAgent ?? "outgrow",
      // A server that starts again is found within a second, not after grpc's two minutes.
      "grpc.initial_reconnect_backoff_ms": 100,
      "grpc.max_reconnect_backoff_ms": 1_000,
      // Proxies of the environment are for the web, not for a Spark server.
      "grpc.enable_http_proxy": 0,
      // Retries are ours: grpc's own would run a plan twice.
      "grpc.enable_retries": 0,
      "grpc.use_local_subchannel_pool": 1,
    });
  }

  unary<M extends UnaryMethod>(
    method: M,
    request: MessageInitShape<M["input"]>,
    { signal, deadlineMs = UNARY_DEADLINE_MS }: CallOptions = {},
  ): Promise<MessageShape<M["output"]>> {
    return answerTo(signal, (answered) =>
      this.#client.makeUnaryRequest(
        pathOf(method),
        encoderOf(method),
        decoderOf(method),
        create(method.input, request as never),
        this.#metadata(),
        { deadline: Date.now() + deadlineMs },
        answered,
      ),
    );
  }

  /** The responses one by one, no faster than they are taken; leaving the loop ends the call. */
  async *stream<M extends StreamMethod>(
    method: M,
    request: MessageInitShape<M["input"]>,
    { signal }: CallOptions = {},
  ): AsyncGenerator<MessageShape<M["output"]>, void, undefined> {
    signal?.throwIfAborted();
    const call = this.#client.makeServerStreamRequest(
      pathOf(method),
      encoderOf(method),
      decoderOf(method),
      create(method.input, request as never),
      this.#metadata(),
    );
    // The loop below sees the error too; without a listener one that comes after the loop would end the process.
    call.on("error", () => undefined);
    const stop = () => call.cancel();
    signal?.addEventListener("abort", stop, { once: true });
    this.#streams.add(call);
    try {
      for await (const response of call) yield response as MessageShape<M["output"]>;
    } finally {
      this.#streams.delete(call);
      signal?.removeEventListener("abort", stop);
      call.cancel();
    }
  }

  /** Sends many requests, as fast as the server takes them, and gives its one answer. */
  upload<M extends UploadMethod>(
    method: M,
    requests: Iterable<MessageInitShape<M["input"]>>,
    { signal }: CallOptions = {},
  ): Promise<MessageShape<M["output"]>> {
    return answerTo(signal, (answered) => {
      const call = this.#client.makeClientStreamRequest(
        pathOf(method),
        encoderOf(method),
        decoderOf(method),
        this.#metadata(),
        answered,
      );
      call.on("error", answered);
      const rest = requests[Symbol.iterator]();
      const send = (): void => {
        if (signal?.aborted) return;
        const { value, done } = rest.next();
        if (done) call.end();
        else call.write(create(method.input, value as never), send);
      };
      send();
      return call;
    });
  }

  /** Ends the streams too: a server that no longer answers would leave whoever reads them waiting for minutes. */
  close(): void {
    for (const call of this.#streams) call.cancel();
    this.#client.close();
  }

  #metadata(): Metadata {
    const metadata = new Metadata();
    for (const [key, value] of Object.entries(this.endpoint.headers)) metadata.set(key, value);
    if (this.endpoint.token !== undefined) metadata.set("authorization", `Bearer ${this.endpoint.token}`);
    return metadata;
  }
}

/** The answer to a call, which an aborted signal cancels. */
async function answerTo<T>(
  signal: AbortSignal | undefined,
  start: (answered: (error: Error | null, response?: unknown) => void) => { cancel(): void },
): Promise<T> {
  if (signal?.aborted) throw new Interrupted();
  let stop = (): void => undefined;
  try {
    return await new Promise<T>((resolve, reject) => {
      const call = start((error, response) => (error ? reject(error) : resolve(response as T)));
      stop = () => call.cancel();
      signal?.addEventListener("abort", stop, { once: true });
    });
  } catch (error) {
    // Made here, and not where grpc calls back: it tells who asked.
    throw signal?.aborted ? new Interrupted() : error;
  } finally {
    signal?.removeEventListener("abort", stop);
  }
}

/** The certificates of authorities, those of a file beside Node's own; null for Node's own and `NODE_EXTRA_CA_CERTS`. */
function trusted(ca: string | undefined): Buffer | null {
  if (ca === undefined) return null;
  try {
    const given = readFileSync(ca, "utf8");
    new X509Certificate(given);
    return Buffer.from([...rootCertificates, given].join("\n"));
  } catch (cause) {
    throw new UsageError("E_SPARK_CERTIFICATE", `"${ca}" holds no certificate that can be read`, {
      hint: "name a file of certificates in PEM: it begins with -----BEGIN CERTIFICATE-----",
      cause,
    });
  }
}

function pathOf(method: DescMethod): string {
  return `/${method.parent.typeName}/${method.name}`;
}

function encoderOf(method: DescMethod): (message: MessageShape<DescMethod["input"]>) => Buffer {
  return (message) => {
    const bytes = toBinary(method.input, message);
    return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  };
}

function decoderOf(method: DescMethod): (bytes: Buffer) => MessageShape<DescMethod["output"]> {
  return (bytes) => fromBinary(method.output, bytes);
}
