import { visible } from "../frame/format.ts";

/** Text for HTML, as a sanitiser would write it back: quotes in text are left alone. */
export function escapeHtml(text: string): string {
  return visible(text).replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

/** Text for a double-quoted HTML attribute. */
export function escapeAttribute(text: string): string {
  return escapeHtml(text).replaceAll('"', "&quot;");
}

const MARKUP = /[\\`*_{}[\]#!|<>&~^@]|:(?=\/\/)|(?<=www)\.|^[-+=](?=[-+=\s]|$)|(?<=^\d+)[.)](?=\s|$)/giu;

/** Where MathJax sees the start or end of a formula, even in signs that were written as entities. */
const FORMULA = /\$|\\(?=[()[\]]|begin\b|end\b)/g;

/**
 * Text for Markdown, in a table or outside: every sign that could be markup as a numeric entity, which JupyterLab and nbconvert
 * show alike. Signs that open a formula need more, because MathJax looks at the finished page: `apart` sets them apart from
 * what follows.
 */
export function escapeMarkdown(text: string, apart: (entity: string) => string): string {
  let escaped = "";
  let from = 0;
  const shown = visible(text);
  for (const { 0: sign, index } of shown.matchAll(FORMULA)) {
    escaped += escapeMarkup(shown.slice(from, index)) + apart(`&#${sign.codePointAt(0)};`);
    from = index + sign.length;
  }
  return escaped + escapeMarkup(shown.slice(from));
}

function escapeMarkup(text: string): string {
  return text.replace(MARKUP, (sign) => `&#${sign.codePointAt(0)};`);
}
