import { DataError } from "../errors.ts";
import { quoteItem } from "../words.ts";
import { commonType } from "./common-type.ts";

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

/**
 * The same files with one spelling for names that differ in nothing but their case, which is one column to the engine: the first that occurs. With
 * what there is to say of the others.
 */
export function spelledAlike<C extends { readonly name: string }>(
  files: readonly { readonly file: string; readonly columns: readonly C[] }[],
): { readonly files: readonly { readonly file: string; readonly columns: readonly C[] }[]; readonly words: string[] } {
  const spellings = new Map<string, string>();
  const others = new Map<string, string[]>();
  const alike = files.map(({ file, columns }) => {
    const own = new Set(columns.map(({ name }) => name));
    const spelled = columns.map((column) => {
      const key = column.name.toLowerCase();
      const first = spellings.get(key) ?? column.name;
      spellings.set(key, first);
      if (first === column.name || own.has(first)) return column;
      const word = `"${column.name}" is taken for "${first}"`;
      others.set(word, [...(others.get(word) ?? []), file]);
      return { ...column, name: first };
    });
    return { file, columns: spelled };
  });
  const words = [...others].slice(0, MOST).map(([word, found]) => `${word} in ${placesOf(found, files)}`);
  return { files: alike, words };
}

/** How files differ, for who reads them as one table. */
export function driftNotes(drift: string | undefined): string[] {
  return drift === undefined ? [] : [`the files differ: ${drift}; they are joined by the names of columns`];
}

/** Columns that no type holds of all files, for who shows them all the same. */
export function conflictNotes({
  drift,
  conflicts = [],
}: {
  readonly drift?: string | undefined;
  readonly conflicts?: readonly Conflict[] | undefined;
}): string[] {
  const untold = conflicts.filter(({ words }) => !drift?.includes(words));
  const words = untold.slice(0, MOST).map(({ words }) => words);
  const rest = untold.length > MOST ? `, and ${untold.length - MOST} more columns so` : "";
  return words.length === 0
    ? []
    : [`the files differ: ${words.join(", ")}${rest}; %chunked wants the type of such a column, or files of one kind`];
}

/** A column that no type holds of all files. */
export interface Conflict {
  readonly name: string;
  /** Which files have which types. */
  readonly words: string;
  /** All of it can be read as text: in some file it is. */
  readonly hasText: boolean;
}

export interface Drift {
  /** How columns and types differ, in words. */
  readonly drift: string | undefined;
  readonly conflicts: readonly Conflict[];
}

/**
 * How the columns of files differ whose types stand in them. Types that another holds are joined by it; others are conflicts.
 *
 * @example
 * compareSchemas([
 *   { file: "a.parquet", columns: [{ name: "v", type: "int64" }] },
 *   { file: "b.parquet", columns: [{ name: "v", type: "str" }] },
 * ]).conflicts[0].words; // '"v" is int64 in a.parquet and str in b.parquet'
 */
export function compareSchemas(
  files: readonly {
    readonly file: string;
    readonly columns: readonly { readonly name: string; readonly type: string }[];
  }[],
): Drift {
  const first = new Map<string, { type: string; common: string; file: string }>();
  const [wider, conflicts]: [Map<string, string>, Map<string, Conflict>] = [new Map(), new Map()];
  for (const { file, columns } of files) {
    for (const { name, type } of columns) {
      const before = first.get(name);
      if (!before) first.set(name, { type, common: type, file });
      else if (before.type !== type || before.common !== type) {
        const common = commonType(before.common, type);
        const words = `"${name}" is ${before.type} in ${before.file} and ${type} in ${file}`;
        if (common === undefined)
          conflicts.set(name, conflicts.get(name) ?? { name, words, hasText: isText(type) || isText(before.common) });
        else if (before.type !== type) wider.set(name, wider.get(name) ?? words);
        before.common = common ?? before.common;
      }
    }
  }
  const names = driftOf(files.map(({ file, columns }) => ({ file, names: columns.map(({ name }) => name) })));
  // Of a column that is wider in one file and another thing in a third that is what matters.
  const typed = [...wider].map(([name, words]) => conflicts.get(name)?.words ?? words);
  const parts = [...(names === undefined ? [] : [names]), ...typed.slice(0, MOST)];
  return { drift: parts.length > 0 ? parts.join(", ") : undefined, conflicts: [...conflicts.values()] };
}

/**
 * Refuses a column that is used and that no type holds of all files, unless some of it is text and its type was declared.
 *
 * @throws {DataError} E_DRIFT
 */
export function refuseConflicts(
  conflicts: readonly Conflict[],
  isUsed: (name: string) => boolean,
  declared: Readonly<Record<string, string>>,
): void {
  const odd = conflicts.find(({ name, hasText }) => isUsed(name) && !(hasText && Object.hasOwn(declared, name)));
  if (!odd) return;
  const other = "name the files of one kind with a pattern, or leave the column out with --usecols";
  throw new DataError("E_DRIFT", `the files differ: ${odd.words}`, {
    hint: odd.hasText
      ? `say its type, as in --dtype ${quoteItem(odd.name)}:str, or :float64 where numbers are wanted, ${other}`
      : other,
  });
}

function isText(type: string): boolean {
  return type === "str" || type === "category";
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
