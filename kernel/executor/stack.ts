import { findSourceMap, type SourceMapping } from "node:module";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { packageRoot } from "../../src/paths.ts";
import { asTyped } from "../cell/as-typed.ts";
import type { Position } from "../cell/positions.ts";
import { placeOfAbsent } from "./absent-name.ts";
import { type CellSource, sourceOf } from "./cell-sources.ts";
import { isA, safely } from "./safely.ts";

/** One line of a stack that is the user's business. */
export interface Frame {
  /** As shown, without the leading `at`. */
  readonly text: string;
  readonly file?: string | undefined;
  readonly line?: number | undefined;
  readonly column?: number | undefined;
}

/** From now on `error.stack` tells lines of cells as they were typed, wherever it is read. */
export function mapStacks(): void {
  Error.stackTraceLimit = 30;
  Error.prepareStackTrace = (error, sites) => {
    const message = safely(() => (error instanceof ReferenceError ? error.message : ""), "");
    const frames = sites.map((site, i) => describe(site, i === 0 ? message : ""));
    const shown = frames.some(({ cell }) => cell) ? usersOwn(frames) : frames;
    return [header(error), ...shown.map(({ text }) => `    at ${text}`)].join("\n");
  };
}

/** Its text is made when it is first read. */
export function stackHere(): { readonly stack?: string } {
  const here: { readonly stack?: string } = {};
  Error.captureStackTrace(here);
  return here;
}

/** An error that rose where no code of a cell's was waited for gets the frames of the cell's code that asked: those of `asked`. */
export function addCellFrames(error: unknown, asked: { readonly stack?: string }): void {
  // What comes out of the loader's thread is no native error.
  if (!isA(error, Error)) return;
  safely(() => {
    const known = unasked.get(error);
    const lines = String(error.stack).split("\n");
    const cell = lines.findIndex(isInCell);
    // What V8 knows of the cell itself lacks functions that only hand the promise on.
    const own = known ?? (cell < 0 ? lines : lines.slice(0, cell)).join("\n");
    unasked.set(error, own);
    error.stack = `${own}${String(asked.stack).replace(/^(?!\s+at ).*$/m, "")}`;
  }, undefined);
}

function isInCell(line: string): boolean {
  return userFrames(line).some(({ file }) => file !== undefined && sourceOf(file) !== undefined);
}

/** Stacks as they rose, without those who asked: a module that failed fails with the same error in the next cell that asks for it. */
const unasked = new WeakMap<Error, string>();

/** Where something in a running script was typed, in a cell or in a TypeScript file beside the notebook; null for what is the compiler's own. */
export function originOf(script: string, line: number, column: number): readonly [line: number, column: number] | null {
  const source = sourceOf(script);
  if (source) {
    const place = source.original({ line, column });
    return place ? [place.line, place.column] : null;
  }
  const entry = findSourceMap(script)?.findEntry(line - 1, column - 1);
  if (entry === undefined) return [line, column];
  return hasOrigin(entry) ? [entry.originalLine + 1, entry.originalColumn + 1] : null;
}

/** The user's frames of a stack text: cells, their modules, packages; nothing of Node's inside or of the kernel. */
export function userFrames(stack: string): Frame[] {
  const frames = stack
    .split("\n")
    .filter((line) => /^\s+at /.test(line))
    .map((line) => toFrame(line.replace(/^\s+at /, "")))
    .filter(({ file, text }) => !isInside(file) && !/\bnode:/.test(text));
  while (frames.length > 0 && frames.at(-1)?.file === undefined) frames.pop();
  return frames;
}

/** Where the kernel's own code stands in a file of the user's name. */
export const BEFORE_FIRST_LINE = 0;
/** Columns. */
const NEAR = 24;
const PLACE = /\(?([^()]*?):(\d+):(\d+)\)?$/;
const ours = new RegExp(
  `^(?:file://)?(?:${literally(pathToFileURL(packageRoot()).pathname)}|${literally(packageRoot())})/dist/`,
);

const TOOLS = /\/node_modules\/(?:apache-arrow|flatbuffers|@duckdb|@grpc|@bufbuild)\//;

interface Described {
  readonly text: string;
  readonly cell: boolean;
  readonly ours: boolean;
  /** Of the language itself, as `Array.map`, or of a package that Outgrow is made of: the user's business where no code of ours called it. */
  readonly isTool?: boolean;
}

/** Without the kernel's frames and what those called of the language; a cell whose magic runs the rest of it is there once. */
function usersOwn(frames: readonly Described[]): readonly Described[] {
  const isOurs = (frame: Described | undefined, at: number): boolean =>
    frame !== undefined && (frame.ours || (frame.isTool === true && isOurs(frames[at + 1], at + 1)));
  const own = frames.filter((frame, at) => !isOurs(frame, at));
  return own.filter(({ text, cell }, at) => !(cell && text === own[at - 1]?.text && !text.endsWith(")")));
}

function describe(site: NodeJS.CallSite, message: string): Described {
  const text = String(site);
  const file = site.getFileName() ?? "";
  // V8 from 13 on has no number for a line before the first.
  const line = site.getLineNumber() ?? (file === "" ? null : BEFORE_FIRST_LINE);
  const column = site.getColumnNumber();
  const source = sourceOf(file);
  if (line === BEFORE_FIRST_LINE) return { text, cell: false, ours: true };
  if (line === null || column === null) return { text, cell: false, ours: isInside(file), isTool: file === "" };
  if (site.isEval()) return { text: originsTyped(text), cell: false, ours: false };
  if (source === undefined)
    return { text: mapped(text, file, line, column), cell: false, ours: isInside(file), isTool: TOOLS.test(file) };
  const near = originalNear(source, line, column);
  const place = near && placeOfAbsent(message, lineOf(source, near.line), near);
  const typed = place ? `${source.name}:${place.line}:${place.column}` : source.name;
  return { text: named(text, `${file}:${line}:${column}`, typed), cell: true, ours: place === undefined };
}

/** `eval at f (cell-3.ts:4:2)`: where the text that runs was made. */
function originsTyped(text: string): string {
  return text.replace(/([\w-]+\.ts):(\d+):(\d+)/g, (whole, file: string, line: string, column: string) => {
    const source = sourceOf(file);
    const place = source && originalNear(source, Number(line), Number(column));
    return place ? `${source.name}:${place.line}:${place.column}` : whole;
  });
}

/** TypeScript files beside the notebook carry their maps. */
function mapped(text: string, file: string, line: number, column: number): string {
  const entry = /\.[cm]?tsx?(\?|$)/.test(file) ? findSourceMap(file)?.findEntry(line - 1, column - 1) : undefined;
  if (!entry || !hasOrigin(entry)) return text;
  return text.replace(`:${line}:${column}`, `:${entry.originalLine + 1}:${entry.originalColumn + 1}`);
}

/** Node gives an empty object for a place that the map does not know. */
function hasOrigin(entry: object): entry is SourceMapping {
  return "originalLine" in entry;
}

/** What the compiler put in has no place of its own: the nearest place on its line stands for it. */
function originalNear(source: CellSource, line: number, column: number): Position | undefined {
  for (let distance = 0; distance <= NEAR; distance++) {
    const place =
      source.original({ line, column: column + distance }) ??
      source.original({ line, column: Math.max(1, column - distance) });
    if (place) return isMagicLine(source, place.line) ? { line: place.line, column: 1 } : place;
  }
  return undefined;
}

function isMagicLine(source: CellSource, line: number): boolean {
  return /^[%!]/.test(lineOf(source, line));
}

function lineOf({ text }: CellSource, line: number): string {
  return text.split("\n")[line - 1] ?? "";
}

/** The function that wraps a cell has a name of ours, and V8 calls a nameless one after the result: the cell's own lines stand for themselves. */
function named(text: string, scriptPlace: string, typed: string): string {
  const before = text.replace(scriptPlace, typed);
  return before.replace(/^(async )?(?:Object\.)?(?:\$cell|\$value|<anonymous>) \((.*)\)$/, "$1$2");
}

function header(error: Error): string {
  try {
    // What `console.trace` and `captureStackTrace` make is no error, but has its name and message.
    return asTyped(Error.prototype.toString.call(error));
  } catch {
    return "Error";
  }
}

function toFrame(text: string): Frame {
  const match = PLACE.exec(text.replace(/^async /, "").replace(/^.*? \((?=.*\)$)/, "("));
  if (!match?.[1]) return { text };
  const file = match[1];
  const shown = displayPath(file);
  return { text: text.replace(file, shown), file, line: Number(match[2]), column: Number(match[3]) };
}

/** Files below the notebook are shown from there, without the marks of re-imports. */
export function displayPath(file: string): string {
  const plain = file.startsWith("file://") ? fileURLToPath(file.replace(/[?#].*$/, "")) : file;
  if (!path.isAbsolute(plain)) return plain;
  const relative = safely(() => path.relative(process.cwd(), plain), plain);
  return relative.startsWith("..") ? plain : relative;
}

function isInside(file: string | undefined): boolean {
  return file !== undefined && (ours.test(file) || file.startsWith("node:"));
}

function literally(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
