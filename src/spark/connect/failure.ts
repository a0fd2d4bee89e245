import { fromBinary } from "@bufbuild/protobuf";
import { anyUnpack } from "@bufbuild/protobuf/wkt";
import { status } from "@grpc/grpc-js";
import { ErrorInfoSchema, RetryInfoSchema, StatusSchema } from "#spark-proto/rpc";

/** What a failed call says, taken apart. */
export interface Failure {
  readonly code: number;
  readonly message: string;
  /** Spark's name of the error, such as `TABLE_OR_VIEW_NOT_FOUND`. */
  readonly errorClass: string | undefined;
  readonly sqlState: string | undefined;
  readonly parameters: Readonly<Record<string, string>>;
  /** The key under which the server keeps the details until they are fetched once. */
  readonly errorId: string | undefined;
  /** The Java class and those above it. */
  readonly classes: readonly string[];
  readonly retryAfterMs: number | undefined;
}

interface ServiceErrorLike {
  readonly code: number;
  readonly details: string;
  readonly metadata?: { get(key: string): readonly (string | Buffer)[] };
}

/** Reads the status and the trailer of a failed call; every Spark error is INTERNAL, what it is stands in the trailer. */
export function failureOf(error: unknown): Failure {
  if (!isServiceError(error)) return bare(status.UNKNOWN, error instanceof Error ? error.message : String(error));
  const [packed] = error.metadata?.get("grpc-status-details-bin") ?? [];
  const failure = bare(error.code, error.details);
  if (!packed || typeof packed === "string") return failure;
  let read = failure;
  for (const any of fromBinary(StatusSchema, packed).details) {
    const info = anyUnpack(any, ErrorInfoSchema);
    if (info) read = { ...read, ...withInfo(info.reason, info.metadata) };
    const retry = anyUnpack(any, RetryInfoSchema);
    if (retry) {
      const { seconds = 0n, nanos = 0 } = retry.retryDelay ?? {};
      read = { ...read, retryAfterMs: Number(seconds) * 1000 + nanos / 1e6 };
    }
  }
  return read;
}

function withInfo(reason: string, metadata: Readonly<Record<string, string>>): Partial<Failure> {
  return {
    errorClass: metadata.errorClass,
    sqlState: metadata.sqlState,
    errorId: metadata.errorId,
    classes: readList(metadata.classes) ?? [reason],
    parameters: readParameters(metadata.messageParameters),
  };
}

/** Trailers are cut at 1 kB, so what does not parse is what was cut. */
function readParameters(text: string | undefined): Record<string, string> {
  try {
    return text ? (JSON.parse(text) as Record<string, string>) : {};
  } catch {
    return {};
  }
}

function readList(text: string | undefined): string[] | undefined {
  try {
    return text ? (JSON.parse(text) as string[]) : undefined;
  } catch {
    return undefined;
  }
}

function bare(code: number, message: string): Failure {
  return {
    code,
    message,
    errorClass: undefined,
    sqlState: undefined,
    parameters: {},
    errorId: undefined,
    classes: [],
    retryAfterMs: undefined,
  };
}

function isServiceError(error: unknown): error is ServiceErrorLike {
  return error instanceof Error && typeof (error as Partial<ServiceErrorLike>).code === "number" && "details" in error;
}
