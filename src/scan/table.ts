import type { SourceFile } from "../source/source.ts";

/** How the fields of a text lie in it. */
export interface Dialect {
  /** One ASCII character. */
  readonly separator: string;
  /** One ASCII character; undefined where nothing is quoted. */
  readonly quote: string | undefined;
  /** What makes a quote inside of a quoted field a letter; the quote itself (doubled) as a rule. */
  readonly escape: string | undefined;
  /** `cr` ends rows at lone carriage returns, `mixed` at these and at line feeds; a carriage return before a line feed belongs to it. */
  readonly newline: "lf" | "crlf" | "cr" | "mixed";
  readonly header: boolean;
  /** Lines of each file above the names, or above the first row. */
  readonly skip: number;
  readonly encoding: "utf-8" | "utf-16le" | "latin-1" | "windows-1252";
  readonly decimal: "." | ",";
  /** What sets thousands apart: one ASCII character, which stands for those that look like it, too. */
  readonly thousands?: string | undefined;
  /** Words of a missing value besides the empty field. */
  readonly nulls: readonly string[];
  /** What becomes of a row with too few or too many fields. */
  readonly ragged: "error" | "fill" | "skip";
}

/** What the values of a column are read as. */
export type Kind =
  /** Whole numbers of 64 bits; `range` is what a narrower declared type allows. */
  | { readonly kind: "int"; readonly range?: { readonly min: bigint; readonly max: bigint } | undefined }
  /** Whole numbers of 10^-scale, at most 18 digits; `precision` is how many a declared type allows. */
  | { readonly kind: "decimal"; readonly scale: number; readonly precision?: number | undefined }
  /**
   * `isNarrow` rounds each value to float32, as a declared float32 asks. `places` are decimal places where the first values are decimals: a sum that
   * lies beside a whole number of the last place by no more than rounding explains is that number.
   */
  | { readonly kind: "double"; readonly isNarrow?: boolean | undefined; readonly places?: number | undefined }
  | { readonly kind: "bool" }
  | { readonly kind: "date"; readonly format?: string | undefined }
  /** Microseconds since 1970 in UTC; `zoned` when the texts name their zone. */
  | { readonly kind: "timestamp"; readonly zoned: boolean; readonly format?: string | undefined }
  /** `isDigits`: whole numbers of more than 64 bits, which another engine may have a type for. */
  | { readonly kind: "text"; readonly isDigits?: boolean | undefined };

export interface ScanColumn {
  readonly name: string;
  readonly type: Kind;
  /** The type was declared and not sniffed: a value that does not fit is an error and widens nothing. */
  readonly isDeclared: boolean;
  /** Of moments that may be others, as 01/02/2024 may be in January and in February: what is to be said of it. */
  readonly doubt?: string | undefined;
}

/** A text source with all that is needed to read it. */
export interface ScanTable {
  readonly label: string;
  readonly format: "csv" | "json";
  readonly compression: "gzip" | undefined;
  readonly files: readonly SourceFile[];
  readonly dialect: Dialect;
  readonly columns: readonly ScanColumn[];
  /** Decimals that are found keep every digit in the result; else they are numbers there, as other tools have them. */
  readonly keepsDigits?: boolean | undefined;
  /** JSON Lines: keys that are no columns of it. */
  readonly others?: readonly OtherKey[] | undefined;
  /** JSON Lines: keys that are no columns are passed over; else the columns must be all that there are. */
  readonly isPart?: boolean | undefined;
}

/** A key of JSON Lines whose values the scanner does not read. */
export interface OtherKey {
  readonly name: string;
  readonly why: string;
}
