/** What this process runs in a session, for whoever wants it stopped. */
export interface RunningOperation {
  readonly id: string;
  readonly tags: readonly string[];
  interrupt(): Promise<boolean>;
}

export type InterruptTarget = { readonly tag: string } | { readonly operationId: string } | "all";

export class RunningOperations {
  readonly #operations = new Set<RunningOperation>();

  add(operation: RunningOperation): void {
    this.#operations.add(operation);
  }

  delete(operation: RunningOperation): void {
    this.#operations.delete(operation);
  }

  /** Interrupts those that are meant, each when its tasks are at work, and gives the ids of those that ran. */
  async interrupt(which: InterruptTarget): Promise<string[]> {
    const meant = [...this.#operations].filter((operation) => isMeant(operation, which));
    const stopped = await Promise.all(meant.map((operation) => operation.interrupt()));
    return meant.filter((_, i) => stopped[i]).map(({ id }) => id);
  }
}

/** The server's words for a target. */
export function interruptRequest(which: InterruptTarget) {
  if (which === "all") return { interruptType: 1 };
  if ("tag" in which) return { interruptType: 2, interrupt: { case: "operationTag" as const, value: which.tag } };
  return { interruptType: 3, interrupt: { case: "operationId" as const, value: which.operationId } };
}

function isMeant({ id, tags }: RunningOperation, which: InterruptTarget): boolean {
  if (which === "all") return true;
  return "tag" in which ? tags.includes(which.tag) : id === which.operationId;
}
