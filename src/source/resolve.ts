import { readdir, stat } from "node:fs/promises";
import { homedir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { DataError, nearest, UsageError } from "../errors.ts";
import { completeText, textOf } from "./complete-text.ts";
import { kindOf } from "./entry-kind.ts";
import { requireFile } from "./file-failures.ts";
import { expandGlob, isGlob } from "./glob.ts";
import { headDrift } from "./head-drift.ts";
import { formatOfName, HEAD_BYTES, type Inspection, inspectFile } from "./inspect.ts";
import { partitionsOf } from "./partitions.ts";
import { type Quoting, sniffQuoting } from "./quoting.ts";
import { type FileSource, fileName, type SourceFile, type TextOptions, totalBytes } from "./source.ts";
import { checkTextOptions, requireUse } from "./text.ts";

export interface ResolveOptions {
  /** Folder that relative paths start from; default `process.cwd()`. */
  readonly cwd?: string | undefined;
  readonly text?: TextOptions | undefined;
}

/**
 * Finds the data behind a path, a folder (all data files in it) or a glob, and looks at the first bytes of each file.
 *
 * @throws {UsageError} E_NO_FILE, E_EMPTY_FOLDER, E_URL, E_MIXED_FORMATS, E_UNREADABLE, E_BAD_TEXT_OPTION
 * @throws {DataError} E_MIXED_SEPARATORS, E_MIXED_BLANK_LINES, E_ENCODING, E_EMPTY_FILE, E_NOT_TEXT, E_WRONG_FORMAT, E_DAMAGED_FILE
 * @example
 * const source = await resolveSource("sales/*.csv");
 * source.format; // "csv"
 * source.bytes; // of all files together
 */
export async function resolveSource(label: string, options: ResolveOptions = {}): Promise<FileSource> {
  const given = checkTextOptions(options.text ?? {});
  const base = path.resolve(options.cwd ?? process.cwd());
  const { paths, root, isOfFolders } = await findPaths(label, base);
  const { files, inspections, empty } = await lookInto(await Promise.all(paths.map(describeFile)));
  const first = inspections[0] as Inspection;
  const odd = inspections.findIndex(
    ({ format, compression }) => format !== first.format || compression !== first.compression,
  );
  if (odd > 0)
    throw new UsageError(
      "E_MIXED_FORMATS",
      `"${label}" mixes ${fileName(files[0])} and ${fileName(files[odd])}, which differ in format`,
      {
        hint: 'name one format with a pattern, as in "folder/*.csv"',
      },
    );
  requireUse(given, first.format, fileName(files[0]));
  const text = first.format === "csv" ? await completeText(given, files, inspections) : given;
  const partitions = partitionsOf(files, root);
  return {
    kind: "files",
    label,
    isOfFolders,
    partitions,
    format: first.format,
    compression: first.compression,
    files,
    bytes: totalBytes(files),
    text,
    isArray: (first.format === "json" && inspections.every(isArrayOfObjects)) || undefined,
    quoting: first.format === "csv" ? quotingOf(first, text) : undefined,
    ...(await headDrift(files, { inspections, text, partitions })),
    empty: empty.length > 0 ? empty.map(fileName) : undefined,
  };
}

interface Paths {
  readonly paths: string[];
  /** The folder below which names of folders are columns. */
  readonly root: string;
  readonly isOfFolders?: boolean;
}

/** What a path, a folder or a pattern names, before anything is read. */
export async function findPaths(text: string, base: string): Promise<Paths> {
  if (text.trim() === "")
    throw new UsageError("E_NO_FILE", "no source was named", { hint: 'name a file, as in "data.csv"' });
  const full = path.resolve(base, localPath(text));
  const found = await stat(full).catch(() => undefined);
  if (found?.isDirectory()) return { paths: await filesOfFolder(full, text), root: full };
  if (found) return { paths: [full], root: path.dirname(full) };
  if (!isGlob(text)) throw await missing(full, text);
  // Signs in the names of the folders that one works in are none of the pattern's.
  const start = full.startsWith(base + path.sep) ? base : path.parse(full).root;
  const pattern = path.relative(start, full);
  const { files, folders } = await expandGlob(start, pattern);
  const isOfFolders = files.length === 0 || /[\\/]$/.test(text);
  // Beside files those folders count that are named as data is, as Spark writes them.
  const counted = isOfFolders ? folders : folders.filter((folder) => formatOfName(folder) !== undefined);
  const within = (await Promise.all(counted.map(dataFiles))).flat();
  const paths = [...new Set(isOfFolders ? within : [...files, ...within])].sort();
  if (paths.length > 0) return { paths, root: rootOf(start, pattern), isOfFolders };
  throw new UsageError("E_NO_FILE", `no file matches "${text}"`, { hint: `the pattern was tried from ${base}` });
}

/** The folders of a pattern before its first sign. */
function rootOf(start: string, pattern: string): string {
  const parts = pattern.split(/[\\/]/);
  const first = parts.findIndex(isGlob);
  return path.join(start, ...parts.slice(0, Math.min(first, parts.length - 1)));
}

function localPath(text: string): string {
  if (/^file:\/\//i.test(text)) return fileURLToPath(text);
  if (/^[a-z][a-z0-9+.-]+:\/\//i.test(text)) {
    const name = text.split(/[?#]/)[0]?.split("/").pop() || "data.csv";
    throw new UsageError("E_URL", `"${text}" is an address, and only files on this machine can be read`, {
      hint: /^https?:/i.test(text)
        ? `download it first: !curl -L -o "${name}" "${text}", then use "${name}"`
        : `copy it here first with the tool of its store, then use "${name}"; with a Spark session, %spark start, %chunked reads it there`,
    });
  }
  return text === "~" || /^~[\\/]/.test(text) ? path.join(homedir(), text.slice(1)) : text;
}

/** The data files of a folder, and of its `key=value` folders as Spark and Hive write them. */
async function filesOfFolder(folder: string, text: string): Promise<string[]> {
  const found = await dataFiles(folder);
  if (found.length > 0) return found.sort();
  throw new UsageError("E_EMPTY_FOLDER", `the folder "${text}" has no data files`, {
    hint: "data files end in .csv, .tsv, .parquet, .json, .jsonl or .arrow, also with .gz or .zst",
  });
}

async function dataFiles(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((cause: NodeJS.ErrnoException) => {
    throw new UsageError("E_UNREADABLE", `cannot read the folder "${folder}": ${cause.code}`, {
      cause,
      hint: "check that you may read it",
    });
  });
  const visible = entries.filter(({ name }) => !/^(\.|_[^=]*$)/.test(name));
  const kinds = await Promise.all(visible.map((entry) => kindOf(entry, folder)));
  const namesOf = (kind: "files" | "folders") => visible.filter((_, i) => kinds[i] === kind).map(({ name }) => name);
  const files = namesOf("files").filter((name) => formatOfName(name) !== undefined);
  const partitions = namesOf("folders").filter((name) => name.includes("="));
  const nested = await Promise.all(partitions.map((name) => dataFiles(path.join(folder, name))));
  return [...files.map((name) => path.join(folder, name)), ...nested.flat()];
}

async function missing(full: string, text: string): Promise<UsageError> {
  const folder = path.dirname(full);
  const names = await readdir(folder).catch(() => undefined);
  if (names === undefined)
    return new UsageError("E_NO_FILE", `no file "${text}": there is no folder ${folder}`, { hint: "check the path" });
  const name = path.basename(full);
  if (names.includes(name))
    return new UsageError("E_NO_FILE", `"${text}" is a link to a file that is not there`, {
      hint: `see where it points to: !ls -l "${text}"`,
    });
  const near = nearest(name, names);
  const others = names.filter((name) => formatOfName(name) !== undefined && !name.startsWith("."));
  const hint =
    near.length > 0
      ? `did you mean ${near.map((name) => `"${name}"`).join(" or ")}?`
      : others.length > 0
        ? `data files in ${folder}: ${others.sort().slice(0, 5).join(", ")}`
        : `${folder} has no data files`;
  return new UsageError("E_NO_FILE", `no file "${text}"`, { hint });
}

async function describeFile(file: string): Promise<SourceFile> {
  const found = await stat(file).catch((cause: NodeJS.ErrnoException) => {
    throw new UsageError("E_UNREADABLE", `cannot read ${path.basename(file)}: ${cause.code}`, {
      cause,
      hint: "check the link or the file",
    });
  });
  requireFile(found, file);
  return { path: file, bytes: found.size, mtimeMs: found.mtimeMs };
}

interface Looked {
  readonly files: readonly SourceFile[];
  readonly inspections: readonly Inspection[];
  /** Files without a byte beside others: Spark writes such parts where it had no rows. */
  readonly empty: readonly SourceFile[];
}

async function lookInto(found: readonly SourceFile[]): Promise<Looked> {
  const looks = await inspectAll(found);
  const failure = looks.find((look) => look instanceof DataError);
  const held = found.flatMap((file, i) => {
    const look = looks[i];
    return look === undefined || look instanceof DataError ? [] : [{ file, look }];
  });
  if (failure && held.length === 0) throw failure;
  return {
    files: held.map(({ file }) => file),
    inspections: held.map(({ look }) => look),
    empty: found.filter((_, i) => looks[i] instanceof DataError),
  };
}

/** A few at a time: a folder can hold more files than may be open. Of an empty text the error is the answer. */
async function inspectAll(files: readonly SourceFile[]): Promise<(Inspection | DataError)[]> {
  const looks: (Inspection | DataError)[] = [];
  for (let at = 0; at < files.length; at += 32)
    looks.push(
      ...(await Promise.all(files.slice(at, at + 32).map(({ path }) => inspectFile(path).catch(emptyText(path))))),
    );
  return looks;
}

/** A Parquet or Arrow file without a byte is one that was never finished. */
function emptyText(file: string): (failure: unknown) => DataError {
  const isText = /^(csv|json)$/.test(formatOfName(file) ?? "");
  return (failure) => {
    if (isText && failure instanceof DataError && failure.code === "E_EMPTY_FILE") return failure;
    throw failure;
  };
}

/** A file whose first line is a whole array, with more behind it, is one of lines. */
function isArrayOfObjects({ head }: Inspection): boolean {
  const text = head?.toString("utf8").replace(/^\ufeff/, "") ?? "";
  if (!/^\s*\[\s*\{/.test(text)) return false;
  const [line = "", ...rest] = text.trimStart().split("\n");
  return !isJson(line) || rest.join("").trim() === "";
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function quotingOf({ head }: Inspection, text: TextOptions): Quoting | undefined {
  // Of what is packed more is there.
  return head && sniffQuoting(textOf(head, text).slice(0, HEAD_BYTES), text.sep ?? ",");
}
