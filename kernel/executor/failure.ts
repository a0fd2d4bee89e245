import { inspect, types } from "node:util";
import { EngineError, Interrupted, OutgrowError, type Span } from "../../src/errors.ts";

import type { SparkCause } from "../../src/spark/connect/errors.ts";
import { formatCount } from "../../src/units.ts";
import { asTyped } from "../cell/as-typed.ts";
import { cutAround, padding } from "../cell/columns.ts";
import { CellSyntaxError, excerptAt } from "../cell/syntax-error.ts";
import { hideTokens } from "../display/hide-tokens.ts";
import type { CellFailure } from "../link/messages.ts";
import { sourceOf } from "./cell-sources.ts";
import { compilePlace } from "./compile-place.ts";
import { nextStep } from "./next-step.ts";
import { isA, safely } from "./safely.ts";
import { displayPath, type Frame, userFrames } from "./stack.ts";

const DEEPEST_CAUSE = 5;
const MOST_FRAMES = 20;
/** Of a message, which may hold the data that it complains of: it goes to the notebook twice. */
const MOST_MESSAGE_CHARS = 100_000;

/** What Jupyter shows for a thrown value: the place in the cell as typed, the user's frames, the causes, the fix. */
export function toFailure(thrown: unknown, filename?: string): CellFailure {
  const { name, message } = titleOf(thrown);
  return {
    ename: name,
    evalue: hideTokens(message),
    traceback: linesOf(thrown, filename, 0, new Set()).map(hideTokens),
  };
}

function linesOf(thrown: unknown, filename: string | undefined, depth: number, seen: Set<unknown>): string[] {
  seen.add(thrown);
  const { name, message } = titleOf(thrown);
  const code = isA(thrown, OutgrowError) && !isA(thrown, Interrupted) ? ` ${thrown.code}` : "";
  return [
    `${red(name + code)}: ${message}`,
    ...placeOf(thrown, filename),
    ...hintOf(thrown, framesOf(thrown)),
    ...partsOf(thrown).flatMap((part, index) => ["", `[${index + 1}] ${titleOf(part).name}: ${titleOf(part).message}`]),
    ...causeOf(thrown, depth, seen),
  ];
}

function titleOf(thrown: unknown): { readonly name: string; readonly message: string } {
  if (!isError(thrown))
    return { name: "Thrown", message: safely(() => inspect(thrown, { depth: 2 }), "a value that cannot be shown") };
  const own = safely(() => String(thrown.name || "Error"), "Error");
  const kind = safely(() => thrown.constructor.name, own);
  // A class that extends Error and sets no name is known by its class.
  return {
    name: own === "Error" && kind !== "" ? kind : own,
    message: safely(() => asTyped(cut(String(thrown.message))), ""),
  };
}

function cut(message: string): string {
  const more = message.length - MOST_MESSAGE_CHARS;
  return more > 0 ? `${message.slice(0, MOST_MESSAGE_CHARS)}… (${formatCount(more)} more characters)` : message;
}

/** The faulty line with a caret, then the frames. */
function placeOf(thrown: unknown, filename: string | undefined): string[] {
  if (isA(thrown, CellSyntaxError)) {
    return [`  ${filename ?? "cell"}:${thrown.line}:${thrown.column}`, ...indent(thrown.excerpt)];
  }
  const caret = isA(thrown, OutgrowError) && thrown.at ? spanLines(thrown.at, filename) : [];
  if (!isError(thrown)) return caret;
  const compiling = compilePlace(thrown);
  const frames = framesOf(thrown);
  const shown = frames.slice(0, MOST_FRAMES).map(({ text }) => dim(`    at ${text}`));
  const left = frames.length - shown.length;
  return [
    ...(compiling ? [`  ${displayPath(compiling[0])}`, ...indent(clip(compiling[1]))] : []),
    ...(caret.length > 0 ? caret : compiling ? [] : excerptOf(frames)),
    ...shown,
    ...(left > 0 ? [dim(`    … ${left} more`)] : []),
  ];
}

function framesOf(thrown: unknown): readonly Frame[] {
  return isError(thrown) ? userFrames(safely(() => String(thrown.stack ?? ""), "")) : [];
}

function excerptOf(frames: readonly Frame[]): string[] {
  for (const { file, line, column } of frames) {
    const source = file === undefined ? undefined : sourceOf(file);
    if (source && line !== undefined && column !== undefined) return indent(excerptAt(source.text, { line, column }));
  }
  return [];
}

function hintOf(thrown: unknown, frames: readonly Frame[]): string[] {
  const hint = isA(thrown, OutgrowError) ? thrown.hint : isError(thrown) ? nextStep(thrown, lineAt(frames)) : undefined;
  return hint ? [`  ${hint}`] : [];
}

/** The line of a cell, as typed, on which the error rose. */
function lineAt(frames: readonly Frame[]): string | undefined {
  const [first] = frames;
  const source = first?.file === undefined ? undefined : sourceOf(first.file);
  return first?.line === undefined ? undefined : source?.text.split("\n")[first.line - 1];
}

/** The errors that an AggregateError gathers. */
function partsOf(thrown: unknown): unknown[] {
  return isA(thrown, AggregateError) ? safely(() => thrown.errors.slice(0, MOST_FRAMES), []) : [];
}

function causeOf(thrown: unknown, depth: number, seen: Set<unknown>): string[] {
  if (!isError(thrown)) return [];
  const cause = safely(() => thrown.cause, undefined);
  if (cause === undefined || cause === null || seen.has(cause) || depth >= DEEPEST_CAUSE) return [];
  const folded = serverStack(cause);
  if (folded) return folded;
  if (isA(thrown, OutgrowError) && isEngineError(cause, thrown)) return engineWords(cause, thrown);
  if (saysTheSame(thrown, cause)) return causeOf(cause, depth + 1, seen);
  const [title = "", ...rest] = linesOf(cause, undefined, depth + 1, seen);
  return ["", `Caused by ${title}`, ...rest];
}

/** An error that was given a place, or the name of what it is about; or of which a better word is told above than the engine's. */
function saysTheSame(error: Error, cause: unknown): boolean {
  if (!isA(error, OutgrowError) || !isA(cause, OutgrowError)) return false;
  return error.hint !== undefined && (error.code === cause.code || isA(cause, EngineError));
}

/** One that rose in no line of the user's but those that the error itself tells, as that of a magic. */
function isEngineError(cause: unknown, error: Error): cause is Error {
  if (!isError(cause) || isA(cause, OutgrowError)) return false;
  const told = new Set(framesOf(error).map(({ text }) => text));
  return framesOf(cause).every(({ text }) => told.has(text));
}

/** What an engine said of a fault that is told above: its settings and the query that nobody typed stay in the error. */
function engineWords(cause: Error, error: OutgrowError): string[] {
  // The engine's word that it was stopped says nothing more.
  if (isA(error, Interrupted)) return [];
  const { name, message } = titleOf(cause);
  const [first = "", ...rest] = message.trimEnd().split("\n");
  const left = rest.length > 0 ? [dim(`    the other ${rest.length} lines stand in error.cause`)] : [];
  const isTold = titleOf(error).message.includes(first.replace(/^[A-Z][A-Za-z ]* Error: /, ""));
  return isTold ? left : ["", `Caused by ${red(name)}: ${first}`, ...left];
}

function spanLines(at: Span, filename: string | undefined): string[] {
  const before = at.text.slice(0, at.start).split("\n");
  const place = `  ${filename ?? "cell"}:${(at.line ?? 0) + before.length - 1}:${(before.at(-1)?.length ?? 0) + 1}`;
  return [...(at.line === undefined ? [] : [place]), ...indent(underline(at))];
}

/** What a server's Java said stays in the error: sixty lines of its inside tell nobody what to mend in the cell. */
function serverStack(cause: unknown): string[] | undefined {
  const { javaClass, serverStack: lines } = safely(() => cause as Partial<SparkCause>, {});
  if (!Array.isArray(lines)) return undefined;
  const stack = lines.length > 0 ? `${lines.length} lines of its stack are in error.cause.serverStack` : "";
  const words = [javaClass, stack].filter(Boolean);
  return words.length > 0 ? [dim(`    Java: ${words.join("; ")}`)] : [];
}

function underline({ text, start, end }: Span): string {
  const lineStart = text.lastIndexOf("\n", start - 1) + 1;
  const lineEnd = text.indexOf("\n", start);
  const line = text.slice(lineStart, lineEnd < 0 ? undefined : lineEnd);
  const before = line.slice(0, start - lineStart);
  return `${line}\n${padding(before)}${"^".repeat(Math.max(1, Math.min(end - start, line.length - before.length)))}`;
}

/** V8's line and the carets below it. */
function clip(excerpt: string): string {
  const [line = "", carets = ""] = excerpt.split("\n");
  const first = carets.search(/\S|$/);
  const { text, at } = cutAround(line, first);
  return `${text}\n${carets.slice(first - at)}`;
}

function indent(text: string): string[] {
  return text.split("\n").map((line) => `  ${line}`);
}

function isError(thrown: unknown): thrown is Error {
  return types.isNativeError(thrown) || isA(thrown, Error);
}

function red(text: string): string {
  return `\u001b[31m${text}\u001b[39m`;
}

function dim(text: string): string {
  return `\u001b[2m${text}\u001b[22m`;
}
