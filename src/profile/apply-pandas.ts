import { parseType } from "../frame/types.ts";
import { NULL_FOLDER } from "../source/partitions.ts";
import { dictOf, isDate, momentLines, textOptionsOf, textsLikeNumbers, word } from "./apply-pandas-text.ts";
import type { Profile, ProfileColumn } from "./types.ts";

/** Reads the same rows with the advised types in pandas. */
export function pandasCode(profile: Profile): string {
  const inFiles = profile.columns.filter(({ name }) => !profile.reading?.folders.includes(name));
  return [readingCode(profile), ...momentLines(inFiles, profile.format)].join("\n");
}

function readingCode(profile: Profile): string {
  const { source, format, files, reading } = profile;
  const folders = new Set(reading?.folders);
  const inFiles = profile.columns.filter(({ name }) => !folders.has(name));
  const types = Object.entries(dtypesOf(inFiles, format));
  const isParquet = format === "parquet";
  const isHeld = reading?.holdsFolders === true;
  const differs = reading?.differs === true;
  // pandas reads folders of Parquet, and what stands in their names, but not where the files hold the same, and only the columns of the first file.
  const isDeep = folders.size > 0 && (!isParquet || isHeld || differs);
  const isFile = reading?.isFile ?? files === 1;
  const isOne = !isDeep && (isFile || (isParquet && !differs && reading?.pattern !== source));
  // Categories that differ from file to file would become texts when the files are joined, and a file may lack the column.
  const isLate = ([, type]: readonly [string, string]) =>
    !isOne && (type === "category" || (differs && format !== "csv"));
  const early = Object.fromEntries(types.filter((entry) => !isLate(entry)));
  const isHive = isParquet && !isDeep && profile.columns.some(({ name, nulls }) => folders.has(name) && nulls > 0);
  const words = [...optionsOf(profile, inFiles, early), ...(isHive ? [HIVE] : isHeld ? [NO_FOLDERS] : [])];
  const reader = READERS[format] ?? "read_parquet";
  const read = (path: string) => `pd.${reader}(${[path, ...words].join(", ")})${format === "csv" ? "" : castTo(early)}`;
  const ofFolders = isDeep || isParquet ? typesOfFolders(profile, isDeep) : {};
  const last = castTo({ ...Object.fromEntries(types.filter(isLate)), ...ofFolders });
  const pandas = `import pandas as pd${isHive ? "\nimport pyarrow.dataset as ds" : ""}`;
  if (isOne) return `${pandas}\n\ndf = ${read(word(source))}${last}`;
  const pattern = reading?.pattern ?? source;
  const paths = `sorted(glob(${word(pattern)}${pattern.includes("**") ? ", recursive=True" : ""}))`;
  const each = isDeep ? `${read("path")}.assign(**folders(path))` : read("path");
  const imports = isDeep ? IMPORTS_OF_FOLDERS : "from glob import glob\n";
  const helper = isDeep ? `\n${inNames(folders.size)}\n` : "";
  return `${imports}\n${pandas}\n${helper}\ndf = pd.concat((${each} for path in ${paths}), ignore_index=True)${last}`;
}

const IMPORTS_OF_FOLDERS = "import re\nfrom glob import glob\nfrom urllib.parse import unquote\n";

/** A function that gives what stands in the names of the innermost folders of a file; those above are no columns. */
function inNames(folders: number): string {
  return `
def folders(path):
    pairs = re.findall(r"([^/=]+)=([^/]*)/", path)[-${folders}:]
    return {unquote(key): None if value == "${NULL_FOLDER}" else unquote(value) for key, value in pairs}
`;
}

function castTo(types: Readonly<Record<string, string>>): string {
  return Object.keys(types).length === 0 ? "" : `.astype(${dictOf(types)})`;
}

/** Of itself pandas makes categories of what stands in the names of folders, and fails where a value is missing. */
const HIVE = 'partitioning=ds.partitioning(flavor="hive")';

/** Of a file that is named itself pandas takes its folders, too. */
const NO_FOLDERS = "partitioning=None";

const READERS: Readonly<Record<string, string>> = { csv: "read_csv", json: "read_json", arrow: "read_feather" };

/** pandas' names of the types that change; days and moments of text are read by another option. */
function dtypesOf(columns: readonly ProfileColumn[], format: string): Record<string, string> {
  const isText = format === "csv" || format === "json";
  const changed = columns.filter((column) => column.type !== column.advised && !(isText && isDate(column)));
  return Object.fromEntries(changed.map((column) => [column.name, pandasName(column)]));
}

/** What stands in the names of folders comes as text where it is taken from them one file at a time. */
function typesOfFolders({ columns, reading }: Profile, isText: boolean): Record<string, string> {
  const folders = new Set(reading?.folders);
  const typed = columns.filter(
    (column) =>
      folders.has(column.name) && (isText ? !/^(str|object)$/.test(column.advised) : column.type !== column.advised),
  );
  return Object.fromEntries(
    typed.map((column) => [column.name, isDate(column) ? "datetime64[us]" : pandasName(column)]),
  );
}

function optionsOf(
  profile: Profile,
  columns: readonly ProfileColumn[],
  types: Readonly<Record<string, string>>,
): string[] {
  if (profile.format === "csv") return textOptionsOf(profile, columns, types);
  if (profile.format !== "json") return [];
  const texts = textsLikeNumbers(columns);
  return [
    ...(profile.reading?.isLines === false ? [] : ["lines=True"]),
    ...(Object.keys(texts).length === 0 ? [] : [`dtype=${dictOf(texts)}`]),
  ];
}

/** pandas' plain integers and bools hold no missing values, its nullable ones do; it has no type of days. */
function pandasName({ advised, nulls }: ProfileColumn): string {
  if (advised === "date") return "datetime64[us]";
  const { family } = parseType(advised);
  if (nulls > 0 && family === "int") return advised.replace("int", "Int");
  return nulls > 0 && family === "bool" ? "boolean" : advised;
}
