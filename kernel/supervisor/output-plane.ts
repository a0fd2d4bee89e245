import { formatBytes, formatCount } from "../../src/units.ts";
import { type Header, type Json, MESSAGE } from "../wire/message.ts";

export type Publish = (type: string, content: Json, parent: Header | Json, metadata?: Json) => void;

/** Text of one cell and stream is merged for this long. */
const MERGE_MS = 60;
/** Text that is sent at once when this much has gathered. */
const MERGE_CHARS = 256 * 1024;
/** A cell's text beyond this is cut in the middle: Jupyter's server drops what exceeds 1 MB/s over 3 s, in silence. */
const CELL_CHARS = 2_000_000;
const TAIL_CHARS = 64 * 1024;
const CELLS_REMEMBERED = 2000;

type Stream = "stdout" | "stderr";

interface CellOutput {
  readonly parent: Header | Json;
  readonly silent: boolean;
  sent: number;
  dropped: number;
  droppedLines: number;
  tail: string;
  tailStream: Stream;
}

/** Puts every output under its cell, in order, merged, and within the server's limits. */
export class OutputPlane {
  readonly #publish: Publish;
  readonly #cells = new Map<number, CellOutput>();
  #pending: { readonly cell: number; readonly stream: Stream; texts: string[]; length: number } | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(publish: Publish) {
    this.#publish = publish;
  }

  open(cell: number, parent: Header | Json, silent: boolean): void {
    this.#cells.set(cell, { parent, silent, sent: 0, dropped: 0, droppedLines: 0, tail: "", tailStream: "stdout" });
    const oldest = this.#cells.keys().next().value;
    if (this.#cells.size > CELLS_REMEMBERED && oldest !== undefined) this.#cells.delete(oldest);
  }

  text(cell: number, stream: Stream, text: string): void {
    if (text === "") return;
    if (this.#pending && (this.#pending.cell !== cell || this.#pending.stream !== stream)) this.flush();
    this.#pending ??= { cell, stream, texts: [], length: 0 };
    this.#pending.texts.push(text);
    this.#pending.length += text.length;
    if (this.#pending.length > MERGE_CHARS) this.flush();
    else this.#timer ??= setTimeout(() => this.flush(), MERGE_MS);
  }

  /** Any other output of a cell; what was printed before it goes first. */
  message(cell: number, type: string, content: Json, metadata?: Json): void {
    this.flush();
    const output = this.#cells.get(cell);
    if (output && !(output.silent && type === MESSAGE.executeResult))
      this.#publish(type, content, output.parent, metadata);
  }

  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const pending = this.#pending;
    this.#pending = undefined;
    if (!pending) return;
    const output = this.#cells.get(pending.cell);
    if (output) this.#send(output, pending.stream, pending.texts.join(""));
  }

  /** Before a cell's reply: the kept end of a flood, with how much was left out. */
  drain(cell: number): void {
    this.flush();
    const output = this.#cells.get(cell);
    if (!output || output.tail === "") return;
    const left = output.dropped - output.tail.length;
    const note =
      left > 0 ? `\n… ${formatBytes(left)} of text (about ${formatCount(output.droppedLines)} lines) left out …\n` : "";
    this.#stream(output, output.tailStream, note + output.tail);
    Object.assign(output, { sent: 0, dropped: 0, droppedLines: 0, tail: "" });
  }

  #send(output: CellOutput, stream: Stream, text: string): void {
    const room = Math.max(0, CELL_CHARS - output.sent);
    const now = text.slice(0, room);
    if (now !== "") this.#stream(output, stream, now);
    output.sent += now.length;
    const rest = text.slice(room);
    if (rest === "") return;
    output.dropped += rest.length;
    output.droppedLines += countLines(rest);
    output.tail = (output.tail + rest).slice(-TAIL_CHARS);
    output.tailStream = stream;
  }

  #stream(output: CellOutput, name: Stream, text: string): void {
    this.#publish(MESSAGE.stream, { name, text }, output.parent);
  }
}

function countLines(text: string): number {
  let lines = 0;
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) lines++;
  return lines;
}
