import { nameText, wrong } from "./check.ts";
import type { SparkClient } from "./connect/client.ts";

/** The settings of a session: `spark.conf`. */
export class RuntimeConfig {
  readonly #client: SparkClient;

  constructor(client: SparkClient) {
    this.#client = client;
  }

  /**
   * The value in effect.
   *
   * @throws {UsageError} E_SPARK_ARGUMENT for a setting without a value, where no other is given
   */
  async get(key: string, otherwise?: string | null): Promise<string | null> {
    const value = (await this.#client.settings.get([nameText(key, "the setting")])).get(key);
    if (value !== undefined) return value;
    if (otherwise !== undefined) return otherwise;
    throw wrong(`the setting ${key} has no value`, `give one for this case: conf.get("${key}", null)`);
  }

  /** Changes a setting of this session; what Spark warns of is printed. */
  async set(key: string, value: string | number | boolean | bigint): Promise<void> {
    if (!["string", "number", "boolean", "bigint"].includes(typeof value))
      throw wrong(
        `the value of ${key} is ${typeof value}`,
        "give text, a number or a boolean; unset(key) takes it away",
      );
    for (const warning of await this.#client.settings.set({ [nameText(key, "the setting")]: String(value) }))
      console.warn(warning);
  }

  /** Takes the session's value away: what is in effect then is Spark's own default, not what the server was started with. */
  async unset(key: string): Promise<void> {
    await this.#client.settings.unset([nameText(key, "the setting")]);
  }

  /** Whether a session may change a setting; false too for names that Spark does not know. */
  async isModifiable(key: string): Promise<boolean> {
    return (await this.#client.settings.areModifiable([nameText(key, "the setting")])).get(key) ?? false;
  }

  /** All settings that somebody has set, by name. */
  async getAll(prefix?: string): Promise<Record<string, string>> {
    const pairs = [...(await this.#client.settings.all(prefix))];
    return Object.fromEntries(pairs.map(([key, value]) => [key, value ?? ""]));
  }
}
