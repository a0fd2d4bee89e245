/** Words that cannot be columns without quotes. */
export const RESERVED: ReadonlySet<string> = new Set(
  "and or not is in between like case when then else end null true false as distinct from select".split(" "),
);

/** A column as an expression names it: in quotes where it is no plain word. */
export function sqlName(name: string): string {
  const isPlain = /^[\p{L}_][\p{L}\p{N}_]*$/u.test(name) && !RESERVED.has(name.toLowerCase());
  return isPlain ? name : `"${name.replaceAll('"', '""')}"`;
}
