import type { HistoryEntry } from "../history.ts";
import type { RequestHandler } from "../kernel.ts";

export const history: RequestHandler = async ({ content }, kernel) => {
  const number = (name: string): number | undefined => (typeof content[name] === "number" ? content[name] : undefined);
  const entries = await find(content.hist_access_type, number, content, kernel.history);
  const pair = ({ input, output }: HistoryEntry): unknown =>
    content.output === true ? [input, output ?? null] : input;
  return { status: "ok", history: entries.map((entry) => [entry.session, entry.line, pair(entry)]) };
};

function find(
  kind: unknown,
  number: (name: string) => number | undefined,
  content: Readonly<Record<string, unknown>>,
  entries: Parameters<RequestHandler>[1]["history"],
): Promise<readonly HistoryEntry[]> {
  if (kind === "range") return entries.range(number("session") ?? 0, number("start") ?? 0, number("stop"));
  if (kind === "search") return entries.search(String(content.pattern ?? "*"), number("n"), content.unique === true);
  return entries.tail(number("n") ?? 10);
}
