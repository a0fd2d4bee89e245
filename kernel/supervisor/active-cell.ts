import { MIME } from "../../src/render/mime.ts";
import type { CellFailure, ToSupervisor, UserExpressionResult } from "../link/messages.ts";
import type { JupyterMessage } from "../wire/message.ts";
import type { Channel } from "../wire/sockets.ts";

export interface Waiting {
  readonly channel: Channel;
  readonly message: JupyterMessage;
}

/** The value of a cell. */
export type Shown = NonNullable<Extract<ToSupervisor, { readonly type: "done" }>["result"]>;

/** What the executor made of a cell. */
export interface Outcome {
  readonly failure?: CellFailure | undefined;
  readonly userExpressions: Readonly<Record<string, UserExpressionResult>>;
  readonly isSurelyTyped?: boolean | undefined;
}

/** The cell that is worked on, from its request to its idle. */
export class ActiveCell implements Waiting {
  readonly channel: Channel;
  readonly message: JupyterMessage;
  readonly id: number;
  /** What is shown as `In [N]`; a cell that is not stored bears the number that the next stored one will have. */
  readonly count: number;
  readonly payload: unknown[] = [];
  /** What history keeps of its value. */
  result: string | undefined;
  #shown: Shown | undefined;
  #settle: ((outcome: Outcome) => void) | undefined;
  #isStopped = false;
  #stop = (): void => undefined;
  readonly #stopped = new Promise<undefined>((resolve) => {
    this.#stop = () => resolve(undefined);
  });

  constructor({ channel, message }: Waiting, id: number, count: number) {
    this.channel = channel;
    this.message = message;
    this.id = id;
    this.count = count;
  }

  /** Editors name their cells, so that one that runs again replaces its old text for the type checker; elsewhere the same text is the same cell. */
  key(code: string): string {
    const { cellId } = this.message.metadata;
    return typeof cellId === "string" ? cellId : `text ${code}`;
  }

  /** While the executor has it. */
  get isRunning(): boolean {
    return this.#settle !== undefined;
  }

  get isStopped(): boolean {
    return this.#isStopped;
  }

  /** Begins it; resolves when it is settled. */
  run(begin: () => void): Promise<Outcome> {
    return new Promise((resolve) => {
      this.#settle = resolve;
      begin();
    });
  }

  settle(outcome: Outcome): void {
    const settle = this.#settle;
    this.#settle = undefined;
    settle?.(outcome);
  }

  set shown(shown: Shown | undefined) {
    this.#shown = shown;
    const text = shown?.data[MIME.text];
    this.result = typeof text === "string" ? text : undefined;
  }

  /** Its value, once. */
  takeShown(): Shown | undefined {
    const shown = this.#shown;
    this.#shown = undefined;
    return shown;
  }

  stop(): void {
    this.#isStopped = true;
    this.#stop();
  }

  /** What is waited for beside the run; Stop ends the wait. */
  untilStopped<T>(work: Promise<T>): Promise<T | undefined> {
    return Promise.race([work, this.#stopped]);
  }
}
