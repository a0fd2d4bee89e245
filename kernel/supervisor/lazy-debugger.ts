import type { Debugger } from "../debug/debugger.ts";
import type { Header, Json, JupyterMessage } from "../wire/message.ts";
import type { InspectorPipe } from "./inspector-pipe.ts";

interface LazyDebuggerOptions {
  readonly inspector: InspectorPipe;
  event(event: Json, parent: Header | Json): void;
  /** What stands for the cell that runs, or stands; undefined between cells. */
  activeCell(): object | undefined;
  /** The code that stood goes on. */
  onGone(): void;
}

/** The debugger, loaded by whoever debugs first. */
export class LazyDebugger {
  readonly #options: LazyDebuggerOptions;
  #loading: Promise<Debugger> | undefined;
  /** Events are children of what was asked last. */
  #parent: Header | Json = {};
  #isStanding = false;

  constructor(options: LazyDebuggerOptions) {
    this.#options = options;
  }

  get isStanding(): boolean {
    return this.#isStanding;
  }

  async answer({ header, content }: JupyterMessage): Promise<Json> {
    this.#parent = header;
    this.#loading ??= this.#load();
    return (await this.#loading).answer(content);
  }

  async #load(): Promise<Debugger> {
    const { inspector, event, activeCell, onGone } = this.#options;
    const loaded = await import("../debug/debugger.ts");
    const made = new loaded.Debugger(inspector, {
      event: (told) => event(told, this.#parent),
      activeCell,
      onStanding: (isStanding) => {
        this.#isStanding = isStanding;
        if (!isStanding) onGone();
      },
    });
    inspector.listener = made.control;
    return made;
  }
}
