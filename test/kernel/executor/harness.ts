import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Readable, Writable } from "node:stream";
import { fileURLToPath } from "node:url";
import { frameReader, LINK_FD } from "../../../kernel/link/frames.ts";
import type {
  CellFailure,
  FromSentinel,
  ToExecutor,
  ToSentinel,
  ToSupervisor,
  UserExpressionResult,
} from "../../../kernel/link/messages.ts";
import { EXECUTOR_FLAGS } from "../../../kernel/supervisor/spawn-executor.ts";

type RunMessage = Extract<ToExecutor, { type: "run" }>;
type Told<Type extends ToSupervisor["type"]> = Extract<ToSupervisor, { type: Type }>;

export interface CellResult {
  readonly stdout: string;
  readonly stderr: string;
  /** text/plain of the result. */
  readonly text: string | undefined;
  /** The result by MIME name. */
  readonly shown: Readonly<Record<string, unknown>>;
  readonly failure: CellFailure | undefined;
  readonly displays: readonly Told<"display">[];
  readonly userExpressions: Readonly<Record<string, UserExpressionResult>>;
  /** Everything of the cell, in order. */
  readonly messages: readonly ToSupervisor[];
}

const EXECUTOR =
  process.env.OUTGROW_EXECUTOR ?? fileURLToPath(new URL("../../../dist/kernel/executor/main.js", import.meta.url));

/** One real executor process, spoken to as the supervisor does. */
export class Executor implements AsyncDisposable {
  readonly child: ChildProcess;
  readonly folder: string;
  readonly messages: ToSupervisor[] = [];
  readonly fromSentinel: FromSentinel[] = [];
  readonly exit: Promise<number | NodeJS.Signals>;
  /** What the process itself wrote to its descriptors 1 and 2. */
  raw = "";
  readonly #waiting = new Set<() => void>();
  #cell = 0;

  constructor(options: { readonly execArgv?: readonly string[]; readonly folder?: string } = {}) {
    this.folder = options.folder ?? mkdtempSync(path.join(tmpdir(), "outgrow-executor-"));
    const flags = [...EXECUTOR_FLAGS, ...(options.execArgv ?? [])];
    this.child = spawn(process.execPath, [...flags, EXECUTOR], {
      cwd: this.folder,
      stdio: ["ignore", "pipe", "pipe", "pipe", "pipe", "pipe", "ipc"],
      serialization: "advanced",
    });
    this.exit = new Promise((resolve) => this.child.once("exit", (code, signal) => resolve(code ?? signal ?? 0)));
    const take = frameReader((message) => this.#take(() => this.messages.push(message)));
    const pipes: readonly (Readable | Writable | null | undefined)[] = this.child.stdio;
    pipes[LINK_FD]?.on("data", take);
    for (const stream of [this.child.stdout, this.child.stderr])
      stream?.on("data", (chunk) => this.#take(() => (this.raw += chunk)));
    // A process that ends abruptly may reset its pipes: its end is told by `exit`.
    for (const pipe of this.child.stdio) pipe?.on("error", () => undefined);
    let rest = "";
    (this.child.stdio[4] as NodeJS.ReadableStream).on("data", (chunk) => {
      const lines = `${rest}${chunk}`.split("\n");
      rest = lines.pop() ?? "";
      this.#take(() => this.fromSentinel.push(...lines.map((line) => JSON.parse(line))));
    });
  }

  async ready(): Promise<this> {
    await this.until((message) => message.type === "ready");
    return this;
  }

  /** Sends a cell and gives its number; `run` also waits for it. */
  start(code: string, more: Partial<RunMessage> = {}): number {
    const cell = ++this.#cell;
    const base = {
      type: "run",
      cell,
      code,
      executionCount: cell,
      silent: false,
      userExpressions: {},
      allowStdin: false,
    } as const;
    this.send({ ...base, ...more });
    return cell;
  }

  async run(code: string, more: Partial<RunMessage> = {}): Promise<CellResult> {
    return this.done(this.start(code, more));
  }

  /** The number that the next cell will have. */
  get nextCell(): number {
    return this.#cell + 1;
  }

  async done(cell: number, withinMs?: number): Promise<CellResult> {
    await this.until((message) => message.type === "done" && message.cell === cell, withinMs);
    return this.resultOf(cell);
  }

  resultOf(cell: number): CellResult {
    const messages = this.messages.filter((message) => "cell" in message && message.cell === cell);
    const stream = (name: string) =>
      messages.map((message) => (message.type === "output" && message.stream === name ? message.text : "")).join("");
    const done = messages.find((message): message is Told<"done"> => message.type === "done");
    return {
      stdout: stream("stdout"),
      stderr: stream("stderr"),
      text: done?.result?.data["text/plain"] as string | undefined,
      shown: done?.result?.data ?? {},
      failure: done?.failure,
      displays: messages.filter((message): message is Told<"display"> => message.type === "display"),
      userExpressions: done?.userExpressions ?? {},
      messages,
    };
  }

  send(message: ToExecutor): void {
    this.child.send(message);
  }

  sentinel(message: ToSentinel): void {
    (this.child.stdio[3] as Writable).write(`${JSON.stringify(message)}\n`);
  }

  /** As the supervisor does it: both ways at once. */
  interrupt(cell: number): void {
    this.send({ type: "interrupt", cell });
    this.sentinel({ type: "interrupt", cell });
  }

  /** The first message, past or coming, that fits. */
  async until(fits: (message: ToSupervisor) => boolean, withinMs = 20_000): Promise<ToSupervisor> {
    await this.when(() => this.messages.some(fits), withinMs);
    return this.messages.find(fits) as ToSupervisor;
  }

  async when(holds: () => boolean, withinMs = 20_000): Promise<void> {
    const deadline = Date.now() + withinMs;
    while (!holds()) {
      if (this.child.exitCode !== null || this.child.signalCode !== null)
        throw new Error(`the executor died: ${this.raw}`);
      if (Date.now() > deadline)
        throw new Error(`nothing within ${withinMs} ms; last: ${JSON.stringify(this.messages.slice(-3))} ${this.raw}`);
      await new Promise<void>((resolve) => {
        const wake = () => {
          clearTimeout(timer);
          this.#waiting.delete(wake);
          resolve();
        };
        const timer = setTimeout(wake, 50);
        this.#waiting.add(wake);
      });
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.child.kill("SIGKILL");
    await this.exit;
    if (this.folder.startsWith(tmpdir())) rmSync(this.folder, { recursive: true, force: true });
  }

  #take(add: () => unknown): void {
    add();
    for (const wake of [...this.#waiting]) wake();
  }
}

export function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
