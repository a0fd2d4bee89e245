/** What the debugger asks of the thread on which cells run, by `Runtime.evaluate`, in the middle of whatever stands or runs there. */

/** A variable as the Debug Adapter Protocol has it. */
export interface DebugVariable {
  readonly name: string;
  readonly value: string;
  readonly type: string;
  /** Opens what is below; 0: nothing is. */
  readonly variablesReference: number;
}

/** Line and column, both from 1. */
export type Place = readonly [line: number, column: number];

/** A text that was compiled to a script. */
export interface ScriptSource {
  /** `cell-12.ts`; the parts of a cell with magics are scripts of their own. */
  readonly name: string;
  /** As typed. */
  readonly text: string;
}

/** Under the global symbol `DESK_KEY`. */
export interface DebugDesk {
  /** From places in a script that runs to places as typed. */
  places(script: string, places: readonly Place[]): readonly (Place | null)[];
  /** Of the cells' scripts, in the order of the question. */
  sources(scripts: readonly string[]): readonly (ScriptSource | null)[];
  /** A reference to the variables of the session. */
  session(): number;
  /** A reference to the user's variables of scopes, the innermost first, and to their `this`; 0 when there are none. */
  scope(scopes: readonly object[], self?: object): number;
  /** @returns null for a reference of before it went on */
  children(reference: number): readonly DebugVariable[] | null;
  /** JavaScript for an expression as typed where these scopes are around it; or what is wrong with it. */
  expression(typed: string, scopes: readonly object[]): { readonly code: string } | { readonly fault: string };
  slot(name: string): object;
  keep(value: unknown): DebugVariable;
  rich(value: unknown): { readonly data: object; readonly metadata: object };
  /** Of the session, also a new one. */
  assign(name: string, value: unknown): void;
  /** Sets what stands under a name below a reference; a text says why it cannot be. */
  put(reference: number, name: string, value: unknown): DebugVariable | string;
  /** The scopes that the inspector hands out are copies of before a local was set: the value that was kept last is written into them. */
  overwrite(name: string, scopes: readonly object[]): void;
  test(value: unknown): boolean;
  /** A text as it is, anything else in one line. */
  say(value: unknown): string;
  forget(): void;
}

export const DESK_KEY = "outgrow.debug";

/** Set for a process that is debugged from its first script on. */
export const DEBUGGING_VARIABLE = "OUTGROW_DEBUGGING";
