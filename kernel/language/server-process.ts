import type { Writable } from "node:stream";
import type { API } from "typescript/unstable/async";
import { ConnectionError } from "../../src/errors.ts";

/** What the client library does not make public: a server that is busy in native code hears nothing but a signal. */
export interface ServerProcess {
  readonly pid?: number | undefined;
  readonly stdin: Writable | null;
  readonly exitCode: number | null;
  readonly signalCode: string | null;
  kill(signal: NodeJS.Signals): boolean;
  once(event: "exit", listener: () => void): unknown;
}

interface Client {
  readonly process?: ServerProcess;
  connect(): Promise<void>;
  close(): Promise<void>;
}

/** Tells of the server's process as it starts, before anything is written to it. */
export function onProcess(api: API, started: (child: ServerProcess) => void): void {
  let child: ServerProcess | undefined;
  Object.defineProperty(clientOf(api), "process", {
    get: () => child,
    set: (process: ServerProcess | undefined) => {
      child = process;
      if (process) started(process);
    },
  });
}

/**
 * A write to a server that has just died would be an unhandled rejection inside the client library, which ends a process.
 * The death itself is seen by the exit of the server. And a message comes as a head and a body, which the client library writes one
 * after the other: what is written in one turn goes in one piece, which wakes the server once.
 */
export function easeWrites({ stdin }: ServerProcess): void {
  if (stdin === null) return;
  const write = stdin.write.bind(stdin) as (chunk: Buffer) => boolean;
  stdin.on("error", () => undefined);
  let gathered: Buffer[] = [];
  stdin.write = (chunk: string | Buffer, ...rest: readonly unknown[]): boolean => {
    if (gathered.length === 0)
      setImmediate(() => {
        write(Buffer.concat(gathered));
        gathered = [];
      });
    gathered.push(Buffer.from(chunk as string));
    (rest.find((each) => typeof each === "function") as (() => void) | undefined)?.();
    return true;
  };
}

/** Resolves when the process is gone: closing its input stops an idle server, a signal a busy one. */
export async function endServer(api: API): Promise<void> {
  const client = clientOf(api);
  // A question that is still on its way would start another server.
  client.connect = () => Promise.reject(gone());
  const child = await processOf(client);
  const isGone = child === undefined || child.exitCode !== null || child.signalCode !== null;
  const exited = isGone ? Promise.resolve() : new Promise<void>((resolve) => child.once("exit", () => resolve()));
  // Not `api.close()`: it first asks the server to release what it holds, and waits for the answer of a dead one.
  await client.close().catch(() => undefined);
  const timer = setTimeout(() => child?.kill("SIGKILL"), 250);
  await exited;
  clearTimeout(timer);
}

/** It exists some turns of the event loop after the first request. */
async function processOf(client: Client): Promise<ServerProcess | undefined> {
  for (let turns = 0; turns < 500 && client.process === undefined; turns++)
    await new Promise((resolve) => setImmediate(resolve));
  return client.process;
}

export function gone(): ConnectionError {
  return new ConnectionError("E_TYPES_GONE", "the type service has gone", { hint: "ask again: it starts anew" });
}

function clientOf(api: API): Client {
  return (api as unknown as { readonly client: Client }).client;
}
