/** What the rest of a `%%` cell is; `kernel/magics/magic.ts` explains each. */
export type BodyKind = "none" | "session" | "function" | "text";

/** What the splitter must know of a magic. */
interface MagicShape {
  readonly forms: readonly ("%" | "%%")[];
  readonly body: BodyKind;
  readonly raw?: boolean | undefined;
  /** The `${…}` of a body that is text. */
  readonly bodyExpressions?: ((body: string) => readonly MagicExpression[]) | undefined;
}

export type MagicTable = ReadonlyMap<string, MagicShape>;

/** A magic by sign and name. A cell magic that is something else than the line magic of its name stands under `%%name`. */
export function findMagic<Magic>(table: ReadonlyMap<string, Magic>, sign: string, name: string): Magic | undefined {
  return table.get(`${sign}${name}`) ?? table.get(name);
}

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
  /** Those of the line, then those of the body. */
  readonly expressions: readonly MagicExpression[];
  /** How many of the expressions stand in the body. */
  readonly inBody?: number | undefined;
  /** What stands after the name, as typed. */
  readonly rest: string;
  /** Whether a magic of that name exists and takes that sign. */
  readonly known: boolean;
  /** For `%%`: the text below it, as typed. */
  readonly bodyText?: string | undefined;
  /** For `%%`: the line of the cell, from 1, with which that text begins. */
  readonly bodyLine?: number | undefined;
}
