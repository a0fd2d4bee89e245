import { isAscii } from "node:buffer";
import { setImmediate } from "node:timers/promises";
import type { Texts } from "./groups/texts-of.ts";

/** Texts that are decoded together. */
const AT_ONCE = 20_000;

/** The strings of texts, of which there may be as many as groups: made when somebody wants them. */
export class LateStrings {
  readonly #texts: Texts;
  readonly #strings: string[] = [];

  constructor(texts: Texts) {
    this.#texts = texts;
  }

  /** All of them, those that are not there yet at once. */
  get all(): readonly string[] {
    while (this.#isShort) this.#decodeSome();
    return this.#strings;
  }

  /** Makes them some at a time, so that the event loop is never held. */
  async make(): Promise<void> {
    while (this.#isShort) {
      this.#decodeSome();
      await setImmediate();
    }
  }

  get #isShort(): boolean {
    return this.#strings.length < this.#texts.offsets.length - 1;
  }

  #decodeSome(): void {
    const { offsets, bytes } = this.#texts;
    const all = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const first = this.#strings.length;
    const end = Math.min(first + AT_ONCE, offsets.length - 1);
    const base = offsets[first] as number;
    const some = all.subarray(base, offsets[end]);
    // Parts of one decoded string cost less than to decode each, and in ASCII a byte is a letter.
    const text = isAscii(some) ? some.toString("latin1") : undefined;
    for (let i = first; i < end; i++) {
      const [from, to] = [offsets[i] as number, offsets[i + 1] as number];
      this.#strings.push(text === undefined ? all.toString("utf8", from, to) : text.slice(from - base, to - base));
    }
  }
}
