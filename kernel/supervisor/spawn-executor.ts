import { type ChildProcess, spawn } from "node:child_process";
import type { Readable, Writable } from "node:stream";
import { getHeapStatistics } from "node:v8";
import { HEAP_ROOM } from "../../src/limits.ts";
import { DEBUGGING_VARIABLE } from "../link/debug.ts";
import { frameReader, LINK_FD } from "../link/frames.ts";
import type { FromSentinel, ToSupervisor } from "../link/messages.ts";

/**
 * `--expose-internals` gives the executor the two counters that terminating a timer would otherwise trip over (see its async-hooks.ts);
 * the second flag is the documented half of the same cure. The young generation, whose default size differs from version to version, counts
 * into the heap's limit: its memory-guard.ts must know it. V8 from 13 on unrolls what makes the places of `new Array(100)`, and with it drops the
 * check of the loop around it, by which alone Stop and that guard reach `for (;;) all.push(new Array(100))`.
 */
export const EXECUTOR_FLAGS = [
  "--expose-internals",
  "--no-force-async-hooks-checks",
  "--max-semi-space-size=16",
  "--disable-warning=ExperimentalWarning",
  ...(Number.parseInt(process.versions.v8, 10) < 13 ? [] : ["--no-turboshaft-loop-unrolling"]),
];

export type RawStream = "stdout" | "stderr";

export interface SpawnEvents {
  onMessage(message: ToSupervisor): void;
  onRaw(stream: RawStream, text: string): void;
  onSentinel(message: FromSentinel): void;
}

/** What a cell or a front end has set in the process before. */
interface Inherited {
  readonly memoryLimit: number | undefined;
  readonly isDebugging: boolean;
}

/** Starts the executor with its ways in (the fork channel, 3 for the sentinel) and out (its own stdout and stderr, 4 of the sentinel, 5 for messages). */
export function spawnExecutor(script: string, inherited: Inherited, events: SpawnEvents): ChildProcess {
  const { memoryLimit, isDebugging } = inherited;
  const child = spawn(process.execPath, [...EXECUTOR_FLAGS, heapFlag(), script], {
    // A group of its own: what a cell started goes with it.
    detached: true,
    env: {
      ...process.env,
      ...(memoryLimit !== undefined && { OUTGROW_MEMORY_LIMIT: String(memoryLimit) }),
      ...(isDebugging && { [DEBUGGING_VARIABLE]: "1" }),
    },
    serialization: "advanced",
    stdio: ["ignore", "pipe", "pipe", "pipe", "pipe", "pipe", "ipc"],
  });
  // A failing send or pipe is the end of the process, which is told by its exit.
  child.on("error", () => undefined);
  if (child.pid === undefined) return child;
  const pipes: readonly (Readable | Writable | null | undefined)[] = child.stdio;
  for (const pipe of [pipes[3], pipes[LINK_FD]]) pipe?.on("error", () => undefined);
  pipes[LINK_FD]?.on("data", frameReader(events.onMessage));
  readText(child.stdout, (text) => events.onRaw("stdout", text));
  readText(child.stderr, (text) => events.onRaw("stderr", text));
  readLines(child.stdio[4] as Readable, (line) => events.onSentinel(JSON.parse(line)));
  return child;
}

/** This process has the limit that Node's own rules and the user's NODE_OPTIONS give. */
function heapFlag(): string {
  return `--max-old-space-size=${Math.round((HEAP_ROOM * getHeapStatistics().heap_size_limit) / 2 ** 20)}`;
}

function readText(stream: Readable | null, onText: (text: string) => void): void {
  stream
    ?.setEncoding("utf8")
    .on("data", onText)
    .on("error", () => undefined);
}

function readLines(stream: Readable, onLine: (line: string) => void): void {
  let rest = "";
  readText(stream, (text) => {
    const lines = (rest + text).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) if (line !== "") onLine(line);
  });
}
