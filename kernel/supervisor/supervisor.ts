import type { CellFailure, ToSupervisor } from "../link/messages.ts";
import type { Connection } from "../wire/connection.ts";
import { type Header, type Json, type JupyterMessage, MESSAGE, makeHeader } from "../wire/message.ts";
import { type Channel, Sockets } from "../wire/sockets.ts";
import { Cells } from "./cells.ts";
import { Executor } from "./executor.ts";
import { History } from "./history.ts";
import type { Kernel } from "./kernel.ts";
import { createLanguageServiceLazily } from "./lazy-language.ts";
import { OutputPlane } from "./output-plane.ts";
import { REQUESTS } from "./requests/table.ts";

/** The kernel's long-lived half: sockets in, replies out. It never runs user code. */
export class Supervisor implements Kernel {
  readonly startedAt = Date.now();
  readonly history = new History();
  readonly cells: Cells;
  readonly #sockets: Sockets;
  readonly #executor: Executor;
  readonly #output: OutputPlane;
  readonly #language = createLanguageServiceLazily(process.cwd());
  #names: readonly string[] = [];
  #ending: Promise<void> | undefined;

  constructor(connection: Connection) {
    this.#sockets = new Sockets(connection);
    this.#output = new OutputPlane((type, content, parent, metadata) => this.publish(type, content, parent, metadata));
    this.#executor = new Executor({
      onMessage: (message) => this.#fromExecutor(message),
      onRaw: (stream, text) => this.#output.text(this.cells.lastCell, stream, text),
      onSentinel: () => undefined,
      onDeath: (cause, lost) => this.#executorDied(cause, lost),
    });
    this.cells = new Cells({
      executor: this.#executor,
      output: this.#output,
      history: this.history,
      language: () => this.language(),
      publish: (type, content, parent) => {
        this.#output.flush();
        this.publish(type, content, parent);
      },
      reply: (message, content) => this.#reply("shell", message, MESSAGE.executeReply, content),
      status: (state, parent) => this.#status(state, parent),
    });
  }

  async start(): Promise<void> {
    await this.#sockets.bind({
      onMessage: (channel, message) => this.#receive(channel, message),
      onRefused: (channel, reason) => console.error(`outgrow kernel: a message on ${channel} was refused: ${reason}`),
    });
    this.#status("starting", {});
  }

  language(): ReturnType<Kernel["language"]> {
    return this.#language.get();
  }

  names(): readonly string[] {
    return this.#names;
  }

  publish(type: string, content: Json, parent: Header | Json, metadata: Json = {}): void {
    const topic = [Buffer.from(`kernel.outgrow.${type}`)];
    this.#sockets.publish({
      identities: topic,
      header: makeHeader(type),
      parentHeader: parent,
      metadata,
      content,
      buffers: [],
    });
  }

  executorPid(): number | undefined {
    return this.#executor.pid;
  }

  killExecutor(): void {
    this.#executor.close();
  }

  interrupt(): void {
    this.cells.interrupt();
  }

  shutdown(restart: boolean): void {
    this.publish(MESSAGE.shutdownReply, { status: "ok", restart }, {});
    setImmediate(() => void this.end());
  }

  /** Ends everything that the kernel started; the process exits even with live timers. */
  end(): Promise<void> {
    this.#ending ??= this.#close();
    return this.#ending;
  }

  async #close(): Promise<void> {
    this.#executor.close();
    const late = new Promise((resolve) => setTimeout(resolve, 400));
    const closed = Promise.all([this.#language.close(), this.history.close(), this.#sockets.close()]);
    await Promise.race([closed, late]);
    process.exit(0);
  }

  #receive(channel: Channel, message: JupyterMessage): void {
    const type = message.header.msg_type;
    if (type === MESSAGE.executeRequest && channel === "shell") this.cells.enqueue(message);
    else if (type === MESSAGE.inputReply) this.#inputReply(message);
    else if (type === MESSAGE.commOpen)
      this.publish(MESSAGE.commClose, { comm_id: message.content.comm_id, data: {} }, message.header);
    else if (REQUESTS[type]) void this.#answer(channel, message);
  }

  /** Answers at once, also while a cell runs; then says again that the cell is busy, since servers take the last status for the kernel's. */
  async #answer(channel: Channel, message: JupyterMessage): Promise<void> {
    const request = REQUESTS[message.header.msg_type];
    if (!request) return;
    this.#status("busy", message.header);
    let content: Json;
    try {
      content = await request.handle(message, this);
    } catch (error) {
      content = { status: "error", ...failureOf(error) };
    }
    this.#reply(channel, message, request.reply, content);
    this.#status("idle", message.header);
    if (this.cells.active) this.#status("busy", this.cells.active.header);
  }

  #reply(channel: Channel, { identities, header }: JupyterMessage, type: string, content: Json): void {
    this.#sockets.send(channel, {
      identities,
      header: makeHeader(type),
      parentHeader: header,
      metadata: {},
      content,
      buffers: [],
    });
  }

  #status(state: "starting" | "busy" | "idle", parent: Header | Json): void {
    this.publish(MESSAGE.status, { execution_state: state }, parent);
  }

  #inputReply({ content }: JupyterMessage): void {
    this.#executor.send({ type: "input-reply", cell: this.cells.lastCell, value: String(content.value ?? "") });
  }

  #fromExecutor(message: ToSupervisor): void {
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
        return this.#askInput(message.prompt, message.password);
      case "typecheck":
        return this.cells.setTypecheck(message.mode);
      case "names":
        this.#names = message.names;
        return;
      case "ready":
        return this.#language.warm();
      default:
        this.cells.receive(message);
    }
  }

  #askInput(prompt: string, password: boolean): void {
    const request = this.cells.active;
    if (request) this.#reply("stdin", request, MESSAGE.inputRequest, { prompt, password });
  }

  #executorDied(cause: string, lost: readonly string[]): void {
    const shown = lost.slice(0, 20).join(", ");
    const more = lost.length > 20 ? ` and ${lost.length - 20} more` : "";
    const what = lost.length > 0 ? `These variables are lost: ${shown}${more}.` : "No variables were lost.";
    const evalue = `the process that runs the cells ended: ${cause}. ${what}`;
    const traceback = [
      `ExecutorDied: ${evalue}`,
      "A new one has been started; run the cells again that define what is needed.",
    ];
    this.#names = [];
    if (this.cells.active) this.cells.fail({ ename: "ExecutorDied", evalue, traceback });
    else this.#output.text(this.cells.lastCell, "stderr", `${traceback.join("\n")}\n`);
  }
}

function failureOf(error: unknown): CellFailure {
  const { name = "Error", message = String(error) } = error instanceof Error ? error : {};
  return { ename: name, evalue: message, traceback: [`${name}: ${message}`] };
}
