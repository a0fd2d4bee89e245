import { EngineError } from "../../src/errors.ts";
import type { Inspector, InspectorAnswer } from "../debug/inspector.ts";
import type { FromSentinel, ToSentinel } from "../link/messages.ts";

/** What the debugger hears of the process that runs the cells. */
export interface InspectorListener {
  event(method: string, parameters: object): void;
  announced(script: string): Promise<void>;
  started(): void;
  ended(): void;
}

interface Waiting {
  resolve(answer: InspectorAnswer): void;
  reject(error: EngineError): void;
}

/** V8's inspector of the executor, through the sentinel's pipes. */
export class InspectorPipe implements Inspector {
  listener: InspectorListener | undefined;
  #isDebugging = false;
  readonly #tell: (message: ToSentinel) => void;
  readonly #waiting = new Map<number, Waiting>();
  #sequence = 0;

  constructor(tell: (message: ToSentinel) => void) {
    this.#tell = tell;
  }

  command(method: string, parameters: object = {}): Promise<InspectorAnswer> {
    const sequence = ++this.#sequence;
    return new Promise((resolve, reject) => {
      this.#waiting.set(sequence, { resolve, reject });
      this.#tell({ type: "inspector", sequence, method, parameters });
    });
  }

  /** A process that starts now begins so: its first script might run before it was told. */
  get isDebugging(): boolean {
    return this.#isDebugging;
  }

  setDebugging(isOn: boolean): void {
    this.#isDebugging = isOn;
    this.#tell({ type: "debugging", isOn });
  }

  armed(): void {
    this.#tell({ type: "armed" });
  }

  receive(message: FromSentinel): void {
    if (message.type === "inspector-event") this.listener?.event(message.method, message.parameters);
    else if (message.type === "script") {
      if (this.listener) void this.listener.announced(message.name);
      else this.armed();
    } else if (message.type === "inspector-answer") {
      const { sequence, result, error } = message;
      const waiting = this.#waiting.get(sequence);
      this.#waiting.delete(sequence);
      if (error === undefined) waiting?.resolve(result ?? {});
      else waiting?.reject(new EngineError("E_INSPECTOR", error));
    }
  }

  started(): void {
    this.listener?.started();
  }

  /** The process is gone: nobody answers. */
  ended(): void {
    for (const { reject } of this.#waiting.values())
      reject(new EngineError("E_INSPECTOR", "the process that runs the cells has ended"));
    this.#waiting.clear();
    this.listener?.ended();
  }
}
