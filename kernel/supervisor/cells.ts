import type { CellDiagnostic, LanguageService } from "../language/service.ts";
import type { CellFailure, ToSupervisor, UserExpressionResult } from "../link/messages.ts";
import { type Header, type Json, type JupyterMessage, MESSAGE } from "../wire/message.ts";
import type { Executor } from "./executor.ts";
import type { History } from "./history.ts";
import type { OutputPlane } from "./output-plane.ts";
import { TypeChecks } from "./type-checks.ts";

export interface CellsOptions {
  readonly executor: Executor;
  readonly output: OutputPlane;
  readonly history: History;
  language(): Promise<LanguageService>;
  publish(type: string, content: Json, parent: Header | Json): void;
  reply(message: JupyterMessage, content: Json): void;
  status(state: "busy" | "idle", parent: Header | Json): void;
}

interface RunningCell {
  readonly id: number;
  readonly message: JupyterMessage;
  readonly settle: (done: Outcome) => void;
  result: string | undefined;
  readonly pages: unknown[];
}

interface Outcome {
  readonly failure?: CellFailure | undefined;
  readonly userExpressions: Readonly<Record<string, UserExpressionResult>>;
}

/** Execute requests, one after the other: the only requests that wait. */
export class Cells {
  readonly #options: CellsOptions;
  readonly #checks: TypeChecks;
  readonly #waiting: JupyterMessage[] = [];
  #running: RunningCell | undefined;
  #active: JupyterMessage | undefined;
  #lastCell = 0;
  #executionCount = 0;

  constructor(options: CellsOptions) {
    this.#options = options;
    this.#checks = new TypeChecks(options.language);
  }

  /** The request that runs now; its busy is published again after another request's idle. */
  get active(): JupyterMessage | undefined {
    return this.#active;
  }

  get lastCell(): number {
    return this.#running?.id ?? this.#lastCell;
  }

  enqueue(message: JupyterMessage): void {
    this.#waiting.push(message);
    if (!this.#active) void this.#work();
  }

  interrupt(): void {
    if (this.#running) this.#options.executor.interrupt(this.#running.id);
  }

  setTypecheck(mode: "off" | "warn" | "strict"): void {
    this.#checks.mode = mode;
  }

  /** What the executor says of the running cell. */
  receive(message: ToSupervisor): void {
    const running = this.#running;
    if (message.type === "done") {
      if (running?.id === message.cell) running.settle(message);
    } else if (message.type === "page") running?.pages.push({ source: "page", data: message.data, start: 0 });
    else if (message.type === "result" && running?.id === message.cell) {
      running.result = Object.values(message.data).find((value) => typeof value === "string") as string | undefined;
      this.#options.output.message(message.cell, MESSAGE.executeResult, {
        execution_count: this.#executionCount,
        data: message.data,
        metadata: message.metadata,
      });
    }
  }

  /** The executor died: the running cell fails with the cause. */
  fail(failure: CellFailure): void {
    this.#running?.settle({ failure, userExpressions: {} });
  }

  async #work(): Promise<void> {
    for (let message = this.#waiting.shift(); message; message = this.#waiting.shift()) {
      this.#active = message;
      this.#options.status("busy", message.header);
      const failed = await this.#execute(message);
      this.#active = undefined;
      this.#options.status("idle", message.header);
      if (failed && message.content.stop_on_error !== false) this.#abortWaiting();
    }
  }

  async #execute(message: JupyterMessage): Promise<boolean> {
    const { content, header } = message;
    const code = typeof content.code === "string" ? content.code : "";
    const silent = content.silent === true;
    const store = !silent && content.store_history !== false;
    if (store) this.#executionCount++;
    const id = ++this.#lastCell;
    this.#options.output.open(id, header, silent);
    if (!silent) this.#options.publish(MESSAGE.executeInput, { code, execution_count: this.#executionCount }, header);
    const check = silent ? undefined : this.#checks.begin({ id: cellKey(message, id), code });
    const outcome = (await this.#gate(check)) ?? (await this.#run(id, message, code, silent));
    const warned = await this.#checks.finish(check, (diagnostics) => this.#warn(id, diagnostics));
    await this.#options.executor.drain();
    this.#options.output.drain(id);
    if (outcome.failure && !silent) this.#options.publish(MESSAGE.error, { ...outcome.failure }, header);
    if (store) this.#options.history.add(this.#executionCount, code, this.#running?.result);
    this.#options.reply(message, this.#replyContent(outcome));
    this.#running = undefined;
    await Promise.all(warned);
    return outcome.failure !== undefined;
  }

  /** `%typecheck strict`: a cell with type errors does not run. */
  async #gate(check: Promise<readonly CellDiagnostic[]> | undefined): Promise<Outcome | undefined> {
    if (this.#checks.mode !== "strict" || !check) return undefined;
    const errors = (await check).filter(({ severity }) => severity === "error");
    const first = errors[0];
    if (!first) return undefined;
    const traceback = errors.map(({ text }) => text);
    return { failure: { ename: "TypeCheckError", evalue: first.message, traceback }, userExpressions: {} };
  }

  #run(id: number, message: JupyterMessage, code: string, silent: boolean): Promise<Outcome> {
    const expressions = message.content.user_expressions;
    return new Promise((resolve) => {
      const settle = (outcome: Outcome): void => {
        this.#options.executor.settled();
        resolve(outcome);
      };
      this.#running = { id, message, settle, result: undefined, pages: [] };
      this.#options.executor.send({
        type: "run",
        cell: id,
        code,
        executionCount: this.#executionCount,
        silent,
        userExpressions:
          typeof expressions === "object" && expressions !== null ? (expressions as Record<string, string>) : {},
        allowStdin: message.content.allow_stdin !== false,
      });
    });
  }

  #warn(cell: number, diagnostics: readonly CellDiagnostic[]): void {
    if (diagnostics.length === 0) return;
    this.#options.output.text(cell, "stderr", `${diagnostics.map(({ text }) => text).join("\n")}\n`);
    this.#options.output.flush();
  }

  #replyContent({ failure, userExpressions }: Outcome): Json {
    const common = { execution_count: this.#executionCount, payload: this.#running?.pages ?? [] };
    if (failure) return { status: "error", ...failure, ...common, user_expressions: {} };
    return { status: "ok", ...common, user_expressions: userExpressions };
  }

  /** The rest of a Run All after an error. */
  #abortWaiting(): void {
    for (const message of this.#waiting.splice(0)) {
      this.#options.status("busy", message.header);
      this.#options.reply(message, {
        status: "aborted",
        execution_count: this.#executionCount,
        payload: [],
        user_expressions: {},
      });
      this.#options.status("idle", message.header);
    }
  }
}

/** JupyterLab names its cells, so that a cell that runs again replaces its old text for the type checker. */
function cellKey({ metadata }: JupyterMessage, id: number): string {
  return typeof metadata.cellId === "string" ? metadata.cellId : `run-${id}`;
}
