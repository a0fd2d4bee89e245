import type { RequestHandler } from "../kernel.ts";
import { comm, commInfo } from "./comm.ts";
import { complete } from "./complete.ts";
import { debug } from "./debug.ts";
import { history } from "./history.ts";
import { inspect } from "./inspect.ts";
import { interrupt } from "./interrupt.ts";
import { isCompleteCell } from "./is-complete.ts";
import { kernelInfo } from "./kernel-info.ts";
import { shutdown } from "./shutdown.ts";
import { usage } from "./usage.ts";

export interface Request {
  /** Comm messages have no reply. */
  readonly reply?: string;
  readonly handle: RequestHandler;
}

/** Every request that is answered at once, also while a cell runs. Execute is the queue's. */
export const REQUESTS: ReadonlyMap<string, Request> = new Map<string, Request>([
  ["kernel_info_request", { reply: "kernel_info_reply", handle: kernelInfo }],
  ["complete_request", { reply: "complete_reply", handle: complete }],
  ["inspect_request", { reply: "inspect_reply", handle: inspect }],
  ["is_complete_request", { reply: "is_complete_reply", handle: isCompleteCell }],
  ["history_request", { reply: "history_reply", handle: history }],
  ["comm_info_request", { reply: "comm_info_reply", handle: commInfo }],
  ["usage_request", { reply: "usage_reply", handle: usage }],
  ["interrupt_request", { reply: "interrupt_reply", handle: interrupt }],
  ["debug_request", { reply: "debug_reply", handle: debug }],
  ["shutdown_request", { reply: "shutdown_reply", handle: shutdown }],
  ["comm_open", { handle: comm("open") }],
  ["comm_msg", { handle: comm("msg") }],
  ["comm_close", { handle: comm("close") }],
]);
