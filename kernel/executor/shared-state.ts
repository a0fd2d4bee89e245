/** The few integers that the main thread and the sentinel both see, also while the main thread spins. */
export const STATE_SLOTS = 6;

/** The cell that runs, or `NO_CELL`. Written by the main thread. */
export const ACTIVE = 0;

/** The highest sequence number of the sentinel's messages that the main thread has begun to handle. */
export const ACKNOWLEDGED = 1;

/** Not `NO_CELL` once the sentinel has let go of the main thread. */
export const LEFT = 2;

/** The cell that a person stops, as soon as the sentinel knows of it. */
export const STOPPING = 3;

/** 1 while somebody debugs. */
export const DEBUGGING = 4;

/** Counts the scripts whose breakpoints stand. */
export const ARMED = 5;

export const NO_CELL = -1;

/** Names of global symbols: what the sentinel calls on the main thread, in the middle of whatever runs there. */
export const COLLECT_KEY = "outgrow.collect";
export const TERMINATE_KEY = "outgrow.terminate";
export const MEMBERS_KEY = "outgrow.members";

/** What the sentinel asks under `TERMINATE_KEY`; the answer is the cell whose code was unwound, or null. */
export interface TerminateRequest {
  /** The cell to be stopped, or `NO_CELL`. */
  readonly cell: number;
  /** Of the message that has not been heard: when it has, there is nothing to do. */
  readonly sequence: number;
  /** Milliseconds since the first request. */
  readonly insistedMs: number;
  /** Only what an earlier cell left running: one that was stopped, or any that has been answered. */
  readonly onlyLeftovers: "stopped" | "answered" | undefined;
  /** The thread stands in the debugger: nothing is unwound here, since that happens when it goes on. */
  readonly isPaused: boolean;
}

export type StopReason = { readonly why: "interrupt" } | MemoryReason;

/** Bytes: what was used and what is allowed, of the JavaScript heap or of the whole process. */
export interface MemoryReason {
  readonly why: "memory";
  readonly of: "heap" | "process";
  readonly used: number;
  readonly limit: number;
}

export interface SentinelData {
  readonly state: Int32Array;
  /** Of `shared-answer.ts`. */
  readonly answer: SharedArrayBuffer;
  /** V8's limit for the main thread's heap, in bytes. */
  readonly heapLimit: number;
}

/** Sentinel to main thread. */
export type SentinelMessage =
  /** It has started, and hears what it is told. */
  | { readonly type: "ready" }
  | { readonly type: "stop"; readonly sequence: number; readonly cell: number; readonly reason: StopReason }
  | { readonly type: "ping"; readonly sequence: number };

/** Main thread to sentinel. */
export type SentinelOrder =
  /** Let go of the inspector, the process ends. */
  | { readonly type: "leave" }
  /** A script is about to run. */
  | { readonly type: "script"; readonly name: string }
  /** Resident bytes above which a cell is stopped. */
  | { readonly type: "limit"; readonly bytes: number };
