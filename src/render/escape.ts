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

/**
 * Text for Markdown, in a table or outside: every sign that could be markup as a numeric entity, which JupyterLab and nbconvert
 * show alike. A dollar needs more, because MathJax looks at the finished page: `dollar` is what stands for it there.
 */
export function escapeMarkdown(text: string, dollar: string): string {
  return visible(text)
    .replace(MARKUP, (sign) => `&#${sign.codePointAt(0)};`)
    .replaceAll("$", () => dollar);
}
