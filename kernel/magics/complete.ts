import { COLUMN_TYPES } from "../../src/query/dtypes.ts";
import { AGGREGATE_FUNCTIONS } from "../../src/query/query.ts";
import { quoteItem } from "../../src/words.ts";
import { findMagic } from "../cell/magic-call.ts";
import type { MimeBundle } from "../link/messages.ts";
import { completeCommand } from "./complete-command.ts";
import { namesInCondition } from "./complete-condition.ts";
import { completeFiles } from "./complete-files.ts";
import { fileColumns } from "./file-columns.ts";
import { helpBundle } from "./help.ts";
import { longName } from "./long-name.ts";
import type { ArgumentDefinition, MagicDefinition, OptionDefinition } from "./magic.ts";
import { type MagicLine, magicLineAt, scanLine, type TypedWord } from "./magic-line.ts";
import { COMMON } from "./options.ts";
import { magics } from "./registry.ts";

/** Those that stand in the list of `--dtype` as they are; one with a comma would have to be quoted. */
const TYPES = COLUMN_TYPES.filter((type) => !type.includes(","));

export interface Completion {
  readonly matches: readonly { readonly text: string; readonly type: string }[];
  /** The stretch that a match replaces, UTF-16. */
  readonly start: number;
  readonly end: number;
}

interface Match {
  readonly text: string;
  readonly type: string;
}

/** What completion asks of the session. */
export interface KnownNames {
  /** Of the variables. */
  readonly names: readonly string[];
  /** Of the frame that a variable holds, none of another value. */
  columnsOf(name: string): Promise<readonly string[]>;
}

/**
 * What may stand at the cursor of a magic line: magic names, options, their values, files, variables, column names; in a command, files. Undefined
 * where TypeScript stands, inside of `${…}` too.
 */
export async function completeMagic(
  code: string,
  cursor: number,
  session: KnownNames,
  cwd: string,
): Promise<Completion | undefined> {
  const line = magicLineAt(code, cursor);
  if (!line) return completeCommand(code, cursor, cwd);
  if (line.cursor <= line.name.end) return completeName(line);
  const definition = findMagic(magics, line.sign, line.name.text);
  if (!definition) return undefined;
  if (definition.raw) return undefined;
  const words = scanLine(line.text, line.name.end, line.cursor);
  if (!words) return undefined;
  const typed = words.at(-1) as TypedWord;
  const variable = sourceVariable(definition, words, session.names);
  const source = sourceAmong(definition, words);
  const found =
    variable === undefined ? source && (await fileColumns(source.text, cwd)) : await session.columnsOf(variable);
  // A name over two lines would cut the magic's line.
  const columns = (found ?? []).filter((name) => !/[\r\n]/.test(name));
  return completeWord({ definition, words, typed, line, names: session.names, columns, cwd });
}

/** The help of the magic on the cursor's line. */
export function inspectMagic(code: string, cursor: number): MimeBundle | undefined {
  const line = magicLineAt(code, cursor);
  const definition = line && findMagic(magics, line.sign, line.name.text);
  return definition && helpBundle(definition);
}

interface Place {
  readonly definition: MagicDefinition;
  readonly words: readonly TypedWord[];
  /** The word that the cursor is in, up to the cursor; it may be empty. */
  readonly typed: TypedWord;
  readonly line: MagicLine;
  readonly names: readonly string[];
  /** Of the SOURCE already typed: of a frame in a variable, or of a file where they can be read at once. */
  readonly columns: readonly string[];
  readonly cwd: string;
}

function completeName({ name, sign, start, cursor }: MagicLine): Completion {
  const matches = [...magics.values()]
    .filter(({ forms, name: candidate }) => (sign === "%" || forms.includes("%%")) && candidate.startsWith(name.text))
    .flatMap(({ forms, name: candidate }) =>
      forms.filter((form) => form.startsWith(sign)).map((form) => ({ text: form + candidate, type: "magic" })),
    );
  return { matches, start, end: start + Math.max(cursor, name.end) };
}

function completeWord(place: Place): Completion {
  const { definition, words, typed } = place;
  const equals = /^(--[a-z][a-z-]*)=/.exec(typed.raw);
  if (equals) return completeValue(place, findOption(definition, equals[1] ?? ""), (equals[0] ?? "").length);
  const before = words.at(-2);
  const waiting = before && !before.raw.includes("=") ? findOption(definition, before.raw) : undefined;
  if (waiting && waiting.kind !== "flag") return completeValue(place, waiting, 0);
  if (typed.raw.startsWith("-")) return completeOption(place);
  const argument = argumentAt(place);
  return argument ? completeArgument(place, argument) : completeOption(place);
}

function completeOption({ definition, words, typed, line }: Place): Completion {
  const given = new Set(words.slice(0, -1).map(({ raw }) => raw.split("=")[0]));
  const matches = Object.entries(allOptions(definition))
    .map(([name, option]) => ({
      repeats: option.repeats,
      short: option.short,
      long: longName(name, option),
    }))
    .filter(
      ({ repeats, short, long }) =>
        (repeats || !given.has(long)) &&
        !(short && given.has(`-${short}`)) &&
        long.startsWith(typed.raw.length > 1 ? typed.raw : "--"),
    )
    .map(({ long }) => ({ text: long, type: "option" }));
  return replace(line, typed, 0, matches);
}

/** The value of an option; of a list only the item under the cursor. */
function completeValue(place: Place, option: OptionDefinition | undefined, skip: number): Completion {
  const { typed, line, names, cwd } = place;
  const value = typed.raw.slice(skip);
  switch (option?.kind) {
    case "list": {
      const item = skip + value.lastIndexOf(",") + 1;
      return replace(
        line,
        typed,
        item,
        option.complete === "columns" ? columnsFrom(place.columns, typed.raw.slice(item)) : [],
      );
    }
    case "types":
    case "formats":
    case "aggregates":
      return completeSpec(place, option.kind, skip);
    case "value":
      return replace(line, typed, skip, [
        ...startingWith(value, option.choices ?? [], "value"),
        ...startingWith(value, names, "variable"),
      ]);
    default:
      if (option?.complete === "condition") return completeCondition(place, skip);
      if (option?.complete === "file") return replace(line, typed, skip, completeFiles(value, cwd));
      return replace(line, typed, skip, startingWith(value, option?.choices ?? [], "value"));
  }
}

/** Formats that people have, as a start. */
const FORMATS = ["%d.%m.%Y", "%d.%m.%y", "%d/%m/%Y", "%m/%d/%Y", "%m/%d/%y", "%Y%m%d", "%d.%m.%Y %H:%M:%S"];
const SPECS = { types: TYPES, formats: FORMATS, aggregates: AGGREGATE_FUNCTIONS } as const;

/** `col:type,…`, `col:format,…` and `name=col:fn,…`: a column before the colon, a type, format or function behind it. */
function completeSpec(place: Place, kind: keyof typeof SPECS, skip: number): Completion {
  const { typed, line } = place;
  const itemStart = typed.raw.lastIndexOf(",") + 1;
  const item = typed.raw.slice(Math.max(itemStart, skip));
  const colon = item.lastIndexOf(":");
  const from = Math.max(itemStart, skip);
  if (colon >= 0)
    return replace(line, typed, from + colon + 1, startingWith(item.slice(colon + 1), SPECS[kind], "value"));
  const named = kind === "aggregates" ? item.indexOf("=") + 1 : 0;
  const stars = kind === "aggregates" ? startingWith(item.slice(named), ["*:count"], "value") : [];
  return replace(line, typed, from + named, [
    ...columnsFrom(place.columns, item.slice(named)).map(({ text, type }) => ({ text: `${text}:`, type })),
    ...stars,
  ]);
}

function completeCondition({ typed, line, columns }: Place, skip: number): Completion {
  const { from, names } = namesInCondition(typed.raw.slice(skip), columns);
  return replace(
    line,
    typed,
    skip + from,
    names.map((text) => ({ text, type: "column" })),
  );
}

function completeArgument({ typed, line, names, cwd }: Place, argument: ArgumentDefinition): Completion {
  if (argument.choices) return replace(line, typed, 0, startingWith(typed.raw, argument.choices, "value"));
  const variables =
    argument.complete === "source" || argument.complete === "variable"
      ? startingWith(typed.raw, names, "variable")
      : [];
  if (argument.complete === "environment")
    return replace(line, typed, 0, startingWith(typed.raw, Object.keys(process.env).sort(), "variable"));
  const files = argument.complete === "source" || argument.complete === "file" ? completeFiles(typed.raw, cwd) : [];
  return replace(line, typed, 0, [...variables, ...files]);
}

/** The argument that a word at the cursor would be. */
function argumentAt({ definition, words }: Place): ArgumentDefinition | undefined {
  const before = positional(definition, words.slice(0, -1)).length;
  return definition.args[before] ?? definition.args.find(({ rest }) => rest);
}

function positional(definition: MagicDefinition, words: readonly TypedWord[]): readonly TypedWord[] {
  return words.filter(({ raw }, index) => {
    if (raw.startsWith("-")) return false;
    const before = words[index - 1];
    const option = before && !before.raw.includes("=") ? findOption(definition, before.raw) : undefined;
    return option === undefined || option.kind === "flag";
  });
}

function columnsFrom(names: readonly string[], prefix: string): readonly Match[] {
  return startingWith(prefix, names.map(quoteItem), "column");
}

function sourceAmong(definition: MagicDefinition, words: readonly TypedWord[]): TypedWord | undefined {
  return definition.args[0]?.complete === "source" ? positional(definition, words.slice(0, -1))[0] : undefined;
}

/** A bare name, or one that is bound. */
function sourceVariable(
  definition: MagicDefinition,
  words: readonly TypedWord[],
  names: readonly string[],
): string | undefined {
  const raw = sourceAmong(definition, words)?.raw;
  const name = raw && (/^\$\{\s*([^\s{}]+)\s*\}$/.exec(raw)?.[1] ?? raw);
  return name && names.includes(name) ? name : undefined;
}

function findOption(definition: MagicDefinition, typed: string): OptionDefinition | undefined {
  const options = allOptions(definition);
  if (typed.startsWith("--")) return Object.hasOwn(options, typed.slice(2)) ? options[typed.slice(2)] : undefined;
  return typed.startsWith("-") ? Object.values(options).find(({ short }) => short === typed.slice(1)) : undefined;
}

function allOptions(definition: MagicDefinition): Readonly<Record<string, OptionDefinition>> {
  return { ...definition.options, help: COMMON.help };
}

function startingWith(prefix: string, candidates: Iterable<string>, type: string): readonly Match[] {
  const lower = prefix.toLowerCase();
  return [...candidates].filter((text) => text.toLowerCase().startsWith(lower)).map((text) => ({ text, type }));
}

function replace(line: MagicLine, typed: TypedWord, skip: number, matches: readonly Match[]): Completion {
  return { matches, start: line.start + typed.start + skip, end: line.start + line.cursor };
}
