import { sqlName } from "../../src/query/sql-names.ts";

/** What stands for the stretch of a typed condition from `from` on. */
export interface NamesInCondition {
  readonly from: number;
  readonly names: readonly string[];
}

/**
 * Columns for the end of a condition as it is typed, in the quotes of the line or without. A name that needs the quotes of SQL, `"unit price"`, can stand
 * within single quotes of the line only, which it brings where nothing was typed before it.
 */
export function namesInCondition(typed: string, columns: readonly string[]): NamesInCondition {
  const outer = /^["']/.exec(typed)?.[0] ?? "";
  const inner = typed.slice(outer.length);
  const within = openQuote(inner, outer);
  const prefix = within === '"' ? inner.slice(inner.lastIndexOf('"')) : (/[\p{L}\p{N}_]*$/u.exec(inner)?.[0] ?? "");
  const isClosed = outer !== "" && inner.includes(outer);
  if (isClosed || within === "'" || /^\p{N}/u.test(prefix)) return { from: typed.length, names: [] };
  const wanted = prefix.replace(/^"/, "").toLowerCase();
  const found = columns.filter((name) => name.toLowerCase().startsWith(wanted)).map(sqlName);
  const isQuoted = (name: string) => name.startsWith('"');
  const from = typed.length - prefix.length;
  if (within === '"') return { from, names: found.map((name) => (isQuoted(name) ? name : `"${name}"`)) };
  if (outer === "'") return { from, names: found };
  if (inner === prefix) return { from: 0, names: found.map((name) => (isQuoted(name) ? `'${name}` : outer + name)) };
  return { from, names: found.flatMap((name) => (!isQuoted(name) ? [name] : outer ? [] : [`'${name}'`])) };
}

/** The quote of SQL that is open at the end; those of the line itself are none. */
function openQuote(sql: string, outer: string): string | undefined {
  let open: string | undefined;
  for (const char of sql) {
    if (open === char) open = undefined;
    else if (open === undefined && char !== outer && (char === '"' || char === "'")) open = char;
  }
  return open;
}
