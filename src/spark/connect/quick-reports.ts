import type { ConfigInit, ConfigResult } from "./messages.ts";

const [PREFIX, NAME] = ["spark.connect.progress.", "reportInterval"];
const INTERVAL = PREFIX + NAME;
/** Twice in the two seconds that a Stop may take, with room for what comes before and after. */
const QUICK = "250ms";

/**
 * Reports of a session's operations in short order, for as long as somebody who stops one reads them: a session may have them seldom,
 * or not at all. A server looks at the setting when a stream is opened, and afterwards the session has again what it had.
 */
export class QuickReports {
  readonly #ask: (opType: ConfigInit) => Promise<ConfigResult>;
  #readers = 0;
  /** One change at a time, in order. */
  #changed: Promise<void> = Promise.resolve();
  /** What somebody has set, if anybody has; known until the session has it again. */
  #before: { readonly value: string | undefined } | undefined;

  /** @param ask asks the server, and waits no longer for it than a Stop may */
  constructor(ask: (opType: ConfigInit) => Promise<ConfigResult>) {
    this.#ask = ask;
  }

  async during<T>(read: () => Promise<T>): Promise<T> {
    if (this.#readers++ === 0) this.#change(() => this.#begin());
    await this.#changed;
    try {
      return await read();
    } finally {
      if (--this.#readers === 0) this.#change(() => this.#end());
    }
  }

  /** A server that does not answer reports as it did before. */
  #change(how: () => Promise<void>): void {
    this.#changed = this.#changed.then(how).catch(() => undefined);
  }

  async #begin(): Promise<void> {
    this.#before ??= { value: await this.#given() };
    await this.#set(QUICK);
  }

  /** What somebody has set in the meantime stays. */
  async #end(): Promise<void> {
    if (!this.#before) return;
    const { value } = this.#before;
    if ((await this.#given()) === QUICK) {
      if (value !== undefined) await this.#set(value);
      else await this.#ask({ case: "unset", value: { keys: [INTERVAL] } });
    }
    this.#before = undefined;
  }

  /** Asked for by its name, the setting has Spark's default where nobody has set it; a list of what is set leaves the prefix out. */
  async #given(): Promise<string | undefined> {
    const { pairs } = await this.#ask({ case: "getAll", value: { prefix: PREFIX } });
    return pairs.find(({ key }) => key === NAME)?.value;
  }

  async #set(value: string): Promise<void> {
    await this.#ask({ case: "set", value: { pairs: [{ key: INTERVAL, value }] } });
  }
}
