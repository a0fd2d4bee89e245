import { UsageError } from "../errors.ts";
import { cut, type Piece } from "../words.ts";
import type { OrderTerm } from "./query.ts";

/**
 * The terms of `--order`: names, each with `:desc` (or ` desc`) where the largest comes first.
 *
 * @throws {UsageError} E_BAD_ORDER, E_OPEN_QUOTE
 * @example
 * parseOrder("amount_sum:desc,city"); // [{ name: "amount_sum", isDescending: true }, { name: "city", isDescending: false }]
 */
export function parseOrder(text: string | readonly string[]): OrderTerm[] {
  if (typeof text !== "string") return text.flatMap((one) => parseOrder(one));
  return cut(text, ",")
    .filter(({ start, end }) => start < end)
    .map((item) => termOf(text, item));
}

function termOf(text: string, item: Piece): OrderTerm {
  if (item.isQuoted) return { name: item.text, isDescending: false };
  const [name, direction, ...more] = cut(text, ":", item.start, item.end) as [Piece, ...Piece[]];
  const spaced = direction === undefined ? /^(.+?)\s+(asc|desc)$/is.exec(name.text) : null;
  const word = (spaced?.[2] ?? direction?.text ?? "asc").toLowerCase();
  if (more.length > 0 || name.text === "" || !/^(asc|desc)(ending)?$/.test(word))
    throw new UsageError("E_BAD_ORDER", `"${text.slice(item.start, item.end)}" is not a column with its direction`, {
      at: { text, start: item.start, end: item.end },
      hint: "write column or column:desc, as in amount_sum:desc, and quote names with : or ,",
    });
  return { name: spaced?.[1] ?? name.text, isDescending: word.startsWith("desc") };
}
