import { status } from "@grpc/grpc-js";
import type { FetchErrorDetailsResponse } from "#spark-proto/base";
import { ConnectionError, EngineError, Interrupted, OutgrowError, type Span, UsageError } from "../../errors.ts";
import { exhaustionOf, hasFallen } from "./exhausted.ts";
import { type Failure, failureOf } from "./failure.ts";
import { hintFor, mendedMessage } from "./hints.ts";
import { distrust, isOtherProtocol, isWithoutTls } from "./tls-faults.ts";

/** Where an error came from, and who can say more about it. */
export interface ErrorSource {
  readonly label: string;
  /** The server's, `4.3.0`; empty before it has said so. */
  readonly version: string;
  fetchErrorDetails(errorId: string): Promise<FetchErrorDetailsResponse>;
}

/** What Spark said, under `cause` of the error: for programs, and for whoever unfolds the server's stack. */
export interface SparkCause {
  readonly errorClass: string | undefined;
  readonly sqlState: string | undefined;
  readonly parameters: Readonly<Record<string, string>>;
  readonly javaClass: string | undefined;
  /** The stretches of SQL that are blamed, innermost first. Offsets count code points. */
  readonly contexts: readonly { readonly start: number; readonly fragment: string; readonly inView: string }[];
  /** The server's stack, one line a frame, with the causes. */
  readonly serverStack: readonly string[];
}

/** The one place where a failed call becomes an error of ours; fetches the details, which the server keeps for one reader. */
export async function toOutgrowError(error: unknown, source: ErrorSource): Promise<OutgrowError> {
  if (error instanceof OutgrowError) return error;
  const failure = failureOf(error);
  const { code, errorClass = "" } = failure;
  if (hasFallen(failure.message)) return fallen(failure, source.label);
  if (errorClass.startsWith("OPERATION_CANCELED")) return new Interrupted("the operation was cancelled on the server");
  if (/^INVALID_HANDLE\.SESSION_(CHANGED|CLOSED|NOT_FOUND)/.test(errorClass))
    return sessionChanged(source.label, failure);
  if (/^INVALID_(HANDLE\.OPERATION|CURSOR)/.test(errorClass)) return queryLost(failure, source.label);
  if (errorClass === "" && code !== status.INTERNAL && code !== status.UNKNOWN) return transportError(failure, source);
  const details = failure.errorId ? await source.fetchErrorDetails(failure.errorId).catch(() => undefined) : undefined;
  return engineError(failure, details, source.version);
}

/** The session of before is gone, and what it held with it. */
export function sessionChanged(label: string, failure?: Failure): ConnectionError {
  return new ConnectionError(
    "E_SPARK_SESSION_LOST",
    `the session on ${label} is gone: the server restarted or closed it`,
    {
      hint: "getOrCreate() gives another, and so does spark in the next cell; temporary views, settings, cached tables and models are lost with the old one",
      cause: failure && causeOf(failure, undefined),
    },
  );
}

/** The same for another who asks: an error tells the line where it rose. */
export function toldAgain({ code, message, hint, cause }: OutgrowError): ConnectionError {
  return new ConnectionError(code, message, { ...(hint && { hint }), cause });
}

function queryLost(failure: Failure, label: string): ConnectionError {
  return new ConnectionError(
    "E_SPARK_QUERY_LOST",
    `${label} no longer knows the query: ${withoutPlan(failure.message)}`,
    {
      hint: "run the cell again",
      cause: causeOf(failure, undefined),
    },
  );
}

function fallen(failure: Failure, label: string): ConnectionError {
  return new ConnectionError("E_SPARK_DIED", `${label} has stopped its work and ends`, {
    hint: "its log says why; a new session needs a new server",
    cause: causeOf(failure, undefined),
  });
}

function transportError({ code, message }: Failure, { label }: ErrorSource): OutgrowError {
  if (code === status.UNAUTHENTICATED || code === status.PERMISSION_DENIED)
    return new ConnectionError("E_SPARK_TOKEN", `${label} refused the token: ${message}`, {
      hint: "name the environment variable that holds the server's token: --token-env NAME",
    });
  if (code === status.RESOURCE_EXHAUSTED)
    return new EngineError("E_SPARK_TOO_LARGE", `a message is over the limit of 128 MB: ${message}`, {
      hint: /send message/.test(message)
        ? "data that are part of a plan go up in pieces as a frame: createDataFrame(rows)"
        : "take fewer rows with limit(), or set spark.sql.execution.arrow.maxRecordsPerBatch lower",
    });
  if (code === status.UNIMPLEMENTED)
    return new UsageError("E_SPARK_VERSION", `the server at ${label} does not know this call: ${message}`, {
      hint: "Outgrow needs a Spark Connect server of 4.0 or newer",
    });
  if (code === status.DEADLINE_EXCEEDED)
    return new ConnectionError("E_SPARK_NO_ANSWER", `${label} did not answer in time`, {
      hint: "see whether the server is busy or stopped, then run the cell again",
    });
  const why = distrust(message);
  if (why !== undefined)
    return new ConnectionError("E_SPARK_CERTIFICATE", `the certificate of ${label} is not trusted: ${why}`, {
      hint: "name the file of the authority that signed it: --ca FILE, { ca: FILE } in code, or NODE_EXTRA_CA_CERTS where Jupyter is started",
    });
  if (isWithoutTls(message))
    return new ConnectionError("E_SPARK_UNREACHABLE", `the server at ${label} does not speak TLS`, {
      hint: "leave use_ssl=true out; a token goes in the clear to this machine alone",
    });
  if (isOtherProtocol(message))
    return new ConnectionError(
      "E_SPARK_UNREACHABLE",
      `what answers at ${label} is no Spark server: ${plainWords(message)}`,
      {
        hint: "check the port: a Spark Connect server listens on 15002, unless it was given another",
      },
    );
  return new ConnectionError("E_SPARK_UNREACHABLE", `no Spark server answers at ${label}: ${plainWords(message)}`, {
    hint: "check the address, and that the server runs; one that speaks TLS needs ;use_ssl=true in its address",
  });
}

function engineError(failure: Failure, details: FetchErrorDetailsResponse | undefined, version: string): EngineError {
  const root = details?.errors[details.rootErrorIdx ?? 0];
  const errorClass = root?.sparkThrowable?.errorClass ?? failure.errorClass;
  const said = wordsOf(failure, details);
  const exhaustion = exhaustionOf(said);
  if (exhaustion)
    return new EngineError(exhaustion.code, `${exhaustion.what}: ${withoutPlan(said)}`, {
      hint: exhaustion.hint,
      cause: causeOf(failure, details),
    });
  const message = `${mendedMessage(errorClass, withoutPlan(said))}${reasonBelow(errorClass ?? "", details)}`;
  const hint = hintFor(errorClass, message, version);
  const at = placeOf(details) ?? placeInMessage(said);
  return new EngineError(errorClass ? `E_SPARK_${errorClass.replaceAll(".", "_")}` : "E_SPARK", message, {
    ...(hint && { hint }),
    ...(at && { at }),
    cause: causeOf(failure, details),
  });
}

/** Java wraps errors in others that say nothing, and older servers hand those on. */
function wordsOf(failure: Failure, details: FetchErrorDetailsResponse | undefined): string {
  const root = details?.errors[details.rootErrorIdx ?? 0];
  const said = [root, ...(details?.errors ?? [])].find((error) => error && error.message !== "");
  return said?.message || failure.message || `${failure.classes[0] ?? "an error"}, which says nothing more`;
}

/** What only says that files could not be read or a task not write. */
const WRAPPER = /^(?:FAILED_READ_FILE|FAILED_TO_CREATE_PLAN_FOR_DIRECT_QUERY|TASK_WRITE_FAILED)\b/;

/** The reason, which stands below what only wraps it. */
function reasonBelow(errorClass: string, details: FetchErrorDetailsResponse | undefined): string {
  if (!WRAPPER.test(errorClass)) return "";
  const reason = details?.errors.find(
    ({ message, sparkThrowable }) => message !== "" && !WRAPPER.test(sparkThrowable?.errorClass ?? ""),
  );
  return reason ? ` The reason: ${withoutPlan(reason.message)}` : "";
}

/** The transport wraps the one thing that matters in what it did about it. */
function plainWords(message: string): string {
  return message
    .replace(/^.*Last error: (?:Error: )?/, "")
    .replace(/\.?\s*Resolution note:\s*$/, "")
    .replace(/ \(\d{4}-\d\d-\d\dT[\d:.]+Z\)$/, "");
}

/** Spark appends the analysed plan, for a syntax error the statement, for a lost task its Java stack: the first lines are the message. */
function withoutPlan(message: string): string {
  const [first = ""] = message.split(
    /\n(?:\s*\n)*(?='?[A-Z]\w* ?\[|'[A-Z]\w+|== SQL|\s*[+:]-|;|\tat |Driver stacktrace:)|;\n/,
  );
  return first.trim();
}

/** The fragment of the SQL that the server blames. */
function placeOf(details: FetchErrorDetailsResponse | undefined): Span | undefined {
  for (const { sparkThrowable } of details?.errors ?? []) {
    for (const { summary, fragment, startIndex, stopIndex } of sparkThrowable?.queryContexts ?? []) {
      if (fragment === "") continue;
      const lines = /^== SQL[^\n]*==\n([\s\S]*)\n\s*\^+\s*$/.exec(summary.trimEnd())?.[1];
      const text = lines ?? fragment;
      const start = Math.max(0, text.indexOf(fragment));
      const length = stopIndex >= startIndex ? stopIndex - startIndex + 1 : fragment.length;
      return { text, start, end: Math.min(text.length, start + length) };
    }
  }
  return undefined;
}

/** A syntax error has its place in the words of its message: "(line 1, pos 7)" and the statement under "== SQL ==". */
function placeInMessage(message: string): Span | undefined {
  const place = /\(line (\d+), pos (\d+)\)/.exec(message);
  const shown = /== SQL ==\n([\s\S]*)$/.exec(message)?.[1];
  if (!place || shown === undefined) return undefined;
  const text = shown
    .split("\n")
    .filter((line) => !/^-*\^\^\^$/.test(line))
    .join("\n")
    .trimEnd();
  const line = Number(place[1]);
  const before = text.split("\n").slice(0, line - 1);
  const start = before.reduce((sum, { length }) => sum + length + 1, 0) + Number(place[2]);
  const word = /^\w+|^./u.exec(text.slice(start))?.[0].length ?? 0;
  return start <= text.length ? { text, start, end: start + word } : undefined;
}

function causeOf(failure: Failure, details: FetchErrorDetailsResponse | undefined): SparkCause {
  const root = details?.errors[details.rootErrorIdx ?? 0];
  const parameters = root?.sparkThrowable?.messageParameters;
  return {
    errorClass: root?.sparkThrowable?.errorClass ?? failure.errorClass,
    sqlState: root?.sparkThrowable?.sqlState ?? failure.sqlState,
    parameters: parameters && Object.keys(parameters).length > 0 ? parameters : failure.parameters,
    contexts: (details?.errors ?? []).flatMap(({ sparkThrowable }) =>
      (sparkThrowable?.queryContexts ?? []).map(({ startIndex, fragment, objectName }) => ({
        start: startIndex,
        fragment,
        inView: objectName,
      })),
    ),
    javaClass: root?.errorTypeHierarchy[0] ?? failure.classes[0],
    serverStack: (details?.errors ?? []).flatMap((error, i) => [
      `${i === 0 ? "" : "caused by "}${error.errorTypeHierarchy[0] ?? "error"}: ${withoutPlan(error.message)}`,
      ...error.stackTrace.map(
        ({ declaringClass, methodName, fileName, lineNumber }) =>
          `  at ${declaringClass}.${methodName}(${fileName ?? "unknown"}:${lineNumber})`,
      ),
    ]),
  };
}
