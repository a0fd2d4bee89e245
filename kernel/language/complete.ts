import type { CompletionEntry } from "typescript/unstable/async";
import { namesInScope } from "./complete-names.ts";
import { offsetAfter } from "./edits.ts";
import { entryWord } from "./kinds.ts";
import type { NotebookText, PlacedCell } from "./notebook-text.ts";
import type { PresentedCell } from "./present.ts";
import { isServerGone, type TypeServer } from "./server.ts";
import type { Completion } from "./service.ts";

/** A list is for choosing from: past this many, type another letter. */
const MOST = 250;

/** What may stand at the cursor: members, import paths, literals, or names in scope. */
export async function completeAt(
  server: TypeServer,
  notebook: NotebookText,
  cell: PresentedCell,
  cursor: number,
): Promise<Completion> {
  const nothing: Completion = { matches: [], start: cursor, end: cursor };
  const placed = await notebook.place(cell);
  const position = placed.boundary + offsetAfter(placed.edits, offsetAfter(cell.edits, cursor));
  const prefix = /[\p{ID_Continue}$]*$/u.exec(cell.source.slice(0, cursor))?.[0] ?? "";
  const place = placeOf(placed, position);
  if (place === "comment" || /^\d/.test(prefix)) return { ...nothing, isFinal: true };
  const entries = await entriesAt(server, position);
  if (place === "string") return stringCompletion(entries, cell.source, cursor);
  const candidates =
    entries !== undefined
      ? entries
          .filter(isPlainName)
          .map(({ name, kind, sortText = "" }) => ({ text: name, type: entryWord(kind), rank: sortText }))
      : isMember(cell.source.slice(0, cursor - prefix.length))
        ? []
        : await namesInScope(server, placed, position, prefix);
  return { matches: choose(candidates, prefix), start: cursor - prefix.length, end: cursor };
}

export interface Candidate {
  readonly text: string;
  readonly type: string;
  /** Sorts before the text does. */
  readonly rank: string;
}

/** At a bare name the server has no answer ("needs auto imports") and rejects: undefined. */
async function entriesAt(server: TypeServer, position: number): Promise<readonly CompletionEntry[] | undefined> {
  try {
    const info = await server.checker.getCompletionsAtPosition(server.files.notebook, position);
    return info?.entries;
  } catch (error) {
    if (isServerGone(error)) throw error;
    return undefined;
  }
}

function choose(candidates: readonly Candidate[], prefix: string): Completion["matches"] {
  const lower = prefix.toLowerCase();
  const seen = new Set<string>();
  return candidates
    .filter(({ text }) => text.toLowerCase().startsWith(lower) && !seen.has(text) && seen.add(text))
    .sort(
      (a, b) =>
        Number(b.text.startsWith(prefix)) - Number(a.text.startsWith(prefix)) ||
        compare(a.rank, b.rank) ||
        compare(a.text, b.text),
    )
    .slice(0, MOST)
    .map(({ text, type }) => ({ text, type }));
}

/** Paths are completed part by part, other literals as a whole. */
function stringCompletion(entries: readonly CompletionEntry[] | undefined, source: string, cursor: number): Completion {
  const inside = /[^"'`]*$/.exec(source.slice(0, cursor))?.[0] ?? "";
  const names = (entries ?? []).map(({ name, kind, sortText = "" }) => ({
    text: name,
    type: entryWord(kind),
    rank: sortText,
  }));
  const whole = names.some(({ text }) => text.startsWith(inside));
  const prefix = whole ? inside : inside.slice(inside.lastIndexOf("/") + 1);
  return { matches: choose(names, prefix), start: cursor - prefix.length, end: cursor };
}

function placeOf({ ast, file }: PlacedCell, position: number): "code" | "string" | "comment" {
  const token = ast.getTokenAtPosition(file, Math.max(0, position - 1));
  const start = token.getStart(file);
  if (position <= start) return endsInComment(file.text.slice(token.pos, position)) ? "comment" : "code";
  if (!ast.isStringLiteral(token) && !ast.isNoSubstitutionTemplateLiteral(token)) return "code";
  const text = file.text.slice(start, token.end);
  const closed = text.length > 1 && text.endsWith(text[0] ?? "");
  return position < token.end || !closed ? "string" : "code";
}

/** `trivia` is white space and comments only. */
function endsInComment(trivia: string): boolean {
  const open = trivia.replace(/\/\*[\s\S]*?\*\/|\/\/[^\r\n]*[\r\n]/g, "");
  return open.includes("/*") || open.includes("//");
}

/** Two dots are half of a spread, or one too many. */
function isMember(before: string): boolean {
  const isNumber = /(?<![\p{ID_Continue}$.])\d[\d_]*\.$/u.test(before);
  return /(?:^|[^.])\.{1,2}\s*#?$|\?\.\s*$/.test(before) && !isNumber;
}

function isPlainName({ name }: CompletionEntry): boolean {
  return /^#?[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(name);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
