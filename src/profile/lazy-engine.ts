import { type DuckdbOptions, type DuckdbSession, openDuckdb } from "../duckdb/session.ts";

/** The engine takes a tenth of a second to load, which an estimate of a text file need not wait for. */
export class LazyEngine {
  readonly #options: DuckdbOptions;
  #session: Promise<DuckdbSession> | undefined;

  constructor(options: DuckdbOptions) {
    this.#options = options;
  }

  open(): Promise<DuckdbSession> {
    const { signal, memoryLimit, threads } = this.#options;
    this.#session ??= openDuckdb({ signal, memoryLimit, threads });
    return this.#session;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const session = await this.#session?.catch(() => undefined);
    await session?.close();
  }
}
