import type { Json } from "../../wire/message.ts";
import { flag, number, text } from "../content.ts";
import type { History, HistoryEntry } from "../history.ts";
import type { RequestHandler } from "../kernel.ts";

export const history: RequestHandler = async ({ content }, kernel) => {
  const withOutput = flag(content, "output", false);
  const entries = await find(content, kernel.history);
  const shown = ({ input, output }: HistoryEntry): unknown => (withOutput ? [input, output ?? null] : input);
  return { status: "ok", history: entries.map((entry) => [entry.session, entry.line, shown(entry)]) };
};

function find(content: Json, history: History): Promise<readonly HistoryEntry[]> {
  switch (text(content, "hist_access_type", "tail")) {
    case "range":
      return history.range(number(content, "session") ?? 0, number(content, "start") ?? 0, number(content, "stop"));
    case "search":
      return history.search(text(content, "pattern", "*"), number(content, "n"), flag(content, "unique", false));
    default:
      return history.tail(number(content, "n") ?? 10);
  }
}
