import path from "node:path";
import type { Quoting } from "../source/quoting.ts";
import type { FileSource, TextOptions } from "../source/source.ts";

/** How files are read, for who reads them again. */
export interface Reading {
  /** As it was asked for, which a later line has to say again. */
  readonly asked: TextOptions;
  /** The same with what was found out. */
  readonly found: TextOptions;
  readonly quoting?: Quoting | undefined;
  /** JSON: one object a line. */
  readonly isLines: boolean;
  /** Names all files, as a pattern with `**` where there are several. */
  readonly pattern: string;
  /** Columns in the names of folders. */
  readonly folders: readonly string[];
}

export function readingOf(source: FileSource, asked: TextOptions, isLines: boolean): Reading {
  const { text: found, quoting, partitions } = source;
  const folders = (partitions?.columns ?? []).map(({ name }) => name);
  return { asked, found, quoting, isLines, pattern: patternOf(source, folders.length > 0), folders };
}

/** A folder holds other things besides its data files. */
function patternOf({ label, files }: FileSource, isDeep: boolean): string {
  if (files.length < 2 || /[*?[{]/.test(label)) return label;
  const endings = new Set(
    files.map((file) => /(\.[^.]+(\.(gz|gzip|zst|zstd))?)$/i.exec(path.basename(file.path))?.[1] ?? ""),
  );
  const ending = endings.size === 1 ? [...endings][0] : "";
  return `${label.replace(/[\\/]+$/, "")}/${isDeep ? "**/" : ""}*${ending}`;
}
