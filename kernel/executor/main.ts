import { openSessions } from "../../src/spark/connect/open-sessions.ts";
import type { ToExecutor } from "../link/messages.ts";
import { disarmAsyncHookChecks } from "./async-hooks.ts";
import { mendBuiltIns } from "./built-ins.ts";
import { Cells } from "./cells.ts";
import { receiveComm } from "./comms.ts";
import { debuggingBy } from "./debugging.ts";
import { defineGlobals } from "./globals.ts";
import { asHost } from "./host-code.ts";
import { watchImmediates } from "./immediates.ts";
import { Importer } from "./imports.ts";
import { receiveInput } from "./input.ts";
import { listen, send } from "./link.ts";
import { offerMembers } from "./live-members.ts";
import { limitBy } from "./memory.ts";
import { captureStreams, flushOutput, watchStops } from "./output.ts";
import { askThrough } from "./prompt.ts";
import { receiveAnswer } from "./questions.ts";
import { loadRooms } from "./rooms.ts";
import { SentinelLink } from "./sentinel-link.ts";
import { Session } from "./session.ts";
import { showPromisesPlainly } from "./show-promises.ts";
import { showTimersPlainly } from "./show-timers.ts";
import { mapStacks } from "./stack.ts";
import { catchStrayErrors } from "./stray.ts";

/** The process where cells run: user code on this thread, and a sentinel beside it that can stop what this thread cannot. */
function start(): void {
  // Before anything else: the first AsyncLocalStorage would arm what aborts the process at the first interrupt.
  disarmAsyncHookChecks();
  watchImmediates();
  const sentinel = new SentinelLink((cell, reason) => cells.stop(cell, reason));
  limitBy(sentinel);
  askThrough(sentinel);
  watchStops(sentinel);
  const importer = new Importer(process.cwd());
  const session = new Session(debuggingBy(sentinel));
  offerMembers(session);
  const cells = new Cells(session, importer, sentinel);
  captureStreams();
  showPromisesPlainly();
  showTimersPlainly();
  mapStacks();
  catchStrayErrors();
  defineGlobals(importer.require);
  listen((message) => handle(message, cells));
  endCleanly(sentinel);
  send({ type: "ready", pid: process.pid });
  // Beside the supervisor's own work; the first cell waits for what is left of it, and tells if it failed.
  loadRooms().then(
    ({ offerDesk }) => offerDesk(session),
    () => {},
  );
}

function handle(message: ToExecutor, cells: Cells): void {
  // A timer may have replaced something since.
  mendBuiltIns();
  switch (message.type) {
    case "run":
      return asHost(() => cells.add(message));
    case "interrupt":
      return cells.stop(message.cell, { why: "interrupt" });
    case "input-reply":
      return receiveInput(message.cell, message.value);
    case "answer":
      return receiveAnswer(message.cell, message.answer);
    case "comm":
      return receiveComm(message);
    case "shutdown":
      leave();
  }
}

/** A supervisor that asks for the end waits no longer; where it is gone nobody waits, and a busy server is given more. */
const LEAVE_MS = 2000;
const ALONE_MS = 8000;
let isLeaving = false;

/** A query that a cell started on a server would go on there for ever. */
function leave(): void {
  // A supervisor that has asked for the end may itself be gone before it is reached.
  if (isLeaving) return;
  isLeaving = true;
  const end = () => process.exit(0);
  if (openSessions.size === 0) end();
  send({ type: "leaving" });
  const withinMs = process.connected ? LEAVE_MS : ALONE_MS;
  setTimeout(end, withinMs);
  void Promise.allSettled([...openSessions].map((session) => session.close(withinMs))).then(end);
}

function endCleanly(sentinel: SentinelLink): void {
  process.on("exit", () => {
    flushOutput();
    sentinel.leave();
  });
  // The supervisor decides what a signal to the whole group means; Stop reaches this process another way.
  process.on("SIGINT", () => {});
}

start();
