import { setTimeout as sleep } from "node:timers/promises";
import type { DeskClient } from "./desk-client.ts";
import type { Inspector } from "./inspector.ts";

const AGAIN_MS = 50;

/** A person's wish that a cell stand wherever it is: it holds until the cell stands or has ended. */
export class PauseWish {
  readonly #inspector: Inspector;
  readonly #desk: DeskClient;
  readonly #activeCell: () => object | undefined;
  #cell: object | undefined;

  constructor(inspector: Inspector, desk: DeskClient, activeCell: () => object | undefined) {
    this.#inspector = inspector;
    this.#desk = desk;
    this.#activeCell = activeCell;
  }

  get isOpen(): boolean {
    if (this.#cell !== this.#activeCell()) this.#cell = undefined;
    return this.#cell !== undefined;
  }

  /** Nothing to be done where no cell runs. */
  make(): void {
    if (this.isOpen) return;
    this.#cell = this.#activeCell();
    void this.#insist();
  }

  drop(): void {
    this.#cell = undefined;
  }

  /** V8 forgets the wish in code that nobody debugs, and takes none while it stands. */
  async #insist(): Promise<void> {
    while (this.isOpen) {
      if (!this.#desk.isStanding) await this.#inspector.command("Debugger.pause").catch(() => undefined);
      await sleep(AGAIN_MS);
    }
  }
}
