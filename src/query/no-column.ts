import { nearest, type Span, UsageError } from "../errors.ts";
import { quoteItem } from "../words.ts";

/** The error for a column that is not there: names that are like it, or some of those that there are. */
export function noColumn(name: string, columns: Iterable<string>, option: string, at?: Span): UsageError {
  const known = [...columns];
  const near = nearest(name, known);
  const some = known.slice(0, 8).map(quoteItem).join(", ");
  const isText = at?.text.slice(at.start, at.end).startsWith('"') || (at !== undefined && option === "--where");
  const text = isText ? `; a text stands in single quotes: '${name}'` : "";
  // What is computed first has no place in an aggregate.
  const computed =
    option === "--agg" && /[-+*/(]/.test(name)
      ? "an aggregate takes a column; to compute first, write it for each chunk below %%chunked; "
      : "";
  return new UsageError("E_NO_COLUMN", `no column "${name}" for ${option}`, {
    ...(at === undefined ? {} : { at }),
    hint:
      near.length > 0
        ? `did you mean ${near.map(quoteItem).join(" or ")}?`
        : `${computed}there are ${some}${known.length > 8 ? `, and ${known.length - 8} more` : ""}${text}`,
  });
}

/** Texts, and names with and without quotes. */
const WORDS = /'(?:[^']|'')*'|"((?:[^"]|"")*)"|[\p{L}_][\p{L}\p{N}_$]*/gu;

/** Where SQL first names a column, for the caret; undefined where it does not. */
export function columnAt(sql: string, name: string): Span | undefined {
  for (const { 0: word, 1: quoted, index } of sql.matchAll(WORDS))
    if ((quoted?.replaceAll('""', '"') ?? word) === name) return { text: sql, start: index, end: index + word.length };
  return undefined;
}
