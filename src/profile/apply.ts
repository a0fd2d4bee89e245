import { parseType } from "../frame/types.ts";
import { sourceWord } from "../verdict/decide.ts";
import type { Profile, ProfileColumn } from "./types.ts";

/** Code that reads the data with the advised types. */
export interface ApplyCode {
  readonly title: string;
  readonly language: "typescript" | "python";
  readonly code: string;
}

/**
 * The advised types as `--dtype` takes them; only the columns that change.
 *
 * @example
 * dtypeOf(await profile("sales.csv")); // "user_id:int32,category:category,amount:float32"
 */
export function dtypeOf({ columns }: Pick<Profile, "columns">): string {
  return changed(columns)
    .map(({ name, advised }) => `${quoteColumn(name)}:${advised}`)
    .join(",");
}

/** The same advice for the magic, for TypeScript and for pandas; nothing where no type changes, or nothing is read. */
export function applyCode(profile: Profile): ApplyCode[] {
  if (profile.format === "memory" || changed(profile.columns).length === 0) return [];
  return [
    { title: "in a cell, chunk by chunk", language: "typescript", code: magicCode(profile) },
    { title: "in TypeScript", language: "typescript", code: libraryCode(profile) },
    { title: "in pandas", language: "python", code: pandasCode(profile) },
  ];
}

/** A column's name where commas, colons and blanks mean something. */
export function quoteColumn(name: string): string {
  return /^[\p{L}\p{N}_.$@-]+$/u.test(name) && !name.startsWith("-") ? name : `"${name.replaceAll('"', '""')}"`;
}

function changed(columns: readonly ProfileColumn[]): ProfileColumn[] {
  return columns.filter(({ type, advised }) => type !== advised);
}

function magicCode(profile: Profile): string {
  return `%%chunked ${sourceWord(profile.source)} -s 50000 --dtype ${dtypeOf(profile)} --as chunk\nchunk.shape[0]`;
}

function libraryCode(profile: Profile): string {
  const lines = changed(profile.columns).map(
    ({ name, advised }) => `    ${JSON.stringify(name)}: ${JSON.stringify(advised)},`,
  );
  return [
    'import { chunked } from "outgrow";',
    "",
    `const rows = await chunked(${JSON.stringify(profile.source)}, (chunk) => chunk.shape[0], {`,
    "  dtype: {",
    ...lines,
    "  },",
    "});",
  ].join("\n");
}

function pandasCode(profile: Profile): string {
  const { source, format, columns } = profile;
  const isText = format === "csv" || format === "json";
  const dates = isText ? columns.filter(({ advised }) => /^date/.test(advised)) : [];
  const types = changed(columns).filter((column) => !dates.includes(column));
  const dtype = `{${types.map((column) => `${text(column.name)}: ${text(pandasName(column))}`).join(", ")}}`;
  const reader =
    format === "csv"
      ? "read_csv"
      : format === "json"
        ? "read_json"
        : format === "arrow"
          ? "read_feather"
          : "read_parquet";
  const options = [
    ...(format === "csv" && types.length > 0 ? [`dtype=${dtype}`] : []),
    ...(format === "csv" && dates.length > 0
      ? [`parse_dates=[${dates.map(({ name }) => text(name)).join(", ")}]`]
      : []),
    ...(format === "json" ? ["lines=True"] : []),
  ];
  const after = format === "csv" || types.length === 0 ? "" : `.astype(${dtype})`;
  const read = (path: string) => `pd.${reader}(${[path, ...options].join(", ")})${after}`;
  if (profile.files === 1) return `import pandas as pd\n\ndf = ${read(text(source))}`;
  return `from glob import glob\n\nimport pandas as pd\n\ndf = pd.concat((${read("path")} for path in sorted(glob(${text(source)}))), ignore_index=True)`;
}

/** pandas' plain integers and bools hold no missing values, its nullable ones do. */
function pandasName({ advised, nulls }: ProfileColumn): string {
  const { family } = parseType(advised);
  if (nulls > 0 && family === "int") return advised.replace("int", "Int");
  return nulls > 0 && family === "bool" ? "boolean" : advised;
}

function text(value: string): string {
  return JSON.stringify(value);
}
