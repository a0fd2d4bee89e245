import { formatBytes, formatCount } from "../../src/units.ts";

/** The end of what was left out is kept and shown. */
const TAIL_CHARS = 64 * 1024;

export type StreamName = "stdout" | "stderr";

/** What a cell wrote beyond the limits: counted, with its end kept. */
export class LeftOut {
  #chars = 0;
  #lines = 0;
  #outputs = 0;
  #tail = "";
  #stream: StreamName = "stdout";

  addText(stream: StreamName, text: string): void {
    this.#stream = stream;
    this.#chars += text.length;
    this.#lines += countLines(text);
    this.#tail = (this.#tail + text).slice(-TAIL_CHARS);
  }

  addBefore(stream: StreamName, text: string): void {
    if (this.#tail === "") this.#stream = stream;
    this.#chars += text.length;
    this.#lines += countLines(text);
    this.#tail = (text + this.#tail).slice(-TAIL_CHARS);
  }

  addOutput(): void {
    this.#outputs++;
  }

  /** The statement, with where all of it is, and the kept end; afterwards nothing is left out. */
  take(whereabouts?: string): { readonly stream: StreamName; readonly text: string } {
    const cut = this.#chars - this.#tail.length;
    // The tail starts with a whole line, so that no half line looks like a whole one.
    const tail = cut > 0 ? this.#tail.slice(this.#tail.indexOf("\n") + 1) : this.#tail;
    const lines = this.#lines - countLines(tail);
    const size = formatBytes(this.#chars - tail.length);
    const text =
      cut > 0
        ? `\n… ${formatCount(lines)} lines (${size}) of text left out${whereabouts ? `; ${whereabouts}` : ""} …\n`
        : "";
    const outputs = this.#outputs > 0 ? `\n… ${formatCount(this.#outputs)} outputs left out …\n` : "";
    this.#chars = this.#lines = this.#outputs = 0;
    this.#tail = "";
    return { stream: this.#stream, text: outputs + text + tail };
  }
}

function countLines(text: string): number {
  let lines = 0;
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) lines++;
  return lines;
}
