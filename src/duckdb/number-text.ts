import { groupSigns, type NumberForm, numberPatterns } from "../source/number-form.ts";
import type { FileSource } from "../source/source.ts";
import { quoteText } from "./sql.ts";

/** Whether numbers of a text are written otherwise than the engine reads them: its own decimal commas lose the decimals of a number of twenty digits, and its own separators of thousands may stand anywhere. */
export function hasOwnNumbers({ format, text }: FileSource): boolean {
  return format === "csv" && (text.decimal === "," || text.thousands !== undefined);
}

/** SQL of a number's text as the engine reads it; of what is no number it is none, or null. */
export function numberText(form: NumberForm, value: string): string {
  const signs = groupSigns(form);
  // Comma and point change places, so that a number with a point is as wrong as it was.
  if (signs === undefined) return form.decimal === "," ? `translate(${value}, ',.', '.,')` : value;
  // A regular expression would take four times as long.
  const plain = [...signs].reduce((sql, sign) => `replace(${sql}, ${quoteText(sign)}, '')`, `trim(${value}, ' \t')`);
  const pointed = form.decimal === "," ? `replace(${plain}, ',', '.')` : plain;
  return `CASE WHEN ${matches(value, numberPatterns(form).any)} THEN ${pointed} END`;
}

/** SQL of whether a value is a whole number; `1,00` is one too where `takesZeros`. */
export function isWhole(form: NumberForm, value: string, takesZeros = false): string {
  const zeros = takesZeros ? `(?:[${form.decimal ?? "."}]0*)?` : "";
  return matches(value, `${numberPatterns(form).whole}${zeros}`);
}

/** Blanks around a number are no part of it. */
function matches(value: string, pattern: string): string {
  return `regexp_full_match(${value}, ${quoteText(`[ \\t]*(?:${pattern})[ \\t]*`)})`;
}
