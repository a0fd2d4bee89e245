import type { Json, JupyterMessage } from "../wire/message.ts";

interface Desk {
  /** The request whose cell may ask. */
  active(): JupyterMessage | undefined;
  ask(request: JupyterMessage, question: Json): void;
  answer(cell: number, value: string): void;
}

/** What a cell asks the person at the notebook, one question at a time. */
export class InputQuestions {
  readonly #desk: Desk;
  #asking: number | undefined;

  constructor(desk: Desk) {
    this.#desk = desk;
  }

  ask(cell: number, prompt: string, password: boolean): void {
    const request = this.#desk.active();
    if (!request) return;
    this.#asking = cell;
    this.#desk.ask(request, { prompt, password });
  }

  /** An answer that nobody waits for any more, as after Stop, is dropped, and so is one of somebody who was not asked. */
  answered({ identities, content: { value } }: JupyterMessage): void {
    const asked = this.#desk.active()?.identities ?? [];
    if (!Buffer.concat(asked).equals(Buffer.concat(identities))) return;
    const cell = this.#asking;
    this.#asking = undefined;
    if (cell !== undefined) this.#desk.answer(cell, typeof value === "string" ? value : "");
  }
}
