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

declare global {
  /** Shows a value as a rich output of this cell, at once. */
  function display(value: unknown, options?: DisplayOptions): DisplayHandle;

  /** Removes the outputs of this cell; with \`true\` only when the next output comes. */
  function clearOutput(wait?: boolean): void;

  /** Asks the person at the notebook for a line of text. */
  function input(prompt?: string, options?: { readonly password?: boolean | undefined }): Promise<string>;

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
