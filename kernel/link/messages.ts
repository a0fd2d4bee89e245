/** What supervisor and executor say to each other over the fork channel (structured clone). Pure types, no imports of either side. */

export type MimeBundle = Readonly<Record<string, unknown>>;

/** `name`, `message` and ready-made lines; ANSI colours in `traceback` only. */
export interface CellFailure {
  readonly ename: string;
  readonly evalue: string;
  readonly traceback: readonly string[];
}

export type UserExpressionResult =
  | { readonly status: "ok"; readonly data: MimeBundle; readonly metadata: MimeBundle }
  | ({ readonly status: "error" } & CellFailure);

/** One step in the life of a comm, with the bytes that go beside its JSON. */
export interface CommEvent {
  readonly kind: "open" | "msg" | "close";
  readonly id: string;
  /** Of an `open`. */
  readonly target?: string | undefined;
  readonly data: MimeBundle;
  readonly metadata: MimeBundle;
  readonly buffers: readonly Uint8Array[];
}

/** The sequence of the front end's message in whose handling this was sent. */
interface Answers {
  readonly answers?: number | undefined;
}

/** What was run before, in this session or an earlier one. */
export interface EarlierCell {
  readonly session: number;
  readonly line: number;
  readonly input: string;
}

/** Which of it: the last `n`, of those that match a glob where one is given. */
export interface HistoryQuestion {
  readonly n: number;
  readonly pattern?: string | undefined;
}

/** What only the supervisor can answer. */
export type SupervisorQuestion =
  | ({ readonly about: "history" } & HistoryQuestion)
  /** Signature and documentation of what stands at the end of the code. */
  | { readonly about: "inspection"; readonly code: string };

/** Supervisor to executor. */
export type ToExecutor =
  | {
      readonly type: "run";
      /** Unique in the life of the supervisor, never reused; it is not the execution count. */
      readonly cell: number;
      readonly code: string;
      /** The number shown in `cell-N.ts` and in `In [N]`. */
      readonly executionCount: number;
      readonly silent: boolean;
      readonly userExpressions: Readonly<Record<string, string>>;
      readonly allowStdin: boolean;
    }
  /** Also sent when the cell has not started yet: it must then never start. */
  | { readonly type: "interrupt"; readonly cell: number }
  | { readonly type: "input-reply"; readonly cell: number; readonly value: string }
  | { readonly type: "answer"; readonly cell: number; readonly answer: unknown }
  /** From the front end; answered by `comm-handled` with the same sequence. */
  | ({ readonly type: "comm"; readonly sequence: number } & CommEvent)
  | { readonly type: "shutdown" };

/** Executor to supervisor. */
export type ToSupervisor =
  | { readonly type: "ready"; readonly pid: number }
  | { readonly type: "output"; readonly cell: number; readonly stream: "stdout" | "stderr"; readonly text: string }
  | {
      readonly type: "display";
      readonly cell: number;
      readonly data: MimeBundle;
      readonly metadata: MimeBundle;
      readonly displayId?: string | undefined;
      /** Replace the outputs that carry `displayId` instead of adding one. */
      readonly update: boolean;
    }
  | { readonly type: "clear"; readonly cell: number; readonly wait: boolean }
  /** A failure outside the life of its cell (a timer, a rejection): an `error` output, no reply. */
  | { readonly type: "stray-error"; readonly cell: number; readonly failure: CellFailure }
  | { readonly type: "input-request"; readonly cell: number; readonly prompt: string; readonly password: boolean }
  | { readonly type: "question"; readonly cell: number; readonly question: SupervisorQuestion }
  /** A payload of the reply: a page for the pager, a text for the cell. */
  | { readonly type: "payload"; readonly cell: number; readonly payload: MimeBundle }
  | { readonly type: "typecheck"; readonly mode: "off" | "warn" | "strict" }
  /** For the process after this one, should it die; undefined: as at the start. */
  | { readonly type: "memory-limit"; readonly bytes: number | undefined }
  /** It ends sessions on servers before it ends itself, and needs a moment more. */
  | { readonly type: "leaving" }
  | ({ readonly type: "comm"; readonly cell: number } & CommEvent & Answers)
  /** What listens to a message of a comm has been called. */
  | { readonly type: "comm-handled"; readonly sequence: number }
  /** The targets that a front end may open comms to. */
  | { readonly type: "comm-targets"; readonly names: readonly string[] }
  | {
      readonly type: "done";
      readonly cell: number;
      readonly result?: { readonly data: MimeBundle; readonly metadata: MimeBundle } | undefined;
      readonly failure?: CellFailure | undefined;
      readonly userExpressions: Readonly<Record<string, UserExpressionResult>>;
      /** Session names after the cell, where they changed: for completion, and for the list of what was lost when the executor dies. */
      readonly names?: readonly string[] | undefined;
      /** A type checker can find nothing in the cell. */
      readonly isSurelyTyped?: boolean | undefined;
    };

/** Supervisor to sentinel (the worker inside the executor), newline-delimited JSON on fd 3 of the executor. */
export type ToSentinel =
  /** For a cell that waits for it without turning its loop. */
  | { readonly type: "input-reply"; readonly cell: number; readonly value: string }
  | { readonly type: "interrupt"; readonly cell: number }
  /** A command for V8's inspector; answered by `inspector-answer`. */
  | { readonly type: "inspector"; readonly sequence: number; readonly method: string; readonly parameters: object }
  /** Whether scripts are announced before they run. */
  | { readonly type: "debugging"; readonly isOn: boolean }
  /** The announced script may run. */
  | { readonly type: "armed" }
  /** What the value under a name of the session, or below it, has. */
  | { readonly type: "members"; readonly sequence: number; readonly path: readonly string[] };

/** What a value has, for completion. */
export interface LiveMembers {
  readonly members: readonly { readonly name: string; readonly isFunction: boolean }[];
  /** Of a frame. */
  readonly columns: readonly string[];
}

/** What V8's inspector says. */
export type InspectorMessage =
  | {
      readonly type: "inspector-answer";
      readonly sequence: number;
      readonly result?: object | undefined;
      readonly error?: string | undefined;
    }
  | { readonly type: "inspector-event"; readonly method: string; readonly parameters: object };

/** Sentinel to supervisor, newline-delimited JSON on fd 4 of the executor. */
export type FromSentinel =
  | InspectorMessage
  /** A script is compiled and waits for `armed`. */
  | { readonly type: "script"; readonly name: string }
  /** No members: there is no such value, or nobody could look. */
  | { readonly type: "members"; readonly sequence: number; readonly members?: LiveMembers | null | undefined }
  | { readonly type: "memory"; readonly resident: number; readonly heap: number; readonly heapLimit: number }
  | { readonly type: "terminated"; readonly cell: number; readonly why: "interrupt" | "memory" };
