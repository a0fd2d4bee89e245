import { randomUUID } from "node:crypto";
import { UsageError } from "../../src/errors.ts";
import type { CommEvent, MimeBundle, ToExecutor } from "../link/messages.ts";
import { currentRun } from "./current.ts";
import { send } from "./link.ts";
import { Listeners } from "./listeners.ts";
import { publish } from "./output.ts";
import { forWire } from "./wire-bundle.ts";

/** What came over a comm: data that JSON can hold, and bytes beside it. */
export interface CommMessage {
  readonly data: MimeBundle;
  readonly metadata: MimeBundle;
  readonly buffers: readonly Uint8Array[];
}

export interface CommExtras {
  readonly metadata?: MimeBundle | undefined;
  readonly buffers?: readonly (ArrayBufferView | ArrayBuffer)[] | undefined;
}

const open = new Map<string, Comm>();
const targets = new Map<string, Listeners<[Comm, CommMessage]>>();
/** The message of the front end that is being handled: what is sent meanwhile answers it. */
let answers: number | undefined;

/** A line to a piece of code in the front end that answers to the same target. */
export class Comm {
  readonly id: string;
  readonly target: string;
  readonly #onMessage = new Listeners<[CommMessage]>();
  readonly #onClose = new Listeners<[CommMessage]>();

  constructor(target: string, id: string) {
    this.target = target;
    this.id = id;
    open.set(id, this);
  }

  get isOpen(): boolean {
    return open.get(this.id) === this;
  }

  /** A message to a comm that is closed goes nowhere, as to a tab that is gone. */
  send(data: MimeBundle, extras?: CommExtras): void {
    if (this.isOpen) tell({ kind: "msg", id: this.id }, data, extras);
  }

  /** Gives the way to stop listening. */
  onMessage(listener: (message: CommMessage) => unknown): () => void {
    return this.#onMessage.add(listener);
  }

  onClose(listener: (message: CommMessage) => unknown): () => void {
    return this.#onClose.add(listener);
  }

  close(data: MimeBundle = {}): void {
    if (!this.isOpen) return;
    open.delete(this.id);
    tell({ kind: "close", id: this.id }, data);
  }

  /** From the front end. */
  receive(kind: "msg" | "close", message: CommMessage): void {
    if (kind === "close") open.delete(this.id);
    (kind === "close" ? this.#onClose : this.#onMessage).call(message);
  }
}

/** What cells have as `comms`. */
export const comms = {
  /** Opens a comm to what the front end has registered under `target`. */
  open(target: string, data: MimeBundle = {}, extras?: CommExtras): Comm {
    const comm = new Comm(String(target), randomUUID());
    tell({ kind: "open", id: comm.id, target: comm.target }, data, extras);
    return comm;
  },

  /** Lets front ends open comms to `target`; gives the way to take it back. */
  offer(target: string, onOpen: (comm: Comm, message: CommMessage) => unknown): () => void {
    if (typeof onOpen !== "function")
      throw new UsageError("E_NO_LISTENER", `comms.offer(${JSON.stringify(target)}) was given nobody to call`, {
        hint: "give a function as the second argument: (comm, message) => …",
      });
    const listeners = new Listeners<[Comm, CommMessage]>();
    listeners.add(onOpen);
    targets.set(target, listeners);
    tellTargets();
    return () => {
      if (targets.get(target) === listeners) targets.delete(target);
      tellTargets();
    };
  },
};

/**
 * A message of the front end. From setImmediate, as cells are: a listener that is terminated unwinds to an empty stack. The front end is told that
 * it is handled also when it was not to the end.
 */
export function receiveComm(event: Extract<ToExecutor, { readonly type: "comm" }>): void {
  setImmediate(() => {
    answers = event.sequence;
    dispatch(event);
  });
  setImmediate(() => {
    answers = undefined;
    publish({ type: "comm-handled", sequence: event.sequence });
  });
}

function dispatch({ kind, id, target = "", data, metadata, buffers }: CommEvent): void {
  const message = { data, metadata, buffers };
  if (kind !== "open") return open.get(id)?.receive(kind, message);
  // A page that was loaded again may have given its comm the same id.
  open.get(id)?.receive("close", { data: {}, metadata: {}, buffers: [] });
  const listeners = targets.get(target);
  const comm = new Comm(target, id);
  if (listeners) listeners.call(comm, message);
  else comm.close();
}

type Step = Pick<CommEvent, "kind" | "id" | "target">;

function tell(step: Step, data: MimeBundle, { metadata = {}, buffers = [] }: CommExtras = {}): void {
  const cell = currentRun()?.id ?? 0;
  const parts = {
    data: forWire(data, "a message to the front end"),
    metadata: forWire(metadata),
    buffers: buffers.map(bytesOf),
  };
  publish({ type: "comm", cell, answers, ...step, ...parts });
}

function tellTargets(): void {
  send({ type: "comm-targets", names: [...targets.keys()] });
}

/** @throws {UsageError} E_NO_BYTES */
export function bytesOf(buffer: ArrayBufferView | ArrayBuffer): Uint8Array {
  if (ArrayBuffer.isView(buffer)) return new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength);
  if (buffer instanceof ArrayBuffer) return new Uint8Array(buffer);
  const hint = "give typed arrays, Buffers or ArrayBuffers";
  throw new UsageError("E_NO_BYTES", "a buffer of a comm is no bytes", { hint });
}
