import { setImmediate as turn } from "node:timers/promises";
import { Interrupted } from "../../src/errors.ts";
import type { CellDiagnostic, CellText } from "../language/service.ts";
import type { CellFailure, ToSupervisor } from "../link/messages.ts";
import { type Header, type Json, type JupyterMessage, MESSAGE } from "../wire/message.ts";
import type { Channel } from "../wire/sockets.ts";
import { ActiveCell, type Outcome, type Waiting } from "./active-cell.ts";
import { type ExecuteRequest, readExecuteRequest } from "./execute-request.ts";
import type { Executor } from "./executor.ts";
import { failureOf } from "./failure.ts";
import type { History } from "./history.ts";
import type { LanguageThread } from "./language-thread.ts";
import type { OutputPlane } from "./output-plane.ts";
import { withoutTold } from "./told-already.ts";
import { TypeChecks, type TypecheckMode } from "./type-checks.ts";

export interface CellsOptions {
  readonly executor: Executor;
  readonly output: OutputPlane;
  readonly history: History;
  readonly language: LanguageThread;
  publish(type: string, content: Json, parent: Header | Json): void;
  reply(channel: Channel, message: JupyterMessage, content: Json): void;
  status(state: "busy" | "idle", parent: Header | Json): void;
}

interface Ended {
  /** What waited behind a failure. */
  readonly aborted: readonly Waiting[];
  /** Resolves when idle may be said. */
  finish(): Promise<void>;
}

/** Execute requests, one after the other: the only requests that wait. */
export class Cells {
  readonly #options: CellsOptions;
  readonly #checks: TypeChecks;
  readonly #waiting: Waiting[] = [];
  #active: ActiveCell | undefined;
  #lastCell = 0;
  #executionCount = 0;

  constructor(options: CellsOptions) {
    this.#options = options;
    this.#checks = new TypeChecks(options.language);
  }

  /** The request that runs now; its busy is published again after another request's idle. */
  get active(): JupyterMessage | undefined {
    return this.#active?.message;
  }

  /** The running cell or the one before: text that says not whose it is belongs to it. */
  get lastCell(): number {
    return this.#lastCell;
  }

  enqueue(channel: Channel, message: JupyterMessage): void {
    this.#waiting.push({ channel, message });
    if (!this.#active) void this.#work();
  }

  interrupt(): void {
    const active = this.#active;
    if (!active) return;
    active.stop();
    this.#options.output.hurry(active.id);
    if (active.isRunning) this.#options.executor.interrupt(active.id);
    // Its types are still looked at.
    else this.#options.executor.stopLeftovers(active.id);
  }

  /** Makes ready what the first cells will want. */
  warm(): void {
    this.#checks.warm();
  }

  close(): void {
    this.#checks.close();
  }

  setTypecheck(mode: TypecheckMode): void {
    this.#checks.mode = mode;
  }

  /** Before questions about code: the service then knows every cell that was sent before. */
  startChecks(): void {
    this.#checks.startWaiting();
  }

  /** What the executor says of the running cell; what comes too late is of a cell that is answered. */
  receive(message: ToSupervisor): void {
    const active = this.#active;
    if (!active || !("cell" in message) || message.cell !== active.id) return;
    if (message.type === "payload") active.payload.push(message.payload);
    else if (message.type === "done" && active.isRunning) {
      active.shown = message.result;
      active.settle(message);
    }
  }

  /** The executor died: the cell that it had fails with the cause. Gives whether there was one. */
  fail(failure: CellFailure): boolean {
    if (!this.#active?.isRunning) return false;
    this.#active.settle({ failure, userExpressions: {} });
    return true;
  }

  async #work(): Promise<void> {
    for (let next = this.#waiting.shift(); next; next = this.#waiting.shift()) {
      const aborted = await this.#answer(next);
      this.#active = undefined;
      this.#options.status("idle", next.message.header);
      this.#abort(aborted);
    }
  }

  /** Gives what must not run. */
  async #answer(next: Waiting): Promise<readonly Waiting[]> {
    const count = this.#executionCount + 1;
    const active = new ActiveCell(next, ++this.#lastCell, count);
    this.#active = active;
    try {
      const request = this.#read(active);
      if (request.storeHistory) this.#executionCount = count;
      const { aborted, finish } = await this.#execute(active, request);
      await finish();
      return aborted;
    } catch (error) {
      const aborted = await this.#takeWaiting();
      this.#reply(active, { failure: failureOf(error), userExpressions: {} });
      return aborted;
    }
  }

  async #execute(active: ActiveCell, request: ExecuteRequest): Promise<Ended> {
    const { output, executor, history } = this.#options;
    const { header } = active.message;
    const { code, silent } = request;
    output.open(active.id, header, silent);
    const cell = { id: active.key(code), code };
    const strict = this.#checks.mode === "strict" && !silent;
    // The executor works while this thread still signs what front ends are told.
    const atOnce = strict ? undefined : this.#run(active, request);
    this.#options.status("busy", header);
    if (!silent) this.#options.publish(MESSAGE.executeInput, { code, execution_count: active.count }, header);
    const gated = strict ? await this.#gate(active, cell) : undefined;
    const running = gated ? undefined : (atOnce ?? this.#run(active, request));
    const isChecked = !silent && !strict;
    let failure: CellFailure | undefined;
    const warn = (found: readonly CellDiagnostic[]): void => this.#warn(active.id, withoutTold(found, failure));
    // Who cannot be asked anything is no person, and drops what comes after idle, for which it waits a few seconds; for a reply it waits as long as a cell takes.
    const isAttended = request.allowStdin;
    const check = isChecked ? this.#checks.beside(cell, warn, isAttended) : nothingMore;
    const outcome = gated ?? (await (running as Promise<Outcome>));
    ({ failure } = outcome);
    const finish = (): Promise<void> => check(outcome.isSurelyTyped);
    executor.settled();
    await executor.drain();
    await output.drain(active.id);
    const aborted = outcome.failure && request.stopOnError ? await this.#takeWaiting() : [];
    if (outcome.failure) this.#options.publish(MESSAGE.error, { ...outcome.failure }, header);
    if (!isAttended) {
      this.showResult();
      await active.untilStopped(finish());
    }
    this.#reply(active, outcome);
    // In the same turn: who waits for the reply need not wait until the value is signed and sent, too.
    this.showResult();
    await output.drain(active.id);
    if (request.storeHistory) history.add(active.count, code, active.result);
    return { aborted, finish: isAttended ? finish : nothingMore };
  }

  /** What cannot be read is busy for a moment, too. */
  #read({ message }: ActiveCell): ExecuteRequest {
    try {
      return readExecuteRequest(message.content);
    } catch (error) {
      this.#options.status("busy", message.header);
      throw error;
    }
  }

  /** What a cell is worth stands before what comes behind its end. */
  showResult(): void {
    const shown = this.#active?.takeShown();
    if (!this.#active || !shown) return;
    const { id, count } = this.#active;
    this.#options.output.message(id, MESSAGE.executeResult, { execution_count: count, ...shown });
  }

  /** `%typecheck strict`: a cell with type errors does not run. */
  async #gate(active: ActiveCell, cell: CellText): Promise<Outcome | undefined> {
    const refusal = await active.untilStopped(this.#checks.gate(cell));
    const failure = active.isStopped ? failureOf(new Interrupted()) : refusal;
    return failure && { failure, userExpressions: {} };
  }

  #run(active: ActiveCell, request: ExecuteRequest): Promise<Outcome> {
    const { code, silent, userExpressions, allowStdin } = request;
    const { id: cell, count: executionCount } = active;
    const run = { cell, code, executionCount, silent, userExpressions, allowStdin };
    return active.run(() => this.#options.executor.send({ type: "run", ...run }));
  }

  #warn(cell: number, diagnostics: readonly CellDiagnostic[]): void {
    if (diagnostics.length === 0) return;
    this.#options.output.text(cell, "stderr", `${diagnostics.map(({ text }) => text).join("\n")}\n`);
    this.#options.output.flush();
  }

  #reply({ channel, message, count, payload }: ActiveCell, { failure, userExpressions }: Outcome): void {
    const content = failure
      ? { status: "error", ...failure, execution_count: count, user_expressions: {}, payload }
      : { status: "ok", execution_count: count, user_expressions: userExpressions, payload };
    this.#options.reply(channel, message, content);
  }

  /** The rest of a Run All, taken before its error is shown: what is sent by somebody who has seen the error runs. */
  async #takeWaiting(): Promise<readonly Waiting[]> {
    // What the front end sent together with the cell has arrived; a turn of the loop reads it from the socket.
    await turn();
    return this.#waiting.splice(0);
  }

  /** Without a number: front ends would show it beside a cell that never ran. */
  #abort(aborted: readonly Waiting[]): void {
    for (const { channel, message } of aborted) {
      this.#options.status("busy", message.header);
      this.#options.reply(channel, message, { status: "aborted" });
      this.#options.status("idle", message.header);
    }
  }
}

async function nothingMore(): Promise<void> {}
