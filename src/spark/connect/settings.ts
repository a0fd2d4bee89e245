import type { KeyValue } from "#spark-proto/base";
import type { Connection } from "./connection.ts";
import type { ConfigInit, ConfigResult } from "./messages.ts";

/** The settings of a session on its server. */
export class SessionSettings {
  readonly #connection: () => Promise<Connection>;

  constructor(connection: () => Promise<Connection>) {
    this.#connection = connection;
  }

  /** Sets some and gives the server's warnings. */
  async set(pairs: Readonly<Record<string, string>>): Promise<readonly string[]> {
    const value = { pairs: Object.entries(pairs).map(([key, text]) => ({ key, value: text })) };
    return (await this.#ask({ case: "set", value })).warnings;
  }

  /** The values in effect; undefined for a setting without a value. */
  async get(keys: readonly string[]): Promise<ReadonlyMap<string, string | undefined>> {
    return mapOf((await this.#ask({ case: "getOption", value: { keys: [...keys] } })).pairs);
  }

  /** All that somebody has set. */
  async all(prefix?: string): Promise<ReadonlyMap<string, string | undefined>> {
    const value = prefix === undefined ? {} : { prefix };
    return mapOf((await this.#ask({ case: "getAll", value })).pairs);
  }

  async unset(keys: readonly string[]): Promise<void> {
    await this.#ask({ case: "unset", value: { keys: [...keys] } });
  }

  /** Which of them a session may change; false too for names that Spark does not know. */
  async areModifiable(keys: readonly string[]): Promise<ReadonlyMap<string, boolean>> {
    const { pairs } = await this.#ask({ case: "isModifiable", value: { keys: [...keys] } });
    return new Map(pairs.map(({ key, value }) => [key, value === "true"]));
  }

  async #ask(opType: ConfigInit): Promise<ConfigResult> {
    return (await this.#connection()).config(opType);
  }
}

function mapOf(pairs: readonly KeyValue[]): ReadonlyMap<string, string | undefined> {
  return new Map(pairs.map(({ key, value }) => [key, value]));
}
