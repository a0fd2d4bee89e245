import { quoteItem } from "../words.ts";

/** Longer ones are cut short where they are shown. */
const MOST_LETTERS = 60;

/** The ways to read a value that is not of its column's type, under pandas' name. */
export function wrongValueHint(column: string, type: string, text: string): string {
  const name = quoteItem(column);
  const better = isNumber(text) && type !== "float64" ? "float64" : "str";
  const written = /^date/.test(type) ? `say how it is written, as in --date-format ${name}:%d.%m.%Y, or ` : "";
  const missing =
    text.length <= MOST_LETTERS && !/[\r\n]/.test(text) ? `, or as missing with --na ${quoteItem(text)}` : "";
  return `${written}read it with --dtype ${name}:${better}${missing}`;
}

/** As delimited text writes numbers: not 0x1F, which JavaScript takes for one. */
function isNumber(text: string): boolean {
  return /^\s*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?\s*$/i.test(text);
}
