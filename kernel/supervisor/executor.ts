import { type ChildProcess, spawn } from "node:child_process";
import type { Readable, Writable } from "node:stream";
import type { FromSentinel, ToExecutor, ToSentinel, ToSupervisor } from "../link/messages.ts";
import { distFile } from "../paths.ts";
import { interruptChildren, killTree } from "./processes.ts";

/**
 * `--expose-internals` gives the executor the two counters that terminating a timer would otherwise trip over (see its async-hooks.ts);
 * the second flag is the documented half of the same cure.
 */
const FLAGS = [
  "--expose-internals",
  "--no-force-async-hooks-checks",
  "--disable-warning=ExperimentalWarning",
  "--enable-source-maps=false",
];

/** After Stop: SIGINT to the executor's children, then the end of the executor. */
const CHILDREN_AFTER_MS = 1500;
const KILL_AFTER_MS = 6000;

export interface ExecutorEvents {
  onMessage(message: ToSupervisor): void;
  /** Text that reached the executor's own stdout or stderr: native code, inherited child processes. */
  onRaw(stream: "stdout" | "stderr", text: string): void;
  onSentinel(message: FromSentinel): void;
  /** The process is gone; a new one has been started already. `lost` are the names that went with it. */
  onDeath(cause: string, lost: readonly string[]): void;
}

/** The life of the child in which user code runs: always one, started again when it dies. */
export class Executor {
  readonly #events: ExecutorEvents;
  #child: ChildProcess;
  #names: readonly string[] = [];
  #closing = false;
  #rawArrived = false;
  #killedBecause: string | undefined;
  #ladder: NodeJS.Timeout[] = [];

  constructor(events: ExecutorEvents) {
    this.#events = events;
    this.#child = this.#start();
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  send(message: ToExecutor): void {
    if (this.#child.connected) this.#child.send(message);
  }

  /** The ladder of Stop; `settled` ends it. */
  interrupt(cell: number): void {
    this.send({ type: "interrupt", cell });
    this.#tellSentinel({ type: "interrupt", cell });
    const child = this.#child;
    this.settled();
    this.#ladder = [
      setTimeout(() => interruptChildren(child.pid), CHILDREN_AFTER_MS),
      setTimeout(() => {
        this.#killedBecause = "it did not stop when asked, so it was ended";
        killTree(child.pid);
      }, KILL_AFTER_MS),
    ];
  }

  settled(): void {
    for (const timer of this.#ladder) clearTimeout(timer);
    this.#ladder = [];
  }

  /** Waits until what native code and child processes wrote before now has arrived: pipes may lag behind the link. */
  async drain(): Promise<void> {
    do {
      this.#rawArrived = false;
      await turn();
      await turn();
    } while (this.#rawArrived);
  }

  close(): void {
    this.#closing = true;
    this.settled();
    killTree(this.#child.pid);
  }

  #tellSentinel(message: ToSentinel): void {
    const pipe = this.#child.stdio[3] as Writable | null;
    if (pipe?.writable) pipe.write(`${JSON.stringify(message)}\n`);
  }

  #start(): ChildProcess {
    const child = spawn(process.execPath, [...FLAGS, distFile("kernel/executor/main.js")], {
      // A group of its own: what a cell started goes with it.
      detached: true,
      serialization: "advanced",
      stdio: ["ignore", "pipe", "pipe", "pipe", "pipe", "ipc"],
    });
    child.on("message", (message) => this.#receive(message as ToSupervisor));
    child.once("exit", (code, signal) => this.#died(child, code, signal));
    child.once("error", (error) =>
      this.#events.onRaw("stderr", `the executor could not be started: ${error.message}\n`),
    );
    this.#readRaw(child.stdout, "stdout");
    this.#readRaw(child.stderr, "stderr");
    this.#readSentinel(child.stdio[4] as Readable);
    (child.stdio[3] as Writable).on("error", () => undefined);
    return child;
  }

  #receive(message: ToSupervisor): void {
    if (message.type === "names") this.#names = message.names;
    this.#events.onMessage(message);
  }

  #readRaw(stream: Readable | null, name: "stdout" | "stderr"): void {
    stream?.setEncoding("utf8").on("data", (text: string) => {
      this.#rawArrived = true;
      this.#events.onRaw(name, text);
    });
  }

  #readSentinel(stream: Readable): void {
    let rest = "";
    stream.setEncoding("utf8").on("data", (text: string) => {
      const lines = (rest + text).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) if (line !== "") this.#events.onSentinel(JSON.parse(line));
    });
    stream.on("error", () => undefined);
  }

  #died(child: ChildProcess, code: number | null, signal: NodeJS.Signals | null): void {
    // What it had started goes with it.
    killTree(child.pid);
    if (this.#closing) return;
    this.settled();
    const lost = this.#names;
    const cause = this.#killedBecause ?? causeOf(code, signal);
    this.#names = [];
    this.#killedBecause = undefined;
    this.#child = this.#start();
    this.#events.onDeath(cause, lost);
  }
}

function causeOf(code: number | null, signal: NodeJS.Signals | null): string {
  if (signal === "SIGKILL") return "the system killed it (SIGKILL), most often because memory ran out";
  if (signal === "SIGABRT" || code === 134) return "it ran out of JavaScript heap or hit a fatal error (SIGABRT)";
  if (signal) return `it ended by ${signal}`;
  return `it exited with code ${code}`;
}

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
