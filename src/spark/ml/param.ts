import { nearest, UsageError } from "../../errors.ts";
import type { Matrix } from "../connect/linear-algebra.ts";
import {
  booleanLiteral,
  doubleListsLiteral,
  doubleLiteral,
  doublesLiteral,
  intLiteral,
  intsLiteral,
  type LiteralInit,
  longLiteral,
  matrixLiteral,
  stringLiteral,
  stringsLiteral,
  vectorLiteral,
} from "./values.ts";

/** One parameter of an operator: what it takes, and how it is sent. */
export interface Param<T> {
  /** In words: "a whole number of at least 1". */
  readonly takes: string;
  /** What the server takes when nothing is said; undefined where that depends or is nothing. */
  readonly default?: T | undefined;
  readonly required?: boolean;
  accepts(value: unknown): boolean;
  literal(value: T): LiteralInit;
}

export type Params = Readonly<Record<string, Param<unknown>>>;

/** What can be given for a table of parameters. */
export type ParamValues<P> = { readonly [Name in keyof P]?: (P[Name] extends Param<infer T> ? T : never) | undefined };

interface Range {
  readonly from?: number;
  readonly to?: number;
  /** Above `from`, below `to`: the ends themselves are refused. */
  readonly above?: number;
  readonly below?: number;
}

export function int(range: Range = {}, preset?: number): Param<number> {
  const accepts = (value: unknown) =>
    Number.isInteger(value) && Math.abs(value as number) < 2 ** 31 && within(value, range);
  return { takes: `a whole number${rangeWords(range)}`, default: preset, accepts, literal: intLiteral };
}

/** A whole number of 64 bits, such as a seed. */
export function long(): Param<number | bigint> {
  const accepts = (value: unknown) =>
    typeof value === "bigint" ? BigInt.asIntN(64, value) === value : Number.isSafeInteger(value);
  return { takes: "a whole number (a bigint beyond 2^53)", accepts, literal: longLiteral };
}

export function double(range: Range = {}, preset?: number): Param<number> {
  const accepts = (value: unknown) => Number.isFinite(value) && within(value, range);
  return { takes: `a number${rangeWords(range)}`, default: preset, accepts, literal: doubleLiteral };
}

/** Also NaN and the infinities. */
export function anyNumber(preset?: number): Param<number> {
  const accepts = (value: unknown) => typeof value === "number";
  return { takes: "a number, NaN or an infinity", default: preset, accepts, literal: doubleLiteral };
}

export function bool(preset: boolean): Param<boolean> {
  const accepts = (value: unknown) => typeof value === "boolean";
  return { takes: "true or false", default: preset, accepts, literal: booleanLiteral };
}

export function name(preset?: string): Param<string> {
  const accepts = (value: unknown) => typeof value === "string" && value !== "";
  return { takes: "the name of a column", default: preset, accepts, literal: stringLiteral };
}

/** The name of a column that is not made or read when there is none. */
export function nameOrNone(preset?: string): Param<string> {
  const accepts = (value: unknown) => typeof value === "string";
  return { takes: 'the name of a column, or "" for none', default: preset, accepts, literal: stringLiteral };
}

export function names(options: { readonly required?: boolean } = {}): Param<readonly string[]> {
  const accepts = isListOf((one) => typeof one === "string" && one !== "");
  return { takes: "names in an array", accepts, literal: stringsLiteral, ...options };
}

export function doubles(range: Range = {}, preset?: readonly number[]): Param<readonly number[]> {
  const accepts = isListOf(double(range).accepts);
  return { takes: `numbers${rangeWords(range)} in an array`, default: preset, accepts, literal: doublesLiteral };
}

export function ints(range: Range = {}, options: { readonly required?: boolean } = {}): Param<readonly number[]> {
  const one = int(range);
  return {
    takes: `whole numbers${rangeWords(range)} in an array`,
    accepts: isListOf(one.accepts),
    literal: intsLiteral,
    ...options,
  };
}

/** Numbers that rise, three or more; the first may be -Infinity and the last Infinity. */
export function splits(): Param<readonly number[]> {
  return { takes: "three or more rising numbers in an array", accepts: areSplits, literal: doublesLiteral };
}

export function splitLists(): Param<readonly (readonly number[])[]> {
  const takes = "an array for each column, of three or more rising numbers";
  return { takes, accepts: isListOf(areSplits), literal: doubleListsLiteral };
}

export function vector(options: { readonly required?: boolean } = {}): Param<readonly number[]> {
  const accepts = isListOf((one) => typeof one === "number");
  return { takes: "a vector: numbers in an array", accepts, literal: vectorLiteral, ...options };
}

export function matrix(): Param<Matrix> {
  const takes = "a matrix: rows of as many numbers in an array";
  return { takes, accepts: isMatrix, literal: matrixLiteral };
}

/** Any text, such as a pattern. */
export function text(preset?: string, options: { readonly required?: boolean } = {}): Param<string> {
  const accepts = (value: unknown) => typeof value === "string";
  return { takes: "a text", default: preset, accepts, literal: stringLiteral, ...options };
}

export function oneOf<const T extends string>(words: readonly T[], preset?: T): Param<T> {
  const accepts = (value: unknown) => (words as readonly unknown[]).includes(value);
  return { takes: `one of ${words.join(", ")}`, default: preset, accepts, literal: stringLiteral };
}

/** How many features a split may choose from: a word, a number of them, or a fraction. */
export function featureSubset(preset: string): Param<FeatureSubset> {
  const words = ["auto", "all", "onethird", "sqrt", "log2"];
  const accepts = (value: unknown) =>
    typeof value === "string" && (words.includes(value) || /^([1-9]\d*|0?\.\d*[1-9]\d*|1\.0+)$/.test(value));
  const takes = `one of ${words.join(", ")}, a number of features such as "3", or a fraction such as "0.5"`;
  return { takes, default: preset as FeatureSubset, accepts, literal: stringLiteral };
}

export type FeatureSubset = "auto" | "all" | "onethird" | "sqrt" | "log2" | `${number}`;

/**
 * The given values without those that are undefined.
 *
 * @throws {UsageError} E_ML_PARAM for a name or a value that the operator does not take, before any server is asked
 */
export function checkParams(
  owner: string,
  params: Params,
  given: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const set = Object.entries(given).filter(([, value]) => value !== undefined);
  for (const [key, value] of set) {
    const param = Object.hasOwn(params, key) ? params[key] : undefined;
    if (!param) throw unknownParam(owner, params, key);
    if (!param.accepts(value))
      throw new UsageError("E_ML_PARAM", `${owner} does not take ${key}: ${show(value)}`, {
        hint: `${key} takes ${param.takes}`,
      });
  }
  const values = Object.fromEntries(set);
  const missing = Object.keys(params).find((key) => params[key]?.required && !(key in values));
  if (missing !== undefined)
    throw new UsageError("E_ML_PARAM", `${owner} needs ${missing}`, {
      hint: `${missing} takes ${params[missing]?.takes}`,
    });
  return values;
}

/** The values as the server wants them. */
export function paramLiterals(params: Params, values: Readonly<Record<string, unknown>>): Record<string, LiteralInit> {
  return Object.fromEntries(
    Object.entries(values).map(([key, value]) => [key, (params[key] as Param<unknown>).literal(value)]),
  );
}

/** What can be set, one line a parameter. */
export function explainParams(params: Params, values: Readonly<Record<string, unknown>>): string {
  return Object.entries(params)
    .map(([key, { takes, default: preset }]) => {
      const now = key in values ? `set to ${show(values[key])}` : undefined;
      const states = [preset === undefined ? undefined : `default ${show(preset)}`, now].filter(Boolean);
      return `${key}: ${takes}${states.length > 0 ? ` (${states.join(", ")})` : ""}`;
    })
    .join("\n");
}

function unknownParam(owner: string, params: Params, key: string): UsageError {
  const known = Object.keys(params);
  const near = nearest(key, known);
  return new UsageError("E_ML_PARAM", `${owner} has no parameter "${key}"`, {
    hint: near.length > 0 ? `did you mean ${near.join(" or ")}?` : `it has ${known.join(", ")}`,
  });
}

function isListOf(accepts: (value: unknown) => boolean): (value: unknown) => boolean {
  return (value) => Array.isArray(value) && value.length > 0 && value.every(accepts);
}

function areSplits(value: unknown): boolean {
  return (
    Array.isArray(value) &&
    value.length >= 3 &&
    value.every((one, i) => typeof one === "number" && (i === 0 ? !Number.isNaN(one) : one > value[i - 1]))
  );
}

function isMatrix(value: unknown): boolean {
  const isRow = isListOf((one) => typeof one === "number");
  return isListOf(isRow)(value) && (value as Matrix).every((row) => row.length === (value as Matrix)[0]?.length);
}

function within(
  value: unknown,
  { from = -Infinity, to = Infinity, above = -Infinity, below = Infinity }: Range,
): boolean {
  const number = value as number;
  return number >= from && number <= to && number > above && number < below;
}

function rangeWords({ from, to, above, below }: Range): string {
  const words = [
    from === undefined ? undefined : `of at least ${from}`,
    above === undefined ? undefined : `above ${above}`,
    to === undefined ? undefined : `at most ${to}`,
    below === undefined ? undefined : `below ${below}`,
  ].filter(Boolean);
  return words.length > 0 ? ` ${words.join(", ")}` : "";
}

function show(value: unknown): string {
  if (typeof value === "bigint") return `${value}n`;
  if (typeof value === "number") return String(value);
  return JSON.stringify(value) ?? String(value);
}
