import { nearest, type Span, UsageError } from "../../src/errors.ts";
import type { MagicCall } from "../cell/magic-call.ts";
import { byOtherName, insteadOf, longName } from "./long-name.ts";
import type { ArgumentDefinition, MagicDefinition, MagicInvocation, OptionDefinition } from "./magic.ts";
import { COMMON } from "./options.ts";
import { readChoice, readValue } from "./read-value.ts";
import { readSourceWord } from "./source-word.ts";
import { unboundOf } from "./unbound.ts";
import { type BoundWord, boundWords, soleValue, wordTail, wordText } from "./words.ts";

export interface Line {
  readonly text: string;
  /** How the user types the magic: `%%chunked`, `outgrow chunked`. */
  readonly typed: string;
  readonly words: readonly BoundWord[];
  /** Bare words are paths: on the command line there are no variables. */
  readonly onlyPaths?: boolean | undefined;
}

type Parsed = Pick<MagicInvocation, "args" | "options">;

/**
 * Reads a magic line by its definition. With `-h` only `options.help` is there, and nothing else is checked.
 *
 * @param values what the call's `${…}` expressions gave, in order
 * @throws {UsageError} with the place in the line
 * @example
 * parseMagic(chunked, call, []).options.by; // ["user_id"]
 */
export function parseMagic(definition: MagicDefinition, call: MagicCall, values: readonly unknown[]): MagicInvocation {
  const isCell = call.sign === "%%";
  const typed = `${call.sign}${call.name}`;
  const bodyValues = call.inBody ? values.slice(-call.inBody) : [];
  const body = call.bodyText === undefined ? {} : { bodyText: call.bodyText, bodyLine: call.bodyLine, bodyValues };
  const common = { isCell, line: call.line, ...body };
  if (definition.raw) return { ...parseRaw(definition, call), ...common };
  const parsed = parseWords(definition, { text: call.line, typed, words: boundWords(call, values) });
  const needsBody = isCell && (definition.body === "function" || definition.body === "text");
  if (needsBody && !parsed.options.help && !call.bodyText?.trim()) throw emptyCell(definition, call, typed);
  return { ...parsed, ...common };
}

/** Arguments and options of words, wherever they come from. */
export function parseWords(definition: MagicDefinition, line: Line): Parsed {
  const state: State = { definition, line, options: new Map(), positional: [] };
  let ended = false;
  for (let index = 0; index < line.words.length; ) {
    const word = line.words[index] as BoundWord;
    if (!ended && word.raw === "--") ended = true;
    else if (!ended && word.raw.startsWith("--")) index = readLong(state, word, index);
    else if (!ended && /^-[a-zA-Z]/.test(word.raw)) index = readShort(state, word, index);
    else state.positional.push(word);
    index++;
    if (state.options.get("help") === true) return { args: {}, options: { help: true } };
  }
  return { args: readArguments(state), options: withDefaults(definition, state.options) };
}

interface State {
  readonly definition: MagicDefinition;
  readonly line: Line;
  readonly options: Map<string, unknown>;
  readonly positional: BoundWord[];
}

function parseRaw(definition: MagicDefinition, call: MagicCall): Parsed {
  if (call.rest === "-h" || call.rest === "--help") return { args: {}, options: { help: true } };
  const [argument] = definition.args;
  if (argument?.required && call.rest === "" && call.sign === "%")
    throw new UsageError("E_MISSING_ARGUMENT", `${call.sign}${call.name} needs ${argument.name}`, {
      hint: `as in ${definition.examples[0] ?? call.line}`,
      at: { text: call.line, start: 0, end: call.line.length },
    });
  return {
    args: argument && call.rest !== "" ? { [argument.name]: call.rest } : {},
    options: withDefaults(definition, new Map()),
  };
}

/** `--name value`, `--name=value`, `--flag`, `--no-flag`. Gives the index of the last word that it took. */
function readLong(state: State, word: BoundWord, index: number): number {
  const head = typeof word.parts[0] === "string" ? word.parts[0] : "";
  const equals = head.indexOf("=");
  const typed = equals < 0 ? head : head.slice(0, equals);
  const { name, option, negated } = findOption(state, typed, word);
  if (equals >= 0) {
    if (negated) throw wrongUse(state, word, `${typed} takes no value`, `write ${typed}`);
    setOption(state, name, option, wordTail(word, equals + 1), word);
    return index;
  }
  if (option.kind === "flag") {
    setOnce(state, name, !negated, word);
    return index;
  }
  setOption(state, name, option, nextValue(state, index, typed, option), word);
  return index + 1;
}

/** `-q`, `-n 5`, `-n5`, `-fq`. */
function readShort(state: State, word: BoundWord, index: number): number {
  const head = typeof word.parts[0] === "string" ? word.parts[0] : "";
  for (let at = 1; at < head.length; at++) {
    const { name, option } = findOption(state, `-${head[at]}`, word);
    if (option.kind === "flag") {
      setOnce(state, name, true, word);
      continue;
    }
    const tail = wordTail(word, head[at + 1] === "=" ? at + 2 : at + 1);
    const isAttached = tail.parts.length > 0;
    setOption(state, name, option, isAttached ? tail : nextValue(state, index, `-${head[at]}`, option), word);
    return isAttached ? index : index + 1;
  }
  return index;
}

function findOption(
  state: State,
  typed: string,
  word: BoundWord,
): { name: string; option: OptionDefinition; negated: boolean } {
  const known: Readonly<Record<string, OptionDefinition>> = { ...state.definition.options, help: COMMON.help };
  const isLong = typed.startsWith("--");
  const own = (name: string) => (Object.hasOwn(known, name) ? known[name] : undefined);
  if (isLong) {
    const name = typed.slice(2);
    const option = own(name);
    if (option) return { name, option, negated: false };
    const positive = own(name.replace(/^no-/, ""));
    if (name.startsWith("no-") && positive?.kind === "flag")
      return { name: name.slice(3), option: positive, negated: true };
  } else {
    const entry = Object.entries(known).find(([, { short }]) => short === typed.slice(1));
    if (entry) return { name: entry[0], option: entry[1], negated: false };
  }
  const near = isLong
    ? (byOtherName(typed.slice(2), known) ?? nearest(typed.slice(2), Object.keys(known), 1)[0])
    : undefined;
  const instead = isLong ? insteadOf(typed.slice(2)) : undefined;
  const hint =
    instead ??
    (near === undefined
      ? `its options are ${Object.entries(known)
          .map(([name, option]) => longName(name, option))
          .join(", ")}`
      : `did you mean --${near}?`);
  const at = spanOf(state.line, word.start, Math.min(word.end, isLong ? word.start + typed.length : word.end));
  throw new UsageError("E_UNKNOWN_OPTION", `${state.line.typed} has no option ${typed}`, { hint, at });
}

function nextValue(state: State, index: number, typed: string, option: OptionDefinition): BoundWord {
  const word = state.line.words[index] as BoundWord;
  const next = state.line.words[index + 1];
  const looksLikeOption = next !== undefined && /^--?[a-zA-Z]|^--$/.test(next.raw);
  if (next && !looksLikeOption) return next;
  const example = option.choices?.join("|") ?? option.value ?? "VALUE";
  throw new UsageError("E_MISSING_VALUE", `${typed} needs a value`, {
    hint: `write ${typed} ${example}${looksLikeOption ? `; a value that starts with a dash is written ${typed}=${next.raw}` : ""}`,
    at: spanOf(state.line, word.start, word.end),
  });
}

function setOption(state: State, name: string, option: OptionDefinition, value: BoundWord, word: BoundWord): void {
  const site = { label: `--${name}`, at: spanOf(state.line, value.start, Math.max(value.end, value.start + 1)) };
  const read = unboundOf(value, site.at) ?? readValue(option, value, site);
  const before = option.repeats ? state.options.get(name) : undefined;
  if (Array.isArray(before) && Array.isArray(read)) state.options.set(name, [...before, ...read]);
  else setOnce(state, name, read, word);
}

function setOnce(state: State, name: string, value: unknown, word: BoundWord): void {
  if (state.options.has(name))
    throw wrongUse(state, word, `--${name} is given twice`, "leave one out; lists are separated by commas");
  state.options.set(name, value);
}

function readArguments(state: State): Readonly<Record<string, unknown>> {
  const { definition, line, positional } = state;
  const args: Record<string, unknown> = {};
  let at = 0;
  for (const argument of definition.args) {
    if (argument.rest) {
      args[argument.name] = positional.slice(at).map((word) => readArgument(argument, word, line));
      at = Math.max(at, positional.length);
    } else if (at < positional.length)
      args[argument.name] = readArgument(argument, positional[at++] as BoundWord, line);
    else if (argument.required) throw missingArgument(state, argument);
  }
  const extra = positional[at];
  if (extra) throw wrongUse(state, extra, `${line.typed} does not take "${extra.raw}"`, extraHint(definition, extra));
  return args;
}

function readArgument(argument: ArgumentDefinition, word: BoundWord, line: Line): unknown {
  const at = spanOf(line, word.start, word.end);
  const unbound = unboundOf(word, at);
  if (unbound) return unbound;
  if (argument.complete === "source") return readSourceWord(word, at, line.onlyPaths ?? false);
  if (argument.choices) return readChoice(argument.choices, wordText(word), { label: argument.name, at });
  return soleValue(word)?.value ?? wordText(word);
}

function missingArgument({ definition, line }: State, argument: ArgumentDefinition): UsageError {
  const choices = argument.choices ? ` (${argument.choices.join(", ")})` : "";
  return new UsageError("E_MISSING_ARGUMENT", `${line.typed} needs ${argument.name}${choices}`, {
    hint: `as in ${definition.examples[0]?.split("\n")[0] ?? line.typed}`,
    at: spanOf(line, 0, line.text.length),
  });
}

/** A forgotten `--` or quote is the likely slip. */
function extraHint(definition: MagicDefinition, word: BoundWord): string {
  const name = word.raw.split("=")[0] ?? "";
  if (Object.hasOwn(definition.options, name)) return `did you mean --${name}?`;
  if (definition.args.length === 0) return "it takes options only";
  return `it takes ${definition.args.map((argument) => argument.name).join(" ")}; quote a value that has spaces`;
}

function withDefaults(
  definition: MagicDefinition,
  given: ReadonlyMap<string, unknown>,
): Readonly<Record<string, unknown>> {
  const defaults = Object.entries(definition.options).flatMap(([name, option]) =>
    option.default === undefined ? [] : [[name, option.default]],
  );
  return { ...Object.fromEntries(defaults), ...Object.fromEntries(given) };
}

function emptyCell(definition: MagicDefinition, call: MagicCall, typed: string): UsageError {
  const hint = definition.forms.includes("%") ? `did you mean %${call.name}?` : "write its text below the line";
  return new UsageError("E_EMPTY_CELL", `${typed} is a cell magic and the cell is empty`, {
    hint,
    at: { text: call.line, start: 0, end: typed.length },
  });
}

function wrongUse({ line }: State, word: BoundWord, message: string, hint: string): UsageError {
  return new UsageError("E_BAD_USE", message, { hint, at: spanOf(line, word.start, word.end) });
}

function spanOf({ text }: Line, start: number, end: number): Span {
  return { text, start, end };
}
