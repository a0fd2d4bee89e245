/** V8's inspector as the debugger uses it: its commands and the few shapes of them that are read. Lines and columns are from 0 here. */
export interface Inspector {
  /** @throws {EngineError} E_INSPECTOR when the command is refused or the thread is gone */
  command(method: string, parameters?: object): Promise<InspectorAnswer>;
  /** From now on scripts are announced before they run, or no longer. */
  setDebugging(isOn: boolean): void;
  /** Lets the announced script run. */
  armed(): void;
}

export interface InspectorAnswer {
  readonly result?: RemoteObject;
  readonly exceptionDetails?: { readonly text: string; readonly exception?: RemoteObject };
  readonly locations?: readonly Location[];
  readonly breakpointId?: string;
}

export interface RemoteObject {
  readonly objectId?: string;
  readonly value?: unknown;
  readonly description?: string;
}

export interface Location {
  readonly scriptId: string;
  readonly lineNumber: number;
  readonly columnNumber?: number;
  /** `call`, `return`; absent for statements. */
  readonly type?: string;
}

/** Of a place within its script. */
export function keyOf({ lineNumber, columnNumber = 0 }: Location): string {
  return `${lineNumber}:${columnNumber}`;
}

export interface CallFrame {
  readonly callFrameId: string;
  readonly functionName: string;
  readonly functionLocation?: Location;
  readonly location: Location;
  readonly this?: RemoteObject;
  readonly scopeChain: readonly { readonly type: string; readonly object: RemoteObject }[];
}

export interface Paused {
  readonly callFrames: readonly CallFrame[];
  readonly reason: string;
  readonly data?: { readonly description?: string; readonly uncaught?: boolean; readonly value?: unknown };
  readonly hitBreakpoints?: readonly string[];
}

export interface ScriptParsed {
  readonly scriptId: string;
  readonly url: string;
  readonly isModule?: boolean;
}
