import { type Span, UsageError } from "../errors.ts";
import { cut } from "../words.ts";
import type { TextOptions } from "./source.ts";

/**
 * What is said of how dates are written: one strftime pattern for all columns, or `column:pattern`, several separated by commas. A pattern has
 * a `%` in it before any colon, a column's name has none, unless it is quoted.
 *
 * @throws {UsageError} E_BAD_TEXT_OPTION
 * @example
 * parseDateFormat("paid:%d.%m.%y,at:%Y%m%d"); // { paid: "%d.%m.%y", at: "%Y%m%d" }
 * parseDateFormat("%d/%m/%Y %H:%M"); // "%d/%m/%Y %H:%M"
 */
export function parseDateFormat(given: NonNullable<TextOptions["dateFormat"]>): NonNullable<TextOptions["dateFormat"]> {
  if (typeof given !== "string")
    return Object.fromEntries(Object.entries(given).map(([name, pattern]) => [name, checked(pattern)]));
  return namesColumns(given) ? byColumn(given) : checked(given);
}

function namesColumns(text: string): boolean {
  const [first, ...rest] = cut(text, ":");
  return first !== undefined && rest.length > 0 && (first.isQuoted || !first.text.includes("%"));
}

function byColumn(text: string): Record<string, string> {
  const items = cut(text, ",").filter(({ start, end }) => start < end);
  return Object.fromEntries(
    items.map(({ start, end }) => {
      const [name, ...rest] = cut(text, ":", start, end);
      const at = { text, start, end };
      if (!name?.text || rest[0] === undefined)
        throw bad(`"${text.slice(start, end)}" is not a column with its format`, COMMA, at);
      // A pattern may have colons of its own.
      const [pattern] = cut(text, "", rest[0].start, end);
      return [name.text, checked(pattern?.text ?? "", at)];
    }),
  );
}

const COMMA = 'write column:pattern, as in paid:%d.%m.%y, and quote what has a comma in it: at:"%b %d, %Y"';

function checked(pattern: string, at?: Span & { readonly text: string }): string {
  if (/%/.test(pattern)) return pattern;
  throw bad(`the date format "${pattern}" has no parts such as %d`, "write a strftime pattern, as in %d/%m/%Y", at);
}

function bad(message: string, hint: string, at?: Span & { readonly text: string }): UsageError {
  return new UsageError("E_BAD_TEXT_OPTION", message, { hint, ...(at === undefined ? {} : { at }) });
}
