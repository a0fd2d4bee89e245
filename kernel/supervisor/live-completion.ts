import type { Completion } from "../language/service.ts";
import type { Kernel } from "./kernel.ts";

const NAME = "[\\p{ID_Start}$_][\\p{ID_Continue}$]*";
/** `rows.first.na` */
const MEMBER = new RegExp(`(?<![\\p{ID_Continue}$.)\\]"'\`])(${NAME}(?:\\??\\.${NAME})*)\\??\\.(${NAME})?$`, "u");
/** `df["am`, `df.groupby(["user_id", "ca`, `df.groupby(["user_id"]).col(["am` */
const COLUMN = new RegExp(
  `(?<![\\p{ID_Continue}$.])(${NAME})(?:\\??\\.${NAME}(?:\\([^()]*\\))?)*[([]+[^()[\\]]*?(["'\`])([^"'\`\\n]*)$`,
  "u",
);

/** Adds what only the values know: members that no type tells, and the columns of frames. Answered also while a cell runs; no getter runs. */
export async function withLive(code: string, cursor: number, found: Completion, kernel: Kernel): Promise<Completion> {
  const before = code.slice(0, cursor);
  const column = COLUMN.exec(before);
  if (column) {
    const [, root = "", quote = "", prefix = ""] = column;
    const live = await ask([root], kernel);
    const names = (live?.columns ?? []).filter((name) => !name.includes(quote) && !/[\\\n]/.test(name));
    return merge(
      found,
      cursor,
      prefix,
      names.map((text) => ({ text, type: "field" })),
    );
  }
  const member = MEMBER.exec(before);
  if (!member) return found;
  const [, path = "", prefix = ""] = member;
  const live = await ask(path.split(/\??\./), kernel);
  const members = live?.members ?? [];
  return merge(
    found,
    cursor,
    prefix,
    members.map(({ name, isFunction }) => ({ text: name, type: isFunction ? "method" : "property" })),
  );
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
