import type { DataFrame, Series } from "../frame/danfo.ts";

/**
 * A chunk whose columns are known by name: they complete, and a name that is none of them is a type error. With `string`, which
 * says nothing, it is a frame as any other.
 *
 * @example
 * for await (const chunk of chunked<"user_id" | "amount">("data.csv")) chunk.amount.sum();
 */
export type ChunkFrame<Name extends string = string> = string extends Name
  ? DataFrame
  : NamedFrame<Name> & { [Column in Exclude<Name, Member>]: Series };

/** A column that is named like a member of the frame is reached by `column()` alone. */
type Member = keyof { [Key in keyof DataFrame as string extends Key ? never : number extends Key ? never : Key]: 0 };

interface NamedFrame<Name extends string> extends DataFrame {
  /** No column: what the base leaves open. */
  [key: string]: unknown;
  groupby(columns: Name[]): ReturnType<DataFrame["groupby"]>;
  column(column: Name): Series;
  loc(choice: { rows?: (string | number | boolean)[] | Series; columns?: (Name | `${string}:${string}`)[] }): DataFrame;
  drop(options?: { columns?: Name | Name[]; index?: (string | number)[]; inplace?: boolean }): DataFrame;
  sortValues(column: Name, options?: { ascending?: boolean; inplace?: boolean }): DataFrame;
}
