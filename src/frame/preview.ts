/** One cell of a preview, already formatted and not yet escaped. */
export interface PreviewCell {
  readonly text: string;
  /** `null` is a missing value, shown so that it differs from an empty text and from the word "null". */
  readonly kind: "value" | "null";
}

export interface PreviewColumn {
  readonly name: string;
  /** pandas' type name, shown under the name. */
  readonly type?: string | undefined;
  readonly align: "left" | "right";
}

/** The one form from which HTML, Markdown and text of a table are written, so that they always agree. */
export interface Preview {
  /** Size, engine, time: "5 of 1,204,882 rows × 4 columns · DuckDB · 38 ms". */
  readonly caption: string;
  readonly columns: readonly PreviewColumn[];
  readonly rows: readonly (readonly PreviewCell[])[];
  /** Rows are left out after this many of `rows`; undefined when nothing is left out between them. */
  readonly gapAfter?: number | undefined;
  /** The first column names the row (`<th scope="row">`). */
  readonly rowHeader?: boolean | undefined;
  /** What was left out and how to see it, one sentence each. */
  readonly notes?: readonly string[] | undefined;
}

/** Where a value keeps the function that gives its own report, at once or later, for whatever shows values. */
export const DOCUMENT: unique symbol = Symbol.for("outgrow.document") as never;

/** A report: blocks in reading order, rendered as one MIME bundle. */
export interface Document {
  readonly blocks: readonly Block[];
}

export type Block =
  | { readonly kind: "table"; readonly preview: Preview }
  | { readonly kind: "text"; readonly text: string; readonly strong?: boolean | undefined }
  | { readonly kind: "code"; readonly code: string; readonly language: string; readonly title?: string | undefined };

export const NULL_CELL: PreviewCell = { text: "null", kind: "null" };

/** A cell with a value in it. */
export function cell(text: string): PreviewCell {
  return { text, kind: "value" };
}
