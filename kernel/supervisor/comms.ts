import type { CommEvent, ToExecutor, ToSupervisor } from "../link/messages.ts";
import { type Header, type Json, type JupyterMessage, MESSAGE } from "../wire/message.ts";
import { record, text } from "./content.ts";
import type { Extras } from "./output-plane.ts";

export interface CommsOptions {
  send(message: ToExecutor): void;
  /** In the order of the cell's outputs. */
  output(cell: number, type: string, content: Json, extras: Extras): void;
  /** All that was sent has been handled: what Stop had begun is over. */
  onHandled(): void;
}

type FromExecutor = Omit<Extract<ToSupervisor, { readonly type: "comm" }>, "type">;

const TYPES = { open: MESSAGE.commOpen, msg: MESSAGE.commMessage, close: MESSAGE.commClose } as const;

/** The comms between front ends and the executor: which are open, and which of their messages are not handled yet. */
export class Comms {
  readonly #options: CommsOptions;
  readonly #open = new Map<string, string>();
  readonly #waiting = new Map<number, { readonly header: Header; readonly resolve: () => void }>();
  #targets: readonly string[] = [];
  #sequence = 0;

  constructor(options: CommsOptions) {
    this.#options = options;
  }

  /** Whether the executor has messages that it has not handled. */
  get isWaiting(): boolean {
    return this.#waiting.size > 0;
  }

  /** Open comms with their targets, of one target where one is asked for. */
  list(target: string | undefined): Readonly<Record<string, { readonly target_name: string }>> {
    const found = [...this.#open].filter(([, each]) => target === undefined || each === target);
    return Object.fromEntries(found.map(([id, target_name]) => [id, { target_name }]));
  }

  /**
   * From a front end; resolves when the executor has handled it, which front ends wait for before they send more. Gives false when the comm is
   * to be closed again, since nobody offers its target.
   */
  async receive(kind: CommEvent["kind"], { header, content, metadata, buffers }: JupyterMessage): Promise<boolean> {
    const id = text(content, "comm_id");
    const data = record(content, "data");
    if (kind === "open") {
      const target = text(content, "target_name");
      if (!this.#targets.includes(target)) return false;
      this.#open.set(id, target);
    } else if (!this.#open.has(id)) return true;
    const target = this.#open.get(id);
    if (kind === "close") this.#open.delete(id);
    const sequence = ++this.#sequence;
    const handled = new Promise<void>((resolve) => this.#waiting.set(sequence, { header, resolve }));
    this.#options.send({ type: "comm", sequence, kind, id, target, data, metadata, buffers });
    await handled;
    return true;
  }

  /** From the executor. */
  told(message: ToSupervisor): void {
    if (message.type === "comm-targets") this.#targets = message.names;
    else if (message.type === "comm-handled") this.#handled(message.sequence);
    else if (message.type === "comm") this.#publish(message);
  }

  /** The executor died and took them along: front ends learn that theirs are closed. */
  closeAll(cell: number): void {
    for (const id of [...this.#open.keys()])
      this.#publish({ cell, kind: "close", id, data: {}, metadata: {}, buffers: [] });
    this.#targets = [];
    for (const sequence of [...this.#waiting.keys()]) this.#handled(sequence);
  }

  #handled(sequence: number): void {
    this.#waiting.get(sequence)?.resolve();
    this.#waiting.delete(sequence);
    if (this.#waiting.size === 0) this.#options.onHandled();
  }

  #publish({ cell, answers, kind, id, target, data, metadata, buffers }: FromExecutor): void {
    if (kind === "open" && target !== undefined) this.#open.set(id, target);
    if (kind === "close") this.#open.delete(id);
    const content = kind === "open" ? { comm_id: id, target_name: target, data } : { comm_id: id, data };
    const parent = answers === undefined ? undefined : this.#waiting.get(answers)?.header;
    const extras = { metadata, buffers: buffers.map(asBuffer), parent };
    this.#options.output(cell, TYPES[kind], content, extras);
  }
}

/** The link gives plain bytes. */
function asBuffer({ buffer, byteOffset, byteLength }: Uint8Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}
