/** One magic of a stack with its bound expressions: index into the compiled cell's `magics`. */
export type MagicLink = readonly [index: number, expressions: readonly (() => Promise<unknown>)[]];

/** What compiled code calls; the executor implements it. */
export interface CellHost {
  /** A statement says where it stands: its call is made at the head of the cell. */
  import(
    specifier: string,
    options?: { readonly with?: Readonly<Record<string, string>> },
    line?: number,
    column?: number,
  ): Promise<unknown>;
  /**
   * A named import: the export, else a property of the default export (CommonJS), else undefined where it may be a type.
   *
   * @throws {CellSyntaxError} with the place of the name in the cell, where the file has no such export
   */
  pick(namespace: unknown, name: string, specifier: string, line: number, column: number): unknown;
  readonly importMeta: object;
  /** Runs a stack of magics, outermost first; a line magic is a stack of one. */
  magic(stack: readonly MagicLink[]): Promise<unknown>;
  /** Throws the TypeError of an assignment to a constant. */
  constAssign(name: string): { v: unknown };
  /** Gives what was awaited; in a cell that was stopped meanwhile it throws, so that an asynchronous loop ends with its cell. */
  alive(value?: unknown): unknown;
  /** Called before each top-level statement of a body whose statements are marked. */
  mark(statement: number): void;
  readonly babelHelpers: object;
}
