import path from "node:path";
import { isGlob } from "../source/glob.ts";
import { parquetNames } from "../source/parquet-names.ts";
import type { Quoting } from "../source/quoting.ts";
import type { FileSource, TextOptions } from "../source/source.ts";

/** How the rows of files lie in them, as a sample shows it. */
export interface Layout {
  /** JSON: one object a line. */
  readonly isLines: boolean;
  /** Delimited text: the names as they are written, where all files have the same. */
  readonly header?: readonly string[] | undefined;
  /** Delimited text: each row ends in a separator, and the line of names does not. */
  readonly isTrailing?: boolean | undefined;
  /** The files differ in their columns. */
  readonly differs?: boolean | undefined;
}

/** How files are read, for who reads them again. */
export interface Reading extends Layout {
  /** As it was asked for, which a later line has to say again. */
  readonly asked: TextOptions;
  /** The same with what was found out. */
  readonly found: TextOptions;
  readonly quoting?: Quoting | undefined;
  /** The source is the one file itself, and no folder or pattern of it. */
  readonly isFile: boolean;
  /** Names all files, as a pattern with `**` where they lie in folders. */
  readonly pattern: string;
  /** Columns in the names of folders. */
  readonly folders: readonly string[];
  /** Parquet: one of these stands in the files as well. */
  readonly holdsFolders?: boolean | undefined;
}

export async function readingOf(source: FileSource, asked: TextOptions, layout: Layout): Promise<Reading> {
  const { text: found, quoting, partitions, isDrifting } = source;
  const { isLines, isTrailing } = layout;
  const header = isDrifting ? undefined : layout.header;
  const folders = (partitions?.columns ?? []).map(({ name }) => name);
  return {
    asked,
    found,
    quoting,
    isLines,
    header,
    isTrailing,
    differs: layout.differs === true || source.drift !== undefined,
    isFile: isFile(source),
    pattern: patternOf(source, folders.length > 0),
    folders,
    holdsFolders: folders.length > 0 && (await holdsAny(source, folders)),
  };
}

/** The first file is the one by which pandas knows the columns. */
async function holdsAny({ format, files }: FileSource, names: readonly string[]): Promise<boolean> {
  if (format !== "parquet") return false;
  const held = await parquetNames(files[0]?.path ?? "");
  return held.some((name) => names.includes(name));
}

function isFile({ label, files }: FileSource): boolean {
  return files.length === 1 && path.basename(label) === path.basename(files[0]?.path ?? "");
}

/** A folder holds other things besides its data files. */
function patternOf(source: FileSource, isDeep: boolean): string {
  const { label, files, isOfFolders } = source;
  if (isFile(source)) return label;
  const endings = new Set(
    files.map((file) => /(\.[^.]+(\.(gz|gzip|zst|zstd))?)$/i.exec(path.basename(file.path))?.[1] ?? ""),
  );
  const ending = endings.size === 1 ? [...endings][0] : "";
  if (isGlob(label) && !isOfFolders) return label.replace(/(^|[\\/])\*$/, `$1*${ending}`);
  return `${label.replace(/[\\/]+$/, "")}/${isDeep ? "**/" : ""}*${ending}`;
}
