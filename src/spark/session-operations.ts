import { tagText } from "./check.ts";
import type { SparkClient } from "./connect/client.ts";

/** What runs in a session: named by tags, and stopped. A query of this process is interrupted when its tasks are at work. */
export class SessionOperations {
  readonly #client: SparkClient;

  constructor(client: SparkClient) {
    this.#client = client;
  }

  /** Tags every operation of this session from now on, so that they can be stopped together. */
  addTag(tag: string): void {
    this.#client.tags.add(tagText(tag));
  }

  removeTag(tag: string): void {
    this.#client.tags.delete(tagText(tag));
  }

  getTags(): ReadonlySet<string> {
    return new Set(this.#client.tags);
  }

  clearTags(): void {
    this.#client.tags.clear();
  }

  /** Stops one operation. */
  interruptOperation(operationId: string): Promise<readonly string[]> {
    return this.#client.interrupt({ operationId });
  }

  /** Stops all operations that carry a tag, and gives their ids. */
  interruptTag(tag: string): Promise<readonly string[]> {
    return this.#client.interrupt({ tag });
  }

  /** Stops all operations of this session. */
  interruptAll(): Promise<readonly string[]> {
    return this.#client.interrupt("all");
  }
}
