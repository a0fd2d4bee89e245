/** Types of what a cell has without an import. A name that the library lacks becomes `any`, never a report in the cell. */
export const PRELUDE = `
import type * as outgrow from "outgrow";

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
  const profile: typeof outgrow.profile;

  /** Works through data larger than memory piece by piece. Same as \`%chunked\`. */
  const chunked: typeof outgrow.chunked;

  /** Settings for Spark from the data's real profile, each with its formula. Same as \`%spark-config\`. */
  const sparkConfig: typeof outgrow.sparkConfig;

  /** The value of the last cell that had one. */
  var _: any;

  interface SymbolConstructor {
    for(key: "Jupyter.display"): unique symbol;
  }
}

export {};
`;
