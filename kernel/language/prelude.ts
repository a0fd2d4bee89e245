import { FREE, quoted } from "./virtual-text.ts";

/** Types of what a cell has without an import. A name that the library lacks goes unchecked, never a report in the cell. */
export const PRELUDE = `
import type * as outgrow from ${quoted("outgrow")};

/** An output that can be replaced later. */
interface DisplayHandle {
  readonly display_id: string;
  /** Replaces what is shown. */
  update(value: unknown): void;
}

interface DisplayOptions {
  /** Outputs with the same id are one output: \`update\` replaces them. */
  readonly display_id?: string | undefined;
  /** Replace the output with this \`display_id\` instead of adding one. */
  readonly update?: boolean | undefined;
  /** \`value\` is a MIME bundle already. */
  readonly raw?: boolean | undefined;
}

/** What came over a comm: data that JSON can hold, and bytes beside it. */
interface CommMessage {
  readonly data: Readonly<Record<string, ${FREE}>>;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly buffers: readonly Uint8Array[];
}

interface CommExtras {
  readonly metadata?: Readonly<Record<string, unknown>> | undefined;
  readonly buffers?: readonly (ArrayBufferView | ArrayBuffer)[] | undefined;
}

/** A line to a piece of code in the front end that answers to the same target. */
interface Comm {
  readonly id: string;
  readonly target: string;
  readonly isOpen: boolean;
  send(data: object, extras?: CommExtras): void;
  /** Gives the way to stop listening. */
  onMessage(listener: (message: CommMessage) => unknown): () => void;
  onClose(listener: (message: CommMessage) => unknown): () => void;
  close(data?: object): void;
}

/** A model here with its views in the front end. */
interface Widget<State extends object> {
  readonly id: string;
  /** Read and set as a plain object: what is set changes in the front end; to change what is inside of a value, set the value. */
  readonly state: State;
  /** Calls with each value that the front end sets; gives the way to stop. */
  on<Name extends keyof State & string>(name: Name, listener: (value: State[Name]) => unknown): () => void;
  /** To \`model.on("msg:custom", …)\` in the front end. */
  send(content: unknown, buffers?: readonly (ArrayBufferView | ArrayBuffer)[]): void;
  /** What the front end sends with \`model.send(…)\`. */
  onMessage(listener: (content: ${FREE}, buffers: readonly Uint8Array[]) => unknown): () => void;
  /** Ends the model and its views. */
  close(): void;
}

interface WidgetOptions<State extends object> {
  /** Source of an ES module, as anywidget wants it: \`export default { render({ model, el }) { … } }\`. */
  readonly esm: string;
  readonly css?: string | undefined;
  /** What both sides share: JSON and bytes. */
  readonly state?: State | undefined;
}

declare global {
  /** Shows a value as a rich output of this cell, at once. */
  function display(value: unknown, options?: DisplayOptions): DisplayHandle;

  /** Removes the outputs of this cell; with \`true\` only when the next output comes. */
  function clearOutput(wait?: boolean): void;

  /** Asks the person at the notebook for a line of text. */
  function input(prompt?: string, options?: { readonly password?: boolean | undefined }): Promise<string>;

  /** Asks and waits, as in a browser: nothing else of this notebook runs meanwhile. \`await input()\` lets it run. */
  function prompt(message?: string, fallback?: string): string | null;

  /** Asks for yes or no and waits, as in a browser. */
  function confirm(message?: string): boolean;

  /** An interactive output: a module for the front end, and a state that both sides share. Show it as any value. */
  function widget<State extends object = {}>(options: WidgetOptions<State>): Widget<State>;

  /** Lines to code in the front end, for those who write both ends. */
  var comms: {
    open(target: string, data?: object, extras?: CommExtras): Comm;
    /** Lets front ends open comms to \`target\`; gives the way to take it back. */
    offer(target: string, onOpen: (comm: Comm, message: CommMessage) => unknown): () => void;
  };

  /** Memory and shape of a data file or a frame, before it is loaded: types, nulls, ranges, sizes, a verdict. Same as \`%profile\`. */
  var profile: typeof outgrow.profile;

  /** Works through data larger than memory piece by piece. Same as \`%chunked\`. */
  var chunked: typeof outgrow.chunked;

  /** Settings for Spark from the data's real profile, each with its formula. Same as \`%spark-config\`. */
  var sparkConfig: typeof outgrow.sparkConfig;

  /** The active session on Spark, or one that finds or starts Spark with its first query. Same server as \`%%spark\`. */
  var spark: outgrow.SparkSession;

  /** Functions of columns: \`F.sum("amount")\`. */
  var F: typeof outgrow.F;

  /** Windows of rows: \`Window.partitionBy("user_id").orderBy("at")\`. */
  var Window: typeof outgrow.Window;

  /** The value of the last cell that had one. */
  var _: ${FREE};
  /** The value before it. */
  var __: ${FREE};
  /** The value before that. */
  var ___: ${FREE};
}

export {};
`;

/** What a notebook written for tslab finds under `import * as tslab from "tslab"`. */
export const TSLAB = `
export interface Display {
  javascript(s: string): void;
  html(s: string): void;
  json(value: unknown): void;
  markdown(s: string): void;
  latex(s: string): void;
  svg(s: string): void;
  png(b: Uint8Array): void;
  jpeg(b: Uint8Array): void;
  gif(b: Uint8Array): void;
  pdf(b: Uint8Array): void;
  text(s: string): void;
  raw(contentType: string, b: string | Uint8Array): void;
}
/** A display whose outputs replace one another. */
export declare function newDisplay(): Display;
/** Rich output of this cell. */
export declare const display: Display;
export declare const versions: { readonly tslab: string; readonly typescript: string; readonly node: string };
`;
