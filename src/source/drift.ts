/** Columns that are named in a note. */
const MOST = 5;

/**
 * How the columns of files differ, in words; undefined when they do not.
 *
 * @example
 * driftOf([{ file: "a.csv", names: ["id"] }, { file: "b.csv", names: ["id", "town"] }]); // '"town" is in b.csv alone'
 */
export function driftOf(
  files: readonly { readonly file: string; readonly names: readonly string[] }[],
): string | undefined {
  const places = new Map<string, string[]>();
  for (const { file, names } of files) for (const name of names) places.set(name, [...(places.get(name) ?? []), file]);
  const partial = [...places].filter(([, found]) => found.length < files.length);
  if (partial.length > 0) {
    const words = partial.slice(0, MOST).map(([name, found]) => `"${name}" is in ${placesOf(found, files)}`);
    const rest = partial.length > MOST ? `, and ${partial.length - MOST} more columns are not in all files` : "";
    return `${words.join(", ")}${rest}`;
  }
  const orders = new Set(files.map(({ names }) => JSON.stringify(names)));
  return orders.size > 1 ? "the columns stand in another order" : undefined;
}

function placesOf(found: readonly string[], files: readonly { readonly file: string }[]): string {
  if (found.length === 1) return `${found[0]} alone`;
  const missing = files.filter(({ file }) => !found.includes(file));
  return missing.length === 1 ? `all files but ${missing[0]?.file}` : `${found.length} of ${files.length} files`;
}

/** The fields of a line of delimited text. */
export function fieldsOf(line: string, separator: string): string[] {
  const fields: string[] = [];
  let [field, isQuoted] = ["", false];
  for (let i = 0; i < line.length; i++) {
    const char = line[i] as string;
    if (char === '"') {
      if (isQuoted && line[i + 1] === '"') field += line[++i];
      else isQuoted = !isQuoted;
    } else if (char === separator && !isQuoted) {
      fields.push(field.trim());
      field = "";
    } else field += char;
  }
  return [...fields, field.trim()];
}
