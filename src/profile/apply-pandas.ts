import { parseType } from "../frame/types.ts";
import type { Profile, ProfileColumn } from "./types.ts";

/** Reads the same rows with the advised types in pandas. */
export function pandasCode(profile: Profile): string {
  const { source, format, files, reading } = profile;
  const folders = new Set(reading?.folders);
  const inFiles = profile.columns.filter(({ name }) => !folders.has(name));
  const types = dtypesOf(inFiles, format);
  const later = format === "csv" ? {} : types;
  const reader = READERS[format] ?? "read_parquet";
  const after = (columns: Readonly<Record<string, string>>) =>
    Object.keys(columns).length === 0 ? "" : `.astype(${dictOf(columns)})`;
  const read = (path: string) =>
    `pd.${reader}(${[path, ...optionsOf(profile, inFiles, types)].join(", ")})${after(later)}`;
  const isDeep = folders.size > 0 && format !== "parquet";
  if (files === 1 && !isDeep) return `import pandas as pd\n\ndf = ${read(word(source))}`;
  // pandas reads folders of Parquet, and what stands in their names.
  if (format === "parquet" && reading?.pattern !== source)
    return `import pandas as pd\n\ndf = ${read(word(source))}${after(typesOfFolders(profile))}`;
  const pattern = reading?.pattern ?? source;
  const paths = `sorted(glob(${word(pattern)}${pattern.includes("**") ? ", recursive=True" : ""}))`;
  const each = isDeep ? `${read("path")}.assign(**dict(re.findall(r"([^/=]+)=([^/]*)/", path)))` : read("path");
  const last = isDeep ? after(typesOfFolders(profile)) : "";
  const imports = [...(isDeep ? ["import re"] : []), "from glob import glob", "", "import pandas as pd"].join("\n");
  return `${imports}\n\ndf = pd.concat((${each} for path in ${paths}), ignore_index=True)${last}`;
}

const READERS: Readonly<Record<string, string>> = { csv: "read_csv", json: "read_json", arrow: "read_feather" };

function isDate({ advised }: ProfileColumn): boolean {
  return /^date/.test(advised);
}

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
  { format, reading }: Profile,
  columns: readonly ProfileColumn[],
  types: Readonly<Record<string, string>>,
): string[] {
  if (format === "json") return reading?.isLines === false ? [] : ["lines=True"];
  if (format !== "csv") return [];
  const { sep, encoding, decimal, thousands, header, skipRows, na = [] } = reading?.found ?? {};
  const dates = columns.filter(isDate);
  const { quote, escape: mark } = reading?.quoting ?? {};
  return [
    ...(sep === undefined || sep === "," ? [] : [`sep=${word(sep)}`]),
    ...(encoding === undefined || encoding === "utf-8" ? [] : [`encoding=${word(encoding)}`]),
    ...(skipRows === undefined || skipRows === 0 ? [] : [`skiprows=${skipRows}`]),
    ...(header === false ? [`header=None, names=${listOf(columns)}`] : []),
    ...(quote === undefined || quote === '"' ? [] : [`quotechar=${word(quote)}`]),
    ...(mark === "\\" ? [`escapechar=${word(mark)}`] : []),
    ...(decimal === "," ? ['decimal=","'] : []),
    ...(thousands === undefined ? [] : [`thousands=${word(thousands)}`]),
    ...(na.length === 0 ? [] : [`na_values=[${na.map(word).join(", ")}]`]),
    // A blank line is a missing value where there is one column.
    ...(columns.length === 1 ? ["skip_blank_lines=False"] : []),
    ...(Object.keys(types).length === 0 ? [] : [`dtype=${dictOf(types)}`]),
    ...(dates.length === 0 ? [] : [`parse_dates=${listOf(dates)}`]),
    ...dateFormats(dates),
  ];
}

/** pandas would guess the format from one value: 01.02.2024 with the month first. */
function dateFormats(dates: readonly ProfileColumn[]): string[] {
  const formats = dates.map(({ dateFormat }) => dateFormat);
  const [only] = formats;
  if (only !== undefined && formats.every((format) => format === only)) return [`date_format=${word(only)}`];
  const own = dates.flatMap(({ name, dateFormat }) => (dateFormat === undefined ? [] : [[name, dateFormat] as const]));
  return own.length === 0 ? [] : [`date_format=${dictOf(Object.fromEntries(own))}`];
}

/** pandas' plain integers and bools hold no missing values, its nullable ones do. */
function pandasName({ advised, nulls }: ProfileColumn): string {
  const { family } = parseType(advised);
  if (nulls > 0 && family === "int") return advised.replace("int", "Int");
  return nulls > 0 && family === "bool" ? "boolean" : advised;
}

function listOf(columns: readonly ProfileColumn[]): string {
  return `[${columns.map(({ name }) => word(name)).join(", ")}]`;
}

function dictOf(types: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(types).map(([name, type]) => `${word(name)}: ${word(type)}`);
  return `{${pairs.join(", ")}}`;
}

/** JSON's texts are Python's as well. */
function word(value: string): string {
  return JSON.stringify(value);
}
