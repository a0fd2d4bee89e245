import type { SupervisorQuestion, ToSupervisor } from "../link/messages.ts";
import type { Connection } from "../wire/connection.ts";
import { type Header, type Json, type JupyterMessage, MESSAGE, makeHeader } from "../wire/message.ts";
import { type Channel, Sockets } from "../wire/sockets.ts";
import { answerCell } from "./cell-questions.ts";
import { Cells } from "./cells.ts";
import { Comms } from "./comms.ts";
import { failureOfDeath } from "./death.ts";
import type { Executor } from "./executor.ts";
import { failureOf } from "./failure.ts";
import { History } from "./history.ts";
import { InputQuestions } from "./input-questions.ts";
import type { Kernel } from "./kernel.ts";
import { LanguageThread } from "./language-thread.ts";
import { LazyDebugger } from "./lazy-debugger.ts";
import { type Extras, OutputPlane } from "./output-plane.ts";
import { REQUESTS } from "./requests/table.ts";

/** Replies and last outputs have this long to leave when the kernel ends. */
const CLOSE_MS = 400;

export interface SupervisorOptions {
  readonly connection: Connection;
  /** The process that runs the cells. */
  readonly executor: Executor;
  /** After all is closed; the process ends even with live timers. */
  onEnd(): void;
}

/** The kernel's long-lived half: sockets in, replies out. It never runs user code. */
export class Supervisor implements Kernel {
  readonly history = new History();
  readonly comms: Comms;
  readonly #onEnd: () => void;
  readonly #cells: Cells;
  readonly #sockets: Sockets;
  readonly #executor: Executor;
  readonly #output: OutputPlane;
  readonly #language = new LanguageThread(process.cwd());
  readonly #debugger: LazyDebugger;
  readonly #questions: InputQuestions;
  #names: readonly string[] = [];
  #ending: Promise<void> | undefined;

  constructor({ connection, executor, onEnd }: SupervisorOptions) {
    this.#onEnd = onEnd;
    this.#executor = executor;
    this.#sockets = new Sockets(connection);
    this.#output = new OutputPlane((...published) => this.#publish(...published));
    this.comms = new Comms({
      send: (message) => this.#executor.send(message),
      output: (cell, type, content, extras) => this.#output.message(cell, type, content, extras),
      onHandled: () => {
        if (!this.#cells.active) this.#executor.settled();
      },
    });
    this.#cells = new Cells({
      executor: this.#executor,
      output: this.#output,
      history: this.history,
      language: this.#language,
      publish: (type, content, parent) => this.#publish(type, content, parent),
      reply: (channel, message, content) => this.#reply(channel, message, MESSAGE.executeReply, content),
      status: (state, parent) => this.#status(state, parent),
    });
    this.#debugger = new LazyDebugger({
      inspector: this.#executor.inspector,
      event: (event, parent) => this.#publish(MESSAGE.debugEvent, event, parent),
      activeCell: () => this.#cells.active,
      onGone: () => {
        if (!this.#cells.active) this.#executor.settled();
      },
    });
    this.#questions = new InputQuestions({
      active: () => this.#cells.active,
      ask: (request, question) => {
        // What was printed before the question is seen before it.
        this.#output.flush();
        this.#reply("stdin", request, MESSAGE.inputRequest, question);
      },
      answer: (cell, value) => this.#executor.answer(cell, value),
    });
    executor.listen({
      onMessage: (message) => this.#fromExecutor(message),
      onRaw: (stream, text) => this.#output.text(this.#cells.lastCell, stream, text),
      onDeath: (cause, lost) => this.#executorDied(cause, lost),
    });
  }

  /** @throws {ConnectionError} E_BIND when a port is taken */
  async start(): Promise<void> {
    await this.#sockets.bind({
      onMessage: (channel, message) => this.#receive(channel, message),
      onRefused: (channel, reason) => console.error(`outgrow kernel: a message on ${channel} was refused: ${reason}`),
      onFull: (isFull) => this.#executor.hold(isFull),
    });
    this.#status("starting", {});
  }

  language(): ReturnType<Kernel["language"]> {
    this.#cells.startChecks();
    return this.#language;
  }

  names(): readonly string[] {
    return this.#names;
  }

  members(path: readonly string[]): ReturnType<Kernel["members"]> {
    return this.#executor.members(path);
  }

  executorPid(): number | undefined {
    return this.#executor.pid;
  }

  /** Between cells what spins may be something that listens to a widget, and what stands in the debugger a timer. */
  interrupt(): void {
    this.#sockets.hurry();
    if (this.#cells.active) this.#cells.interrupt();
    else if (this.comms.isWaiting || this.#debugger.isStanding) this.#executor.interrupt(this.#cells.lastCell);
    else this.#executor.stopLeftovers(this.#cells.lastCell);
  }

  debug(message: JupyterMessage): Promise<Json> {
    return this.#debugger.answer(message);
  }

  closeComm(id: unknown, { header }: JupyterMessage): void {
    this.#publish(MESSAGE.commClose, { comm_id: id, data: {} }, header);
  }

  /** After the reply to `request` has been sent. */
  shutdown(restart: boolean, request: JupyterMessage): void {
    this.#publish(MESSAGE.shutdownReply, { status: "ok", restart }, request.header);
    setImmediate(() => void this.end());
  }

  /** Ends everything that the kernel started. */
  end(): Promise<void> {
    this.#ending ??= this.#close();
    return this.#ending;
  }

  /** At once: for the exit of this process. */
  kill(): void {
    this.#executor.kill();
    this.#language.kill();
  }

  async #close(): Promise<void> {
    this.#cells.close();
    const late = new Promise((resolve) => setTimeout(resolve, CLOSE_MS));
    const closed = Promise.all([this.#language.close(), this.history.close(), this.#sockets.close()]);
    // The executor has limits of its own: one that ends its queries on a server first is given more.
    await Promise.all([this.#executor.close(), Promise.race([closed, late])]);
    this.#onEnd();
  }

  #receive(channel: Channel, message: JupyterMessage): void {
    const type = message.header.msg_type;
    if (type === MESSAGE.executeRequest) this.#cells.enqueue(channel, message);
    else if (type === MESSAGE.inputReply) this.#questions.answered(message);
    else if (REQUESTS.has(type)) void this.#answer(channel, message);
    else console.error(`outgrow kernel: no such request: ${JSON.stringify(type)}`);
  }

  /** Answers at once, also while a cell runs; then says again that the cell is busy, since servers take the last status for the kernel's. */
  async #answer(channel: Channel, message: JupyterMessage): Promise<void> {
    const request = REQUESTS.get(message.header.msg_type);
    if (!request) return;
    this.#status("busy", message.header);
    let content: Json | undefined;
    try {
      content = await request.handle(message, this);
    } catch (error) {
      content = { status: "error", ...failureOf(error) };
    }
    if (request.reply) this.#reply(channel, message, request.reply, content ?? {});
    this.#status("idle", message.header);
    if (this.#cells.active) this.#status("busy", this.#cells.active.header);
  }

  #publish(type: string, content: Json, parent: Header | Json, { metadata, buffers }: Extras = EMPTY): void {
    const identities = [Buffer.from(`kernel.outgrow.${type}`)];
    this.#sockets.publish({ identities, header: makeHeader(type), parentHeader: parent, metadata, buffers, content });
  }

  #reply(channel: Channel, { identities, header }: JupyterMessage, type: string, content: Json): void {
    this.#sockets.send(channel, { identities, header: makeHeader(type), parentHeader: header, ...EMPTY, content });
  }

  #status(state: "starting" | "busy" | "idle", parent: Header | Json): void {
    this.#publish(MESSAGE.status, { execution_state: state }, parent);
    if (state === "idle") this.#output.idle();
  }

  #fromExecutor(message: ToSupervisor): void {
    this.#cells.showResult();
    switch (message.type) {
      case "output":
        return this.#output.text(message.cell, message.stream, message.text);
      case "display":
        return this.#output.message(message.cell, message.update ? MESSAGE.updateDisplayData : MESSAGE.displayData, {
          data: message.data,
          metadata: message.metadata,
          transient: message.displayId === undefined ? {} : { display_id: message.displayId },
        });
      case "clear":
        return this.#output.message(message.cell, MESSAGE.clearOutput, { wait: message.wait });
      case "stray-error":
        return this.#output.message(message.cell, MESSAGE.error, { ...message.failure });
      case "input-request":
        return this.#questions.ask(message.cell, message.prompt, message.password);
      case "question":
        return void this.#tell(message.cell, message.question);
      case "typecheck":
        return this.#cells.setTypecheck(message.mode);
      case "memory-limit":
        this.#executor.memoryLimit = message.bytes;
        return;
      case "comm":
      case "comm-handled":
      case "comm-targets":
        return this.comms.told(message);
      case "ready":
        return this.#cells.warm();
      case "done":
        this.#names = message.names ?? this.#names;
        return this.#cells.receive(message);
      default:
        this.#cells.receive(message);
    }
  }

  async #tell(cell: number, question: SupervisorQuestion): Promise<void> {
    this.#executor.send({ type: "answer", cell, answer: await answerCell(question, this) });
  }

  #executorDied(cause: string, lost: readonly string[]): void {
    const failure = failureOfDeath(cause, lost);
    this.#names = [];
    this.comms.closeAll(this.#cells.lastCell);
    if (!this.#cells.fail(failure))
      this.#output.text(this.#cells.lastCell, "stderr", `${failure.traceback.join("\n")}\n`);
  }
}

const EMPTY = { metadata: {}, buffers: [] };
