import type { TextOptions } from "./source.ts";

/** How numbers are written. */
export type NumberForm = Pick<TextOptions, "decimal" | "thousands">;

/** Signs that look alike stand for each other. */
const ALIKE = ["'\u2019", " \u00a0\u202f"] as const;

/** What sets thousands apart, as a class of a regular expression; undefined where nothing does. */
export function groupClass(form: NumberForm): string | undefined {
  const signs = groupSigns(form);
  return signs === undefined ? undefined : `[${signs}]`;
}

/** The same as the signs that do. */
export function groupSigns({ thousands }: NumberForm): string | undefined {
  return thousands === undefined ? undefined : (ALIKE.find((signs) => signs.includes(thousands)) ?? thousands);
}

/**
 * Regular expressions of a whole number, with or without separators of thousands, and of any number; as JavaScript and the engines read
 * them alike. Groups have three digits but for the first, which begins with none but 1 to 9.
 */
export function numberPatterns(form: NumberForm): { readonly whole: string; readonly any: string } {
  const group = groupClass(form);
  const mark = `[${form.decimal ?? "."}]`;
  const grouped = group === undefined ? [] : [`[1-9][0-9]{0,2}(?:${group}[0-9]{3})+`];
  const fraction = `(?:${mark}[0-9]*)?`;
  const plain = `(?:[0-9]+${fraction}|${mark}[0-9]+)(?:[eE][-+]?[0-9]+)?`;
  const words = "[nN][aA][nN]|[iI][nN][fF](?:[iI][nN][iI][tT][yY])?";
  const any = [...grouped.map((digits) => `${digits}${fraction}`), plain, words].join("|");
  return { whole: `[-+]?(?:${[...grouped, "[0-9]+"].join("|")})`, any: `[-+]?(?:${any})` };
}

/**
 * A number without separators of thousands and with a decimal point; of a text that is no number, in this form, something that is none in
 * any.
 *
 * @example
 * plainNumbers({ thousands: ".", decimal: "," })("1.234,5"); // "1234.5"
 */
export function plainNumbers(form: NumberForm): (text: string) => string {
  const group = groupClass(form);
  const { decimal = "." } = form;
  if (group === undefined) return decimal === "." ? (text) => text : (text) => pointFor(text, decimal);
  const isNumber = new RegExp(`^${numberPatterns(form).any}$`);
  const groups = new RegExp(group, "g");
  return (text) => (isNumber.test(text) ? text.replace(groups, "").replace(decimal, ".") : `no ${text}`);
}

/** With a decimal comma a point is no part of a number. */
function pointFor(text: string, decimal: string): string {
  return text.includes(".") ? text.replace(".", " ") : text.replace(decimal, ".");
}
