const FIRST_CODES = 64;

/** One dictionary of those that threads have of a column, in the order of the chunks: that in which one thread would have met the texts. */
export class JointDictionary {
  readonly texts: string[] = [];
  readonly #threads = new Map<number, ThreadCodes>();
  /** The codes of texts, from when there is a second thread. */
  #places: Map<string, number> | undefined;

  /** Takes the texts that are new in a thread's dictionary, and makes its codes those of this one. */
  take(thread: number, texts: Iterable<string>, values: Int32Array): void {
    const codes = this.#codesOf(thread);
    for (const text of texts) codes.add(this.#codeOf(text));
    codes.translate(values);
  }

  #codesOf(thread: number): ThreadCodes {
    const known = this.#threads.get(thread);
    if (known) return known;
    const codes = new ThreadCodes();
    if (this.#threads.size === 1) this.#places = new Map(this.texts.map((text, code) => [text, code]));
    this.#threads.set(thread, codes);
    return codes;
  }

  #codeOf(text: string): number {
    const code = this.#places?.get(text) ?? this.texts.length;
    if (code < this.texts.length) return code;
    this.#places?.set(text, code);
    this.texts.push(text);
    return code;
  }
}

/** For each code of a thread the one that all have. */
class ThreadCodes {
  #codes = new Int32Array(FIRST_CODES);
  #count = 0;
  #isSame = true;

  add(code: number): void {
    if (this.#count === this.#codes.length) {
      const larger = new Int32Array(2 * this.#count);
      larger.set(this.#codes);
      this.#codes = larger;
    }
    if (code !== this.#count) this.#isSame = false;
    this.#codes[this.#count++] = code;
  }

  translate(values: Int32Array): void {
    if (this.#isSame) return;
    const codes = this.#codes;
    for (let i = 0; i < values.length; i++) values[i] = codes[values[i] as number] as number;
  }
}
