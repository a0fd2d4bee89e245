import type { ChildProcess } from "node:child_process";
import type { Readable, Writable } from "node:stream";
import { setImmediate as turn } from "node:timers/promises";
import { LINK_FD } from "../link/frames.ts";
import type { LiveMembers, ToExecutor, ToSentinel, ToSupervisor } from "../link/messages.ts";
import { causeOfDeath, type Death } from "./death.ts";
import { InspectorPipe } from "./inspector-pipe.ts";
import { familyOf, killFamily } from "./processes.ts";
import { type RawStream, spawnExecutor } from "./spawn-executor.ts";
import { StopLadder } from "./stop-ladder.ts";

/** A dead process's pipes still hold its last words; a grandchild may keep them open for ever. */
const LAST_WORDS_MS = 250;
/** For temporary files: an executor that spins is killed after this. */
const CLEAN_END_MS = 150;
/** For one that ends its sessions on servers first. */
const LEAVE_MS = 2500;
/** Completion does not wait longer for what only the values know. */
const MEMBERS_MS = 150;
const STDERR_KEPT = 4096;

export interface ExecutorEvents {
  onMessage(message: ToSupervisor): void;
  /** Text that reached the executor's own stdout or stderr: native code, inherited child processes. */
  onRaw(stream: RawStream, text: string): void;
  /** The process is gone and its last words have arrived. `lost` are the names that went with it. */
  onDeath(cause: string, lost: readonly string[]): void;
}

/** The life of the child in which user code runs. One that dies is started again; one that cannot even start only when a cell wants it. */
export class Executor {
  /** That a cell has set; a new process begins with it. */
  memoryLimit: number | undefined;
  readonly inspector = new InspectorPipe((message) => this.#tellSentinel(message));
  /** Who listens; until then what there is to tell waits. */
  #events: ExecutorEvents | undefined;
  readonly #untold: ((events: ExecutorEvents) => void)[] = [];
  readonly #script: string;
  #child: ChildProcess | undefined;
  #isReady = false;
  #isLeaving = false;
  #isHeld = false;
  #names: readonly string[] = [];
  #closing = false;
  #rawArrived = false;
  #stderr = "";
  #killedBecause: string | undefined;
  readonly #asked = new Map<number, (members: LiveMembers | undefined) => void>();
  #sequence = 0;
  readonly #ladder = new StopLadder({ isHeld: () => this.#isHeld, kill: (why) => this.#kill(why) });

  constructor(script: string, events?: ExecutorEvents) {
    this.#script = script;
    this.#events = events;
    this.#start();
  }

  /** For who is loaded while the process starts. */
  listen(events: ExecutorEvents): void {
    this.#events = events;
    for (const tell of this.#untold.splice(0)) tell(events);
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  send(message: ToExecutor): void {
    if (!this.#child && message.type === "run") this.#start();
    // A channel that breaks is a process that ends: its end is told by onDeath.
    if (this.#child?.connected) this.#child.send(message, () => undefined);
  }

  /** Begins the ladder of Stop; `settled` ends it. */
  interrupt(cell: number): void {
    this.send({ type: "interrupt", cell });
    this.#tellSentinel({ type: "interrupt", cell });
    this.#ladder.climb(cell, this.#child);
  }

  /** What a cell that has been answered left behind may spin in a timer. Nobody waits for it, so nothing is killed. */
  stopLeftovers(cell: number): void {
    this.#tellSentinel({ type: "interrupt", cell });
  }

  /** To whoever waits: a promise on the main thread, or the thread itself. */
  answer(cell: number, value: string): void {
    this.send({ type: "input-reply", cell, value });
    this.#tellSentinel({ type: "input-reply", cell, value });
  }

  /** What a value of the session has; undefined when there is none or the thread cannot be asked just now. */
  members(path: readonly string[]): Promise<LiveMembers | undefined> {
    const sequence = ++this.#sequence;
    return new Promise((resolve) => {
      this.#asked.set(sequence, resolve);
      setTimeout(() => this.#answerMembers(sequence, undefined), MEMBERS_MS);
      this.#tellSentinel({ type: "members", sequence, path });
    });
  }

  /** What it has to say waits in its pipe, and it with that, until it is held no longer. */
  hold(isHeld: boolean): void {
    if (this.#closing) return;
    this.#isHeld = isHeld;
    listenTo(this.#child, !isHeld);
  }

  settled(): void {
    this.#ladder.end();
  }

  /** Waits until what native code and child processes wrote before now has arrived: pipes may lag behind the link. */
  async drain(): Promise<void> {
    do {
      this.#rawArrived = false;
      await turn();
      await turn();
    } while (this.#rawArrived);
  }

  /** Asks the executor to end, for its temporary files, then ends all that it had started. */
  async close(): Promise<void> {
    // One that waits until it is heard hears of nothing itself, and has all of that to say first.
    const wasHeld = this.#isHeld;
    this.hold(false);
    this.#closing = true;
    this.settled();
    const child = this.#child;
    const family = familyOf(child?.pid);
    if (child && child.exitCode === null && child.signalCode === null) {
      const ended = new Promise((resolve) => child.once("exit", resolve));
      this.send({ type: "shutdown" });
      await within(ended, wasHeld ? LEAVE_MS : CLEAN_END_MS);
      if (this.#isLeaving) await within(ended, LEAVE_MS);
    }
    killFamily(family);
  }

  /** At once, for the supervisor's own exit. */
  kill(): void {
    this.#closing = true;
    killFamily(familyOf(this.#child?.pid));
  }

  #kill(why: string): void {
    this.#killedBecause = why;
    killFamily(familyOf(this.#child?.pid));
  }

  #answerMembers(sequence: number, members: LiveMembers | undefined): void {
    this.#asked.get(sequence)?.(members);
    this.#asked.delete(sequence);
  }

  #tellSentinel(message: ToSentinel): void {
    const pipe = this.#child?.stdio[3] as Writable | null | undefined;
    if (pipe?.writable) pipe.write(`${JSON.stringify(message)}\n`);
  }

  #start(): void {
    this.#isReady = false;
    this.#stderr = "";
    const { memoryLimit, inspector } = this;
    const child = spawnExecutor(
      this.#script,
      { memoryLimit, isDebugging: inspector.isDebugging },
      {
        onMessage: (message) => this.#receive(message),
        onRaw: (stream, text) => this.#receiveRaw(stream, text),
        onSentinel: (message) => {
          if (message.type === "members") this.#answerMembers(message.sequence, message.members ?? undefined);
          else inspector.receive(message);
        },
      },
    );
    this.#child = child;
    if (this.#isHeld) listenTo(child, false);
    inspector.started();
    const closed = new Promise((resolve) => child.once("close", resolve));
    child.once("exit", (code, signal) => void this.#died(child, { code, signal }, closed));
    child.once("error", (error) => {
      if (child.pid === undefined) void this.#died(child, { code: null, signal: null, error }, Promise.resolve());
    });
  }

  #receive(message: ToSupervisor): void {
    if (message.type === "ready") this.#isReady = true;
    if (message.type === "leaving") {
      this.#isLeaving = true;
      return;
    }
    if (message.type === "done" && message.names) this.#names = message.names;
    this.#tell((events) => events.onMessage(message));
  }

  #receiveRaw(stream: RawStream, text: string): void {
    this.#rawArrived = true;
    if (stream === "stderr") this.#stderr = (this.#stderr + text).slice(-STDERR_KEPT);
    this.#tell((events) => events.onRaw(stream, text));
  }

  async #died(child: ChildProcess, death: Death, closed: Promise<unknown>): Promise<void> {
    // What it had started and left in its group goes with it.
    if (child.pid !== undefined) killFamily([child.pid]);
    if (this.#closing || this.#child !== child) return;
    this.settled();
    this.inspector.ended();
    listenTo(child, true);
    await within(closed, LAST_WORDS_MS);
    const cause = this.#killedBecause ?? causeOfDeath(death, this.#stderr, this.#isReady);
    const lost = this.#names;
    this.#names = [];
    this.#killedBecause = undefined;
    this.#child = undefined;
    // One that died before it was ready would most likely do so again, for ever.
    if (this.#isReady && !this.#closing) this.#start();
    this.#tell((events) => events.onDeath(cause, lost));
  }

  #tell(tell: (events: ExecutorEvents) => void): void {
    if (this.#events) tell(this.#events);
    else this.#untold.push(tell);
  }
}

function listenTo(child: ChildProcess | undefined, isListening: boolean): void {
  const pipes: readonly unknown[] = child?.stdio ?? [];
  const link = pipes[LINK_FD] as Readable | undefined;
  if (isListening) link?.resume();
  else link?.pause();
}

async function within(promise: Promise<unknown>, ms: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  await Promise.race([promise, late]);
  clearTimeout(timer);
}
