import { realpathSync } from "node:fs";
import { Worker } from "node:worker_threads";
import { EngineError } from "../../src/errors.ts";
import { distFile } from "../../src/paths.ts";
import { type Accepting, isAccepted } from "../language/accepting.ts";
import { ServerPids } from "../language/server-pids.ts";
import type { CellDiagnostic, CellText, Completion, LanguageService } from "../language/service.ts";
import type { MimeBundle } from "../link/messages.ts";
import type { Json } from "../wire/message.ts";
import type { FromLanguage, LanguageData, Question, ToLanguage } from "./language-messages.ts";

interface Asked {
  readonly question: Question;
  resolve(answer: unknown): void;
  reject(reason: EngineError): void;
}

/** The language service in a thread of its own, which starts with the first question. One that fails is followed by another, with all cells that stand. */
export class LanguageThread implements LanguageService {
  readonly #notebookDir: string;
  readonly #script: string;
  readonly #pids = new ServerPids();
  readonly #asked = new Map<number, Asked>();
  /** The cells that stand, the last one last: for the thread after this one. */
  readonly #standing = new Map<string, CellText>();
  #worker: Worker | undefined;
  #sequence = 0;
  #isClosed = false;

  constructor(notebookDir: string, script = distFile("kernel/supervisor/language-worker.js")) {
    this.#notebookDir = notebookDir;
    this.#script = script;
  }

  async checkCell(cell: CellText, accepting: Accepting = "never"): Promise<readonly CellDiagnostic[]> {
    const found = await this.#ask<readonly CellDiagnostic[]>({ about: "check", cell, accepting });
    if (isAccepted(accepting, found)) this.#stand(cell);
    return found;
  }

  accept(cell: CellText): void {
    this.#stand(cell);
    this.#worker?.postMessage({ type: "accept", cell } satisfies ToLanguage);
  }

  /** Whether a cell of this id stands in another text. */
  isReplacing({ id, code }: CellText): boolean {
    const standing = this.#standing.get(id);
    return standing !== undefined && standing.code !== code;
  }

  complete(code: string, cursor: number): Promise<Completion> {
    return this.#ask({ about: "completion", code, cursor });
  }

  inspect(code: string, cursor: number, detail: 0 | 1): Promise<MimeBundle | undefined> {
    return this.#ask({ about: "inspection", code, cursor, detail });
  }

  /** Whether a console may run the text. */
  completeness(code: string): Promise<Json> {
    return this.#ask({ about: "completeness", code });
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    const worker = this.#worker;
    this.#worker = undefined;
    if (worker === undefined) return;
    const ended = new Promise<void>((resolve) => worker.once("exit", () => resolve()));
    worker.postMessage({ type: "close" } satisfies ToLanguage);
    await ended;
    this.#giveUp("the kernel ends");
  }

  /** Ends the processes of the service at once, for the exit of this one. */
  kill(): void {
    this.#pids.killAll();
  }

  #stand(cell: CellText): void {
    this.#standing.delete(cell.id);
    this.#standing.set(cell.id, cell);
  }

  #ask<T>(question: Question): Promise<T> {
    if (this.#isClosed) return Promise.reject(gone("the kernel ends"));
    if (!this.#worker && !hasFolder()) return Promise.reject(gone("the kernel's working folder has been removed"));
    const worker = this.#worker ?? this.#start();
    const sequence = ++this.#sequence;
    // After the start, which tells the thread what is still open.
    return new Promise((resolve, reject) => {
      this.#asked.set(sequence, { question, resolve: (answer) => resolve(answer as T), reject });
      worker.postMessage({ type: "question", sequence, question } satisfies ToLanguage);
    });
  }

  #start(): Worker {
    const workerData: LanguageData = { notebookDir: this.#notebookDir, pids: this.#pids.buffer };
    const worker = new Worker(this.#script, { workerData, execArgv: [], name: "language" });
    this.#worker = worker;
    worker.on("message", (message: FromLanguage) => this.#answered(message));
    worker.once("error", (error) => this.#failed(worker, error.message));
    worker.once("exit", () => this.#failed(worker, "its thread ended"));
    const tell = (message: ToLanguage): void => worker.postMessage(message);
    for (const cell of this.#standing.values()) tell({ type: "accept", cell });
    for (const [sequence, { question }] of this.#asked) tell({ type: "question", sequence, question });
    return worker;
  }

  #answered(message: FromLanguage): void {
    const asked = this.#asked.get(message.sequence);
    this.#asked.delete(message.sequence);
    if ("failure" in message) asked?.reject(gone(message.failure));
    else asked?.resolve(message.answer);
  }

  #failed(worker: Worker, why: string): void {
    if (this.#worker !== worker) return;
    this.#worker = undefined;
    // What it had started has nobody to answer to.
    this.#pids.killAll();
    const [first, ...others] = this.#asked;
    if (first === undefined) return;
    // They are answered in turn, so that the first is the one which it did not survive.
    const [sequence, { reject }] = first;
    this.#asked.delete(sequence);
    reject(gone(why));
    if (others.length === 0) return;
    if (hasFolder()) this.#start();
    else this.#giveUp("the kernel's working folder has been removed");
  }

  #giveUp(why: string): void {
    for (const { reject } of this.#asked.values()) reject(gone(why));
    this.#asked.clear();
  }
}

/** Without one Node can start no thread, and the process ends when it tries. */
function hasFolder(): boolean {
  try {
    realpathSync.native(".");
    return true;
  } catch {
    return false;
  }
}

function gone(why: string): EngineError {
  return new EngineError("E_LANGUAGE", `the language service has no answer: ${why}`, {
    hint: "ask again: it starts anew; %typecheck off stops the checks",
  });
}
