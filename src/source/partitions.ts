import path from "node:path";
import { DataError } from "../errors.ts";
import type { SourceFile } from "./source.ts";

/** Columns that stand in the names of folders, as Spark and Hive write them: `year=2024/month=01/part.parquet`. */
export interface Partitions {
  /** The folder that they begin in. */
  readonly root: string;
  /** Under pandas' types, which hold the values of all folders: int64, date, datetime64[us], else str. */
  readonly columns: readonly { readonly name: string; readonly type: string; readonly values: readonly string[] }[];
  /** Names of such folders above the root, which are no columns. */
  readonly above: readonly string[];
}

/** What Spark and Hive call the folder of missing values. */
export const NULL_FOLDER = "__HIVE_DEFAULT_PARTITION__";

/**
 * The columns in the folders between `root` and the files; undefined where there are none.
 *
 * @throws {DataError} E_MIXED_PARTITIONS where files lie in folders of other columns, E_FOLDER_NAME
 */
export function partitionsOf(files: readonly SourceFile[], root: string): Partitions | undefined {
  const pairs = files.map(({ path: file }) => pairsOf(path.relative(root, path.dirname(file))));
  const names = (pairs[0] ?? []).map(({ name }) => name);
  const odd = pairs.findIndex((one) => one.map(({ name }) => name).join("/") !== names.join("/"));
  if (odd !== -1) throw mixed(files, pairs, odd);
  if (names.length === 0) return undefined;
  const unread = files.flatMap(({ path: file }) => foldersOf(path.relative(root, path.dirname(file)))).find(isUnread);
  if (unread) throw unreadable(unread);
  const columns = names.map((name, i) => {
    const values = [...new Set(pairs.map((one) => one[i]?.value ?? NULL_FOLDER))].filter((one) => one !== NULL_FOLDER);
    return { name, type: typeOf(values), values };
  });
  return {
    root,
    columns,
    above: namesAbove(root, names),
  };
}

/** Names in a folder above data that are no columns of theirs. */
export function namesAbove(folder: string, columns: readonly string[]): string[] {
  return pairsOf(folder)
    .map(({ name }) => name)
    .filter((name) => !columns.includes(name));
}

interface Pair {
  readonly name: string;
  readonly value: string;
}

function foldersOf(folders: string): string[] {
  return folders.split(/[\\/]/);
}

/** The engine takes no folder with a second sign of equality for a column. */
function isUnread(folder: string): boolean {
  return /^[^=]+=.*=/.test(folder);
}

function unreadable(folder: string): DataError {
  const [name = "", ...value] = folder.split("=");
  return new DataError(
    "E_FOLDER_NAME",
    `the folder "${folder}" has more than one "=" in its name, which cannot be read`,
    {
      hint: `write those of the value in percent, as Spark does: rename it to ${name}=${value.join("%3D")}`,
    },
  );
}

function pairsOf(folders: string): Pair[] {
  return foldersOf(folders).flatMap((folder) => {
    const match = /^([^=]+)=(.*)$/.exec(folder);
    return match ? [{ name: decoded(match[1] as string), value: decoded(match[2] as string) }] : [];
  });
}

/** A sign that cannot stand in the name of a folder is written in percent. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** A leading zero makes a text, as everywhere. */
function typeOf(values: readonly string[]): string {
  const all = (pattern: RegExp) => values.length > 0 && values.every((value) => pattern.test(value));
  if (all(/^(0|-?[1-9]\d{0,17})$/)) return "int64";
  if (all(/^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/)) return "date";
  return all(/^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])[ T]\d\d:\d\d:\d\d(\.\d{1,6})?$/) ? "datetime64[us]" : "str";
}

function mixed(files: readonly SourceFile[], pairs: readonly (readonly Pair[])[], odd: number): DataError {
  const wordOf = (i: number) => {
    const names = (pairs[i] ?? []).map(({ name }) => `${name}=`).join(" and ");
    const file = path.basename(files[i]?.path ?? "");
    return names === "" ? `${file} lies in no such folder` : `${file} lies in folders of ${names}`;
  };
  return new DataError("E_MIXED_PARTITIONS", `the folders hold different columns: ${wordOf(0)}, and ${wordOf(odd)}`, {
    hint: 'name the files of one kind with a pattern, as in "folder/year=*/*.parquet"',
  });
}
