import { type Header, type Json, MESSAGE } from "../wire/message.ts";
import { LeftOut, type StreamName } from "./left-out.ts";
import { MergedText } from "./merged-text.ts";
import { Pace } from "./pace.ts";
import { endOfPiece } from "./text-pieces.ts";
import { WholeText } from "./whole-text.ts";

/** What goes with a message beside its content. */
export interface Extras {
  readonly metadata: Json;
  readonly buffers: readonly Buffer[];
  /** Instead of the cell's request. */
  readonly parent?: Header | undefined;
}

export type Publish = (type: string, content: Json, parent: Header | Json, extras?: Extras) => void;

/** What may wait for its turn: about three seconds of sending, so that no reply waits longer. */
const WAITING_BYTES = 2_600_000;
const WAITING_MESSAGES = 2500;
const WAITING_DISPLAY_CHARS = 64 * 2 ** 20;
/** A cell's text in all: beyond it notebooks become files that nobody can open. */
const CELL_BYTES = 10_000_000;
const CELLS_REMEMBERED = 2000;
/** Headers and names around a text, about. */
const ENVELOPE_BYTES = 600;

interface CellOutput {
  readonly parent: Header | Json;
  readonly silent: boolean;
  readonly leftOut: LeftOut;
  readonly whole: WholeText;
  bytes: number;
  /** Stopped while text of it waited: what still comes is left out, but for its end, until its reply. */
  isStopped: boolean;
}

interface Item {
  readonly cell: CellOutput;
  readonly type: string;
  readonly content: Json;
  readonly bytes: number;
  /** Of a display that had to wait, about. */
  readonly chars?: number;
  readonly extras?: Extras | undefined;
  /** The kept end of what was left out: small enough for the room that the pace leaves. */
  readonly isTail?: boolean;
}

/** Puts every output under its cell, in order, merged, and within the server's limits. */
export class OutputPlane {
  readonly #publish: Publish;
  readonly #cells = new Map<number, CellOutput>();
  /** The cells of which something is left out just now. */
  readonly #cutting = new Set<CellOutput>();
  readonly #pace = new Pace();
  readonly #merged = new MergedText((cell, stream, text) => {
    const output = this.#cells.get(cell);
    if (output) this.#addText(output, stream, text);
  });
  #queue: Item[] = [];
  #queuedBytes = 0;
  #queuedChars = 0;
  #paceTimer: NodeJS.Timeout | undefined;
  #onEmpty: (() => void)[] = [];

  constructor(publish: Publish) {
    this.#publish = publish;
  }

  open(cell: number, parent: Header | Json, silent: boolean): void {
    this.#cells.set(cell, newOutput(parent, silent));
    const oldest = this.#cells.keys().next().value;
    if (this.#cells.size > CELLS_REMEMBERED && oldest !== undefined) this.#cells.delete(oldest);
  }

  text(cell: number, stream: StreamName, text: string): void {
    this.#merged.add(cell, stream, text);
  }

  /** Any other output of a cell; what was printed before it goes first. */
  message(cell: number, type: string, content: Json, extras?: Extras): void {
    this.flush();
    // A comm outlives the cells that are remembered.
    const output = this.#cells.get(cell) ?? (extras && newOutput({}, false));
    if (!output || (output.silent && type === MESSAGE.executeResult)) return;
    const isDisplay = type === MESSAGE.displayData || type === MESSAGE.updateDisplayData;
    // What does not wait needs no measure.
    const chars = isDisplay && this.#queue.length > 0 ? charsOf(content.data) : 0;
    const item = { cell: output, type, content, bytes: 0, chars, extras };
    if (isDisplay && !this.#renews(item) && this.#isFull(chars)) this.#leaveOut(output);
    else this.#add(item);
  }

  /** Sends on what is being merged. */
  flush(): void {
    this.#merged.flush();
  }

  /** Resolves when all outputs are published, before a cell's reply: the kept end of a flood too. */
  async drain(cell: number): Promise<void> {
    this.flush();
    await this.#emptied();
    const output = this.#cells.get(cell);
    if (!output) return;
    // What a timer of this cell prints later has a limit of its own.
    output.bytes = 0;
    output.isStopped = false;
    if (this.#cutting.delete(output)) {
      this.#add(tailItem(output));
      await this.#emptied();
    }
    output.whole.end();
  }

  /** After Stop nobody wants to wait for text: what waits is left out, but for its end. */
  hurry(stopped: number): void {
    const waiting = this.#queue;
    this.#queue = waiting.filter(({ type }) => type !== MESSAGE.stream);
    this.#queuedBytes = 0;
    for (const { cell, type, content } of waiting.reverse()) {
      if (type !== MESSAGE.stream) continue;
      // It is older than what was left out already.
      cell.leftOut.addBefore(content.name as StreamName, content.text as string);
      cell.whole.toFile();
      this.#cutting.add(cell);
    }
    for (const output of this.#cutting) if (output === this.#cells.get(stopped)) output.isStopped = true;
    clearTimeout(this.#paceTimer);
    this.#paceTimer = undefined;
    this.#pump();
  }

  /** The kernel published idle, at which the server starts its count anew. */
  idle(): void {
    this.#pace.reset();
    this.#pump();
  }

  #isFull(chars: number): boolean {
    return this.#queue.length >= WAITING_MESSAGES || this.#queuedChars + chars > WAITING_DISPLAY_CHARS;
  }

  #addText(output: CellOutput, stream: StreamName, text: string): void {
    output.whole.add(text);
    for (let at = 0; at < text.length; ) {
      const end = endOfPiece(text, at);
      const item = textItem(output, stream, text.slice(at, end));
      const full = output.bytes + item.bytes > CELL_BYTES || this.#queuedBytes + item.bytes > WAITING_BYTES;
      if (full || this.#cutting.has(output)) this.#leaveOut(output, stream, text.slice(at, end));
      else this.#add(item);
      at = end;
    }
  }

  #leaveOut(output: CellOutput, stream?: StreamName, text = ""): void {
    this.#cutting.add(output);
    output.whole.toFile();
    if (stream) output.leftOut.addText(stream, text);
    else output.leftOut.addOutput();
  }

  #add(item: Item): void {
    // It takes the place of the one before.
    const renewed = this.#renews(item) ? this.#queue.pop() : undefined;
    this.#queuedChars -= renewed?.chars ?? 0;
    this.#push(item);
    this.#pump();
  }

  #push(item: Item): void {
    item.cell.bytes += item.bytes;
    this.#queuedBytes += item.bytes;
    this.#queuedChars += item.chars ?? 0;
    this.#queue.push(item);
  }

  /** Of updates that wait for the same display only the last is seen. */
  #renews(item: Item): boolean {
    const last = this.#queue.at(-1);
    if (item.type !== MESSAGE.updateDisplayData || last?.type !== item.type || last.cell !== item.cell) return false;
    return displayId(last) === displayId(item);
  }

  #pump(): void {
    if (this.#paceTimer) return;
    for (let item = this.#next(); item; item = this.#next()) {
      if (!this.#pace.take(item.bytes) && !item.isTail) {
        this.#paceTimer = setTimeout(() => {
          this.#paceTimer = undefined;
          this.#pump();
        }, this.#pace.wait());
        return;
      }
      this.#queue.shift();
      this.#queuedBytes -= item.bytes;
      this.#queuedChars -= item.chars ?? 0;
      this.#publish(item.type, item.content, item.extras?.parent ?? item.cell.parent, item.extras);
    }
    for (const resolve of this.#onEmpty.splice(0)) resolve();
  }

  #next(): Item | undefined {
    if (this.#queue.length === 0) this.#resume();
    return this.#queue[0];
  }

  /** What was too fast for a while is shown again when nothing waits any more. */
  #resume(): void {
    for (const output of this.#cutting)
      if (output.bytes < CELL_BYTES && !output.isStopped) {
        this.#cutting.delete(output);
        this.#push(tailItem(output));
      }
  }

  #emptied(): Promise<void> {
    if (this.#queue.length === 0) return Promise.resolve();
    return new Promise((resolve) => this.#onEmpty.push(resolve));
  }
}

function newOutput(parent: Header | Json, silent: boolean): CellOutput {
  return { parent, silent, leftOut: new LeftOut(), whole: new WholeText(), bytes: 0, isStopped: false };
}

function textItem(cell: CellOutput, name: StreamName, text: string): Item {
  const bytes = Buffer.byteLength(JSON.stringify(text)) + ENVELOPE_BYTES;
  return { cell, type: MESSAGE.stream, content: { name, text }, bytes };
}

function tailItem(cell: CellOutput): Item {
  const { stream, text } = cell.leftOut.take(cell.whole.whereabouts);
  return { ...textItem(cell, stream, text), isTail: true };
}

/** Without encoding it: what a bundle holds that is no text counts by its JSON only when it is sent. */
function charsOf(value: unknown, deepest = 4): number {
  if (typeof value === "string") return value.length;
  if (typeof value !== "object" || value === null || deepest === 0) return 8;
  return Object.values(value).reduce((sum: number, each) => sum + charsOf(each, deepest - 1), 8);
}

function displayId({ content }: Item): unknown {
  return (content.transient as Json | undefined)?.display_id;
}
