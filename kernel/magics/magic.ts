import type { Span } from "../../src/errors.ts";
import type { Document } from "../../src/frame/preview.ts";
import type { ProgressBar } from "../display/progress.ts";
import type { EarlierCell, HistoryQuestion, MimeBundle } from "../link/messages.ts";

/** An option as data: the parser, the types, help, completion and the README are all read from it. */
export interface OptionDefinition {
  /** One letter; the long name, kebab-case without the dashes, is the key in `options`. */
  readonly short?: string | undefined;
  readonly kind: OptionKind;
  readonly choices?: readonly string[] | undefined;
  /** A `list` that may be given several times, as commands of others have it; the items of all are one list. */
  readonly repeats?: boolean | undefined;
  /** Smallest and largest value of a `count` or `bytes`. */
  readonly min?: number | undefined;
  readonly max?: number | undefined;
  /** What completion offers as the value. */
  readonly complete?: "columns" | "condition" | "variable" | "file" | undefined;
  readonly default?: string | number | boolean | undefined;
  /** Shown after the option in help: `NAME`, `N`, `col:fn,…`. */
  readonly value?: string | undefined;
  /** What giving it does; of a flag that is on by default, what `--no-x` does. */
  readonly summary: string;
}

/** What each kind of option becomes. */
export interface OptionValueByKind {
  flag: boolean;
  text: string;
  /** `5`, `50_000`, `50k`. */
  count: number;
  /** `64MiB`, `8g`. */
  bytes: number;
  /** Rows, or bytes when typed with a unit. */
  size: Size;
  /** `a,b,"c, d"`. */
  list: readonly string[];
  /** `a:int32,"b c":category`, by column. */
  types: Readonly<Record<string, string>>;
  /** `%d.%m.%Y`, or `paid:%d.%m.%y,at:"%b %d, %Y"` by column. */
  formats: string | Readonly<Record<string, string>>;
  /** `amount:sum,total=amount:sum`: checked, and left as the text that the library reads. */
  aggregates: string;
  choice: string;
  /** A name that a variable may have. */
  name: string;
  /** A word, or whatever `${…}` gives: a function, a list. */
  value: unknown;
}

export type OptionKind = keyof OptionValueByKind;

export type Size = { readonly rows: number } | { readonly bytes: number };

/** The values of a magic's own options, by its option table. */
export type OptionValues<Options extends Readonly<Record<string, OptionDefinition>>> = {
  readonly [Name in keyof Options]?: OptionValueByKind[Options[Name]["kind"]] | undefined;
};

/** The value of an argument that `complete: "source"` marks; `kernel/magics/source.ts` turns it into data. */
export type SourceWord =
  | { readonly kind: "path"; readonly path: string }
  | { readonly kind: "variable"; readonly name: string; readonly at: Span }
  /** Bound by `${…}`. */
  | { readonly kind: "value"; readonly value: unknown; readonly at: Span };

export interface ArgumentDefinition {
  readonly name: string;
  readonly required: boolean;
  /** Takes all remaining words. */
  readonly rest?: boolean | undefined;
  /** What completion offers: files and frames for a source, names of variables or of the environment's, or nothing. */
  readonly complete?: "source" | "variable" | "environment" | "magic" | "file" | undefined;
  readonly choices?: readonly string[] | undefined;
  readonly summary: string;
}

/** What the rest of a `%%` cell is. */
export type BodyKind =
  /** no body: a line magic */
  | "none"
  /** TypeScript in the session, as without the magic; `run` decides when it runs (`%%time`) */
  | "session"
  /** the body of an async function whose parameters come from the options (`%%chunked`) */
  | "function"
  /** text that is not TypeScript (`%%sql`, `%%spark-config`, `%%sh`) */
  | "text";

/** The value that an option or argument has after parsing; bound `${…}` expressions keep their type. */
export type Word = unknown;

export interface MagicInvocation {
  /** By argument name; a `rest` argument is an array. */
  readonly args: Readonly<Record<string, Word>>;
  /** By long name; absent when not given and without default. */
  readonly options: Readonly<Record<string, Word>>;
  /** True when typed with `%%`. */
  readonly isCell: boolean;
  /** The line as typed, for carets. */
  readonly line: string;
  /** `session`: runs the body once, gives its value. `function`: called with one value for each parameter. */
  readonly body?: ((...parameters: readonly unknown[]) => Promise<unknown>) | undefined;
  /** Of a "session" body that `marksStatements`: its top-level statements, and who is told when one begins, by its index. */
  readonly statements?:
    | {
        readonly all: readonly { readonly line: number; readonly text: string }[];
        onBegin(listener: (index: number) => void): void;
      }
    | undefined;
  /** The body's text as typed. */
  readonly bodyText?: string | undefined;
  /** The line of the cell, from 1, with which the body begins. */
  readonly bodyLine?: number | undefined;
  /** What the `${…}` of a body that is text gave, in order. */
  readonly bodyValues?: readonly unknown[] | undefined;
}

/** Everything a magic may do; the executor implements it, tests use a plain object. */
export interface MagicContext {
  /** The notebook's folder. */
  readonly cwd: string;
  /** Aborted by Stop. */
  readonly signal: AbortSignal;
  /** One display_data; with `update` it replaces what was shown under the same id. */
  display(data: MimeBundle, options?: { readonly displayId?: string; readonly update?: boolean }): void;
  /** Renders and displays a report; the same options. */
  show(document: Document, options?: { readonly displayId?: string; readonly update?: boolean }): void;
  /** Plain text to stdout of the cell. */
  print(text: string): void;
  /** The bar of `kernel/display/progress.ts`: appears after 500 ms, ends as one quiet line when `end` is called. */
  progress(): ProgressBar;
  /** Only where shown output cannot be replaced, as in a terminal: one line that the next one overwrites. */
  status?(line: string): void;
  /** Help and long text for the pager. */
  page(data: MimeBundle): void;
  /** What was run before, oldest first. */
  history(question: HistoryQuestion): Promise<readonly EarlierCell[]>;
  /** Puts a text into the cell in place of what it holds; it is not run. */
  replaceCell(text: string): void;
  readonly variables: {
    has(name: string): boolean;
    get(name: string): unknown;
    set(name: string, value: unknown): void;
    /** In order of declaration. */
    names(): readonly string[];
    remove(name: string): void;
  };
  readonly memory: MemoryLimits;
  setTypecheck(mode: "off" | "warn" | "strict"): void;
}

/** Bytes above which a cell is stopped. */
export interface MemoryLimits {
  /** Of the whole process, and whose limit that is. */
  readonly process: { readonly bytes: number; readonly from: "set" | "container" | "machine" };
  /** Of the JavaScript heap. */
  readonly heap: number;
  /** Undefined: what the container or the machine allows. */
  set(bytes: number | undefined): void;
}

export interface MagicDefinition {
  /** Kebab-case, without percent signs. */
  readonly name: string;
  /** Which signs it may be typed with. */
  readonly forms: readonly ("%" | "%%")[];
  readonly summary: string;
  readonly args: readonly ArgumentDefinition[];
  readonly options: Readonly<Record<string, OptionDefinition>>;
  /** Lines that a person could type. */
  readonly examples: readonly string[];
  /** How help writes it where it is no magic: `outgrow profile`. */
  readonly typedAs?: string | undefined;
  /** The exported function of `outgrow` that it stands for, undefined for kernel-only magics. */
  readonly standsFor?: string | undefined;
  /** What the body of `%%name` is; "none" for line-only magics. */
  readonly body: BodyKind;
  /**
   * What stands after the name is one text, not split into words. With a "session" body the line form `%time f(x)` takes that text
   * as its body; otherwise it is the first argument.
   */
  readonly raw?: boolean | undefined;
  /** The `${…}` of a body that is text: code and where it begins. */
  bodyExpressions?(body: string): readonly { readonly code: string; readonly start: number }[];
  /** Parameter names of a "function" body. */
  parameters?(options: Readonly<Record<string, Word>>): readonly string[];
  /** Whether it wants to know when each statement of a "session" body begins. */
  marksStatements?(options: Readonly<Record<string, Word>>): boolean;
  /** Its value becomes `_` and is not shown again. */
  run(invocation: MagicInvocation, context: MagicContext): Promise<unknown>;
}
