import { StringDecoder } from "node:string_decoder";
import type { ToSupervisor } from "../link/messages.ts";
import { currentRun } from "./current.ts";
import { send } from "./link.ts";
import { type CellRun, endIfStopped } from "./run.ts";

export type StreamName = "stdout" | "stderr";

const FLUSH_CHARS = 16_384;
/** A loop that never yields still shows what it prints. */
const FLUSH_MS = 40;

let pending:
  | { readonly cell: number; readonly stream: StreamName; readonly parts: string[]; chars: number }
  | undefined;
let flushedAt = 0;
let scheduled = false;

/** Text for one of the cell's streams. A cell that was stopped ends here at the latest: its next print throws. */
export function writeOutput(stream: StreamName, text: string, run: CellRun | undefined = currentRun()): void {
  if (run === undefined || text === "") return;
  endIfStopped(run);
  if (pending?.cell !== run.id || pending.stream !== stream) {
    flushOutput();
    pending = { cell: run.id, stream, parts: [], chars: 0 };
  }
  pending.parts.push(text);
  pending.chars += text.length;
  if (pending.chars < FLUSH_CHARS && performance.now() - flushedAt < FLUSH_MS) return scheduleFlush();
  flushOutput();
  pauseIfStopping(run.id);
}

let isStopping: (cell: number) => boolean = () => false;
/** Shorter than the sentinel waits for a loop that still turns. */
const PAUSE_MS = 20;

/** Who knows of a stop before this thread can have heard of it. */
export function watchStops(sentinel: { isStopping(cell: number): boolean }): void {
  isStopping = (cell) => sentinel.isStopping(cell);
}

/** A loop that prints without end is nearly always in the kernel's own code, where nothing is unwound: here it can be. */
function pauseIfStopping(cell: number): void {
  if (isStopping(cell)) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE_MS);
}

export function flushOutput(): void {
  const full = pending;
  if (full === undefined) return;
  pending = undefined;
  flushedAt = performance.now();
  send({ type: "output", cell: full.cell, stream: full.stream, text: full.parts.join("") });
}

/** A flush that a termination swept away with Node's queue must not keep later ones from being set. */
export function resetSchedule(): void {
  scheduled = false;
}

/** Sends a message that stands in the order of the cell's outputs. */
export function publish(message: ToSupervisor): void {
  flushOutput();
  send(message);
}

/** What JavaScript prints, `console` too, is tagged with its cell. Native code writes to the pipes below, which the supervisor reads. */
export function captureStreams(): void {
  capture("stdout");
  capture("stderr");
  // By default `console` swallows what its stream throws; then a stopped cell would print in silence for ever.
  Object.assign(console, { _ignoreErrors: false });
}

function capture(stream: StreamName): void {
  const decoder = new StringDecoder("utf8");
  const write = (chunk: string | Uint8Array, ...rest: unknown[]): boolean => {
    const encoding = typeof rest[0] === "string" ? (rest[0] as BufferEncoding) : "utf8";
    writeOutput(stream, textOf(chunk, encoding, decoder));
    const callback = rest.find((argument) => typeof argument === "function");
    if (callback) process.nextTick(callback as () => void);
    return true;
  };
  process[stream].write = write as typeof process.stdout.write;
}

function textOf(chunk: string | Uint8Array, encoding: BufferEncoding, decoder: StringDecoder): string {
  if (typeof chunk !== "string") return decoder.write(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength));
  return /^(utf-?8|ascii|latin1|binary|ucs-?2|utf-?16le)$/i.test(encoding)
    ? chunk
    : Buffer.from(chunk, encoding).toString();
}

function scheduleFlush(): void {
  if (scheduled) return;
  setImmediate(() => {
    scheduled = false;
    flushOutput();
  });
  scheduled = true;
}
