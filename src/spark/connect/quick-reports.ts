import type { ConfigInit, ConfigResult } from "./messages.ts";

const INTERVAL = "spark.connect.progress.reportInterval";
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
  #before: string | undefined;

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
    this.#before = await this.#value();
    await this.#set(QUICK);
  }

  /** What somebody has set in the meantime stays. */
  async #end(): Promise<void> {
    if ((await this.#value()) !== QUICK) return;
    if (this.#before !== undefined) await this.#set(this.#before);
    else await this.#ask({ case: "unset", value: { keys: [INTERVAL] } });
  }

  async #value(): Promise<string | undefined> {
    return (await this.#ask({ case: "getOption", value: { keys: [INTERVAL] } })).pairs[0]?.value;
  }

  async #set(value: string): Promise<void> {
    await this.#ask({ case: "set", value: { pairs: [{ key: INTERVAL, value }] } });
  }
}
