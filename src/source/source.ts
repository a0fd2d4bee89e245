import path from "node:path";
import type { Partitions } from "./partitions.ts";
import type { Quoting } from "./quoting.ts";

/** What a file's bytes are. CSV stands for all delimited text. */
export type FileFormat = "csv" | "parquet" | "json" | "arrow";

export type Compression = "gzip" | "zstd";

/** How text is to be read: `--sep --header --skip-rows --bad-rows --na --encoding --decimal --thousands --date-format`. What is left out is found out. */
export interface TextOptions {
  /** Between two fields; found in the first rows when left out. */
  readonly sep?: string | undefined;
  /** Whether the first row holds the names; default true. */
  readonly header?: boolean | undefined;
  /** Lines of each file that stand above the names, or above the first row, and are passed over. */
  readonly skipRows?: number | undefined;
  /** Texts that mean a missing value, besides the empty field. */
  readonly na?: readonly string[] | undefined;
  /** `utf-8`, `utf-16`, `latin-1` or `windows-1252`. */
  readonly encoding?: string | undefined;
  /** What becomes of rows with too few or too many fields: an error, or they are left out and counted. Default `error`. */
  readonly badRows?: "error" | "skip" | undefined;
  readonly decimal?: "." | "," | undefined;
  /** What sets thousands apart in numbers: `.`, `,`, `'`, `_` or a space. */
  readonly thousands?: string | undefined;
  /** strftime pattern of dates: `%d/%m/%Y`; or of some columns, by their names: `{ paid: "%d.%m.%y" }`, or in one text `paid:%d.%m.%y,at:%Y%m%d`. */
  readonly dateFormat?: string | Readonly<Record<string, string>> | undefined;
}

export interface SourceFile {
  /** Absolute. */
  readonly path: string;
  readonly bytes: number;
  readonly mtimeMs: number;
}

/** Data at rest: one or more files of one format, read as one table in the order of their paths. */
export interface FileSource {
  readonly kind: "files";
  /** As typed, for captions. */
  readonly label: string;
  /** That is a pattern of the folders that the files are in. */
  readonly isOfFolders?: boolean | undefined;
  readonly format: FileFormat;
  /** What the data are, where the files only stand for them: "Arrow", "a frame in memory". */
  readonly what?: string | undefined;
  readonly compression?: Compression | undefined;
  readonly files: readonly SourceFile[];
  /** Columns in the names of folders. */
  readonly partitions?: Partitions | undefined;
  /** Delimited files differ in their line of names. */
  readonly isDrifting?: boolean | undefined;
  /** How their names differ, in words. */
  readonly drift?: string | undefined;
  /** Names of files without a byte, which are passed over. */
  readonly empty?: readonly string[] | undefined;
  /** Of all files together, as they lie on disk. */
  readonly bytes: number;
  readonly text: TextOptions;
  /** JSON: each file is one array of objects. */
  readonly isArray?: boolean | undefined;
  /** Of delimited text, where it is not that of RFC 4180. */
  readonly quoting?: Quoting | undefined;
}

/** Bytes of all files as they lie on the disk. */
export function totalBytes(files: readonly SourceFile[]): number {
  return files.reduce((sum, { bytes }) => sum + bytes, 0);
}

/** A file's name as messages have it. */
export function fileName(file: SourceFile | undefined): string {
  return path.basename(file?.path ?? "");
}
