import { createHash } from "node:crypto";
import { UsageError } from "../../src/errors.ts";
import { MIME } from "../../src/render/mime.ts";
import type { MimeBundle } from "../link/messages.ts";
import { type Comm, type CommExtras, type CommMessage, comms } from "./comms.ts";
import { currentRun } from "./current.ts";
import { Listeners } from "./listeners.ts";
import { forgetModel, keepModel } from "./widget-models.ts";
import { pack, unpack } from "./widget-state.ts";

const TARGET = "jupyter.widget";
/** Of the protocol between a model and the front end's widget manager. */
const PROTOCOL = { metadata: { version: "2.1.0" } };
/** The front end's half is that of Python's anywidget; whichever version is installed will do. */
const MODEL = {
  _model_module: "anywidget",
  _model_name: "AnyModel",
  _model_module_version: "*",
  _view_module: "anywidget",
  _view_name: "AnyView",
  _view_module_version: "*",
  _view_count: null,
} as const;
/** Changes within this are sent together: nobody sees more. */
const TOGETHER_MS = 16;

export interface WidgetOptions<State extends object> {
  /** Source of an ES module: `export default { render({ model, el }) { … } }`. */
  readonly esm: string;
  readonly css?: string | undefined;
  /** What both sides share: JSON and bytes. */
  readonly state?: State | undefined;
}

/** Makes a widget, which is shown as any value is. */
export function widget<State extends object>(options: WidgetOptions<State>): Widget<State> {
  if (typeof options?.esm !== "string")
    throw new UsageError("E_NO_ESM", "widget() was given no module for the front end", {
      hint: "widget({ esm: 'export default { render({ model, el }) { … } }', state: { … } })",
    });
  return new Widget(options);
}

/** A model here with its views in the front end. What is set in `state` changes there; what changes there is told to listeners. */
export class Widget<State extends object> {
  readonly #values: Record<string, unknown>;
  readonly #comm: Comm;
  readonly #onChange = new Map<string, Listeners<[unknown]>>();
  readonly #onMessage = new Listeners<[unknown, readonly Uint8Array[]]>();
  readonly #changed = new Set<string>();
  #changedAt = 0;
  #timer: NodeJS.Timeout | undefined;
  /** Read and set as a plain object; to change what is inside of a value, set the value. */
  readonly state: State;

  constructor({ esm, css, state }: WidgetOptions<State>) {
    this.#values = { ...state, ...MODEL, _esm: esm, ...styleOf(css) };
    this.state = new Proxy(this.#values, {
      set: (_, name, value) => this.#set(String(name), value),
    }) as State;
    const { state: json, paths, buffers } = pack(this.#values);
    this.#comm = comms.open(TARGET, { state: json, buffer_paths: paths }, { ...PROTOCOL, buffers });
    keepModel(this.id, this);
    this.#comm.onMessage((message) => this.#receive(message));
    this.#comm.onClose(() => this.#forget());
  }

  get id(): string {
    return this.#comm.id;
  }

  /** Calls with each value that the front end sets; gives the way to stop. */
  on<Name extends keyof State & string>(name: Name, listener: (value: State[Name]) => unknown): () => void {
    const listeners = this.#onChange.get(name) ?? new Listeners<[unknown]>();
    this.#onChange.set(name, listeners);
    return listeners.add((value) => listener(value as State[Name]));
  }

  /** To `model.on("msg:custom", ...)` in the front end. */
  send(content: unknown, buffers: NonNullable<CommExtras["buffers"]> = []): void {
    this.#flush();
    this.#comm.send({ method: "custom", content }, { buffers });
  }

  /** What the front end sends with `model.send(...)`. */
  onMessage(listener: (content: unknown, buffers: readonly Uint8Array[]) => unknown): () => void {
    return this.#onMessage.add(listener);
  }

  /** Ends the model and its views. */
  close(): void {
    this.#forget();
    this.#comm.close();
  }

  /** All of it, for a front end that opens the notebook again. */
  values(): Readonly<Record<string, unknown>> {
    return this.#values;
  }

  [Symbol.for("Jupyter.display")](): MimeBundle {
    this.#flush();
    return {
      [MIME.widget]: { version_major: 2, version_minor: 1, model_id: this.id },
      [MIME.text]: `a widget with ${this.#names().join(", ") || "no state"}`,
    };
  }

  #names(): readonly string[] {
    return Object.keys(this.#values).filter((name) => !name.startsWith("_"));
  }

  #set(name: string, value: unknown): boolean {
    this.#values[name] = value;
    if (this.#changed.size === 0) {
      this.#changedAt = performance.now();
      this.#timer = setTimeout(this.#flush, TOGETHER_MS);
      currentRun()?.atEnd(this.#flush);
    }
    this.#changed.add(name);
    // A loop that never yields still shows what it sets.
    if (performance.now() - this.#changedAt >= TOGETHER_MS) this.#flush();
    return true;
  }

  readonly #flush = (): void => {
    clearTimeout(this.#timer);
    if (this.#changed.size === 0) return;
    const changes = Object.fromEntries([...this.#changed].map((name) => [name, this.#values[name]]));
    this.#changed.clear();
    this.#update("update", changes);
  };

  #update(method: "update" | "echo_update", values: Readonly<Record<string, unknown>>): void {
    const { state, paths, buffers } = pack(values);
    this.#comm.send({ method, state, buffer_paths: paths }, { buffers });
  }

  #receive({ data, buffers }: CommMessage): void {
    if (data.method === "update") this.#take(unpack(data.state, data.buffer_paths, buffers));
    else if (data.method === "request_state") this.#update("update", this.#values);
    else if (data.method === "custom") this.#onMessage.call(data.content, buffers);
  }

  /** The echo keeps other views of the notebook in step. */
  #take(state: Readonly<Record<string, unknown>>): void {
    const changes = Object.entries(state).filter(([name]) => !name.startsWith("_"));
    for (const [name, value] of changes) {
      this.#values[name] = value;
      this.#changed.delete(name);
    }
    this.#update("echo_update", Object.fromEntries(changes));
    for (const [name, value] of changes) this.#onChange.get(name)?.call(value);
  }

  #forget(): void {
    clearTimeout(this.#timer);
    forgetModel(this.id);
  }
}

/** The front end keeps one style for each id, and none without. */
function styleOf(css: string | undefined): Readonly<Record<string, unknown>> {
  if (css === undefined) return {};
  return { _css: css, _anywidget_id: `outgrow-${createHash("sha256").update(css).digest("hex").slice(0, 16)}` };
}
