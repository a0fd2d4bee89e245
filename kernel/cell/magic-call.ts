/** What the rest of a `%%` cell is; `kernel/magics/magic.ts` explains each. */
export type BodyKind = "none" | "session" | "function" | "text";

/** What the splitter must know of a magic. */
interface MagicShape {
  readonly forms: readonly ("%" | "%%")[];
  readonly body: BodyKind;
  readonly raw?: boolean | undefined;
}

export type MagicTable = ReadonlyMap<string, MagicShape>;

/** A piece of a word: text, or a `${…}` expression by its index among the call's expressions. */
export type WordPart = { readonly text: string } | { readonly expression: number };

export interface MagicWord {
  readonly parts: readonly WordPart[];
  /** Where it stands in the magic's line. */
  readonly start: number;
  readonly end: number;
  readonly quoted: boolean;
}

export interface MagicExpression {
  readonly code: string;
  /** Offset in the cell. */
  readonly start: number;
}

export interface MagicCall {
  readonly name: string;
  /** `!` is a shell command, `?` asks for help on `name`. */
  readonly sign: "%" | "%%" | "!" | "?";
  /** The line as typed, without its line break. */
  readonly line: string;
  /** Offset of the line in the cell. */
  readonly start: number;
  readonly words: readonly MagicWord[];
  readonly expressions: readonly MagicExpression[];
  /** What stands after the name, as typed. */
  readonly rest: string;
  /** Whether a magic of that name exists and takes that sign. */
  readonly known: boolean;
  /** For `%%`: the text below it, as typed. */
  readonly bodyText?: string | undefined;
}
