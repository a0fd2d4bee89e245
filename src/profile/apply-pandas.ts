import { parseType } from "../frame/types.ts";
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
  const isDeep = folders.size > 0 && format !== "parquet";
  // pandas reads folders of Parquet, and what stands in their names.
  const isOne = (files === 1 && !isDeep) || (format === "parquet" && reading?.pattern !== source);
  // Categories that differ from file to file would become texts when the files are joined.
  const isLate = ([, type]: readonly [string, string]) => !isOne && type === "category";
  const early = Object.fromEntries(types.filter((entry) => !isLate(entry)));
  const isHeld = reading?.hasFolders === true;
  const isHive =
    format === "parquet" && !isHeld && profile.columns.some(({ name, nulls }) => folders.has(name) && nulls > 0);
  const words = [...optionsOf(profile, inFiles, early), ...(isHive ? [HIVE] : isHeld ? [NO_FOLDERS] : [])];
  const reader = READERS[format] ?? "read_parquet";
  const read = (path: string) => `pd.${reader}(${[path, ...words].join(", ")})${format === "csv" ? "" : castTo(early)}`;
  const ofFolders = isDeep || format === "parquet" ? typesOfFolders(profile) : {};
  const last = castTo({ ...Object.fromEntries(types.filter(isLate)), ...ofFolders });
  const pandas = `import pandas as pd${isHive ? "\nimport pyarrow.dataset as ds" : ""}`;
  if (isOne) return `${pandas}\n\ndf = ${read(word(source))}${last}`;
  const pattern = reading?.pattern ?? source;
  const paths = `sorted(glob(${word(pattern)}${pattern.includes("**") ? ", recursive=True" : ""}))`;
  const each = isDeep ? `${read("path")}.assign(**dict(re.findall(r"([^/=]+)=([^/]*)/", path)))` : read("path");
  const imports = [...(isDeep ? ["import re"] : []), "from glob import glob", "", pandas].join("\n");
  return `${imports}\n\ndf = pd.concat((${each} for path in ${paths}), ignore_index=True)${last}`;
}

function castTo(types: Readonly<Record<string, string>>): string {
  return Object.keys(types).length === 0 ? "" : `.astype(${dictOf(types)})`;
}

/** Of itself pandas makes categories of what stands in the names of folders, and fails where a value is missing. */
const HIVE = 'partitioning=ds.partitioning(flavor="hive")';

/** It fails where what it makes of the names of folders is of another type than the same column of the files. */
const NO_FOLDERS = "partitioning=None";

const READERS: Readonly<Record<string, string>> = { csv: "read_csv", json: "read_json", arrow: "read_feather" };

/** pandas' names of the types that change; days and moments of text are read by another option. */
function dtypesOf(columns: readonly ProfileColumn[], format: string): Record<string, string> {
  const isText = format === "csv" || format === "json";
  const changed = columns.filter((column) => column.type !== column.advised && !(isText && isDate(column)));
  return Object.fromEntries(changed.map((column) => [column.name, pandasName(column)]));
}

/** What stands in the names of folders comes as text. */
function typesOfFolders({ columns, reading, format }: Profile): Record<string, string> {
  const folders = new Set(reading?.folders);
  const typed = columns.filter(
    (column) =>
      folders.has(column.name) &&
      (format === "parquet" ? column.type !== column.advised : !/^(str|object)$/.test(column.advised)),
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
