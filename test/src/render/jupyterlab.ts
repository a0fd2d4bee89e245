import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

const sanitizeHtml = createRequire(import.meta.url)("sanitize-html") as (html: string, options: object) => string;

const OURS = [
  "caption",
  "code",
  "div",
  "em",
  "p",
  "pre",
  "progress",
  "small",
  "span",
  "strong",
  "table",
  "tbody",
  "td",
  "th",
  "thead",
  "tr",
  "br",
];

/** JupyterLab 4's sanitiser with its rules for what we write: these tags, these attributes, these styles. */
const OPTIONS = {
  allowedTags: OURS,
  allowedAttributes: {
    "*": ["class", "dir", "style", "title"],
    progress: ["max", "min", "value"],
    td: ["align", "colspan", "headers", "rowspan", "scope"],
    th: ["align", "colspan", "headers", "rowspan", "scope"],
  },
  allowedStyles: {
    "*": {
      "text-align": [/^(left|right|center|justify)$/],
      "overflow-x": [/^(auto|hidden|scroll|visible)$/],
      "white-space": [/^(normal|pre|nowrap|pre-wrap|pre-line)$/],
    },
  },
};

/** What JupyterLab shows of an output that is not trusted. */
export function sanitize(html: string): string {
  return sanitizeHtml(html, OPTIONS);
}

/** The rules of the JupyterLab in `.venv`, as far as they can be read from its program. */
export function installedRules(): {
  readonly tags: readonly string[];
  readonly attributes: Readonly<Record<string, readonly string[]>>;
} {
  const folder = fileURLToPath(new URL("../../../.venv/share/jupyter/lab/static/", import.meta.url));
  const file = readdirSync(folder).find((name) => /^jlab_core\..*\.js$/.test(name)) as string;
  const program = readFileSync(folder + file, "utf8");
  const tags = /allowedTags:(\["a",[^\]]*\])/.exec(program)?.[1] ?? "[]";
  const attributes = [
    ...(/allowedAttributes:\{(.*?)\},allowedStyles:/.exec(program)?.[1] ?? "").matchAll(
      /(\w+|"\*"):(\[(?:[^[\]]|\[[^\]]*\])*\])/g,
    ),
  ];
  return {
    tags: JSON.parse(tags),
    attributes: Object.fromEntries(
      attributes.map(([, tag, list]) => [tag?.replaceAll('"', ""), list?.match(/[\w-]+(?=")/g) ?? []]),
    ),
  };
}

export const rules = OPTIONS;
