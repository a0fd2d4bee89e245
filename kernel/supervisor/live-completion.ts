import type { Completion } from "../language/service.ts";
import type { Kernel } from "./kernel.ts";

const NAME = "[\\p{ID_Start}$_][\\p{ID_Continue}$]*";
const PLAIN = new RegExp(`^${NAME}$`, "u");
/** `rows.first.na` */
const MEMBER = new RegExp(`(?<![\\p{ID_Continue}$.)\\]"'\`])(${NAME}(?:\\??\\.${NAME})*)\\??\\.(${NAME})?$`, "u");
/** `rows.first["na` */
const KEY = new RegExp(
  `(?<![\\p{ID_Continue}$.)\\]"'\`])(${NAME}(?:\\??\\.${NAME})*)(?:\\?\\.)?\\[(["'\`])([^"'\`\\n]*)$`,
  "u",
);
/** `df["am`, `df.groupby(["user_id", "ca`, `df.groupby(["user_id"]).col(["am` */
const COLUMN = new RegExp(
  `(?<![\\p{ID_Continue}$.])(${NAME})(?:\\??\\.${NAME}(?:\\([^()]*\\))?)*[([]+[^()[\\]]*?(["'\`])([^"'\`\\n]*)$`,
  "u",
);

/** Adds what only the values know: members that no type tells, and the columns of frames. Answered also while a cell runs; no getter runs. */
export async function withLive(code: string, cursor: number, found: Completion, kernel: Kernel): Promise<Completion> {
  if (found.isFinal) return found;
  const before = code.slice(0, cursor);
  const quoted = (await columnsAt(before, kernel)) ?? (await keysAt(before, kernel));
  if (quoted) return merge(found, cursor, quoted.prefix, quoted.matches);
  const member = MEMBER.exec(before);
  if (!member) return found;
  const [, path = "", prefix = ""] = member;
  const live = await ask(path.split(/\??\./), kernel);
  const members = (live?.members ?? []).filter(({ name }) => PLAIN.test(name));
  return merge(
    found,
    cursor,
    prefix,
    members.map(({ name, isFunction }) => ({ text: name, type: isFunction ? "method" : "property" })),
  );
}

interface Quoted {
  readonly prefix: string;
  readonly matches: Completion["matches"];
}

async function columnsAt(before: string, kernel: Kernel): Promise<Quoted | undefined> {
  const [, root = "", quote = "", prefix = ""] = COLUMN.exec(before) ?? [];
  const columns = root === "" ? [] : ((await ask([root], kernel))?.columns ?? []);
  return columns.length > 0 ? { prefix, matches: fields(columns, quote) } : undefined;
}

async function keysAt(before: string, kernel: Kernel): Promise<Quoted | undefined> {
  const [, path, quote = "", prefix = ""] = KEY.exec(before) ?? [];
  if (path === undefined) return undefined;
  const members = (await ask(path.split(/\??\./), kernel))?.members ?? [];
  const keys = members.filter(({ isFunction }) => !isFunction).map(({ name }) => name);
  return { prefix, matches: fields(keys, quote) };
}

/** Those that can stand in the quotes as they are. */
function fields(names: readonly string[], quote: string): Completion["matches"] {
  return names.filter((name) => !name.includes(quote) && !/[\\\n]/.test(name)).map((text) => ({ text, type: "field" }));
}

async function ask(path: readonly string[], kernel: Kernel): ReturnType<Kernel["members"]> {
  const [root = ""] = path;
  return kernel.names().includes(root) ? kernel.members(path) : undefined;
}

/** What the types know comes first. */
function merge(found: Completion, end: number, prefix: string, more: Completion["matches"]): Completion {
  const start = end - prefix.length;
  if (found.matches.length > 0 && (found.start !== start || found.end !== end)) return found;
  const known = new Set(found.matches.map(({ text }) => text));
  const lower = prefix.toLowerCase();
  const fitting = more.filter(({ text }) => text.toLowerCase().startsWith(lower) && !known.has(text));
  return { matches: [...found.matches, ...fitting], start, end };
}
