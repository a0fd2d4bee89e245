import { sourceWord } from "../verdict/decide.ts";
import { quoteItem } from "../words.ts";
import { pandasCode } from "./apply-pandas.ts";
import { laterOptions, optionWords } from "./option-words.ts";
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
    .map(({ name, advised }) => `${quoteItem(name)}:${advised}`)
    .join(",");
}

/** Past so many columns a list of types is longer than anybody reads. */
const MOST_LISTED = 100;

/**
 * The same advice for the magic, for TypeScript and for pandas; nothing where nothing is read. Where no type changes it is for pandas alone, and
 * of text, which a plain read there may take for something else.
 */
export function applyCode(profile: Profile): ApplyCode[] {
  const changes = changed(profile.columns).length;
  const isText = profile.format === "csv" || profile.format === "json";
  if (profile.format === "memory" || (changes === 0 && !isText)) return [];
  const pandas = { title: "in pandas", language: "python", code: pandasCode(profile) } as const;
  // pandas fills rows that are short, and has no way to leave them out; bytes that are not UTF-8 end its reading.
  const isLeavingOut = profile.rejected.rows > 0;
  if (changes === 0) return isLeavingOut || profile.rows === 0 ? [] : [pandas];
  const library = { title: "in TypeScript", language: "typescript", code: libraryCode(profile) } as const;
  if (changes > MOST_LISTED) return [library];
  const cell = { title: "in a cell, chunk by chunk", language: "typescript", code: magicCode(profile) } as const;
  return isLeavingOut ? [cell, library] : [cell, library, pandas];
}

function changed(columns: readonly ProfileColumn[]): ProfileColumn[] {
  return columns.filter(({ type, advised }) => type !== advised);
}

function magicCode(profile: Profile): string {
  const options = `${optionWords(profile)}-s 50000 --dtype ${dtypeOf(profile)}`;
  return `%%chunked ${sourceWord(profile.source)} ${options} --as chunk\nchunk.shape[0]`;
}

function libraryCode(profile: Profile): string {
  const columns = changed(profile.columns);
  const source = JSON.stringify(profile.source);
  const text = Object.entries(laterOptions(profile))
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `  ${name}: ${JSON.stringify(value)},`);
  const isShort = columns.length <= MOST_LISTED;
  const types = columns.map(({ name, advised }) => `    ${JSON.stringify(name)}: ${JSON.stringify(advised)},`);
  return [
    `import { chunked${isShort ? "" : ", profile"} } from "outgrow";`,
    "",
    ...(isShort ? [] : [`const { columns } = await profile(${[source, ...asked(profile)].join(", ")});`]),
    `const rows = await chunked(${source}, (chunk) => chunk.shape[0], {`,
    ...text,
    ...(isShort
      ? ["  dtype: {", ...types, "  },"]
      : ["  dtype: Object.fromEntries(columns.map(({ name, advised }) => [name, advised])),"]),
    "});",
  ].join("\n");
}

function asked({ reading }: Profile): string[] {
  const given = Object.entries(reading?.asked ?? {}).filter(([, value]) => value !== undefined);
  return given.length === 0 ? [] : [JSON.stringify(Object.fromEntries(given))];
}
