import { MIME } from "../../src/render/mime.ts";
import { helpBundle } from "./help.ts";
import type { MagicDefinition } from "./magic.ts";

const INTRODUCTION = `# Magics

What \`%name?\` shows, for all of them on one page. It is made from their definitions: \`node scripts/docs.mjs\`.

A magic stands at the start of a line; \`%%name\` governs the rest of its cell. Values with spaces are quoted, \`\${…}\` puts a value of the notebook in, and a
result goes to a variable with \`-o NAME\`. What \`--where\`, \`--by\` and \`--agg\` understand is in [queries.md](queries.md).`;

/**
 * The help of every magic as one page of Markdown, with a list of them in front: \`docs/magics.md\`.
 *
 * @example
 * referencePage(magics.values()).startsWith("# Magics"); // true
 */
export function referencePage(definitions: Iterable<MagicDefinition>): string {
  const pages = [...definitions].map((definition) => ({ title: titleOf(definition), definition }));
  const anchors = anchorsOf(pages.map(({ title }) => title));
  const contents = pages.map(({ title, definition }, i) => `- [${title}](#${anchors[i]}): ${definition.summary}`);
  const sections = pages.map(
    ({ title, definition }) => `## ${title}\n\n${String(helpBundle(definition)[MIME.markdown])}`,
  );
  return `${[INTRODUCTION, contents.join("\n"), ...sections].join("\n\n")}\n`;
}

function titleOf(definition: MagicDefinition): string {
  return definition.forms.map((form) => `${form}${definition.name}`).join(", ");
}

/** As GitHub makes them of headings: letters and dashes alone, and a number where a heading comes again. */
function anchorsOf(titles: readonly string[]): string[] {
  const plain = titles.map((title) => title.replace(/[^\p{L}\p{N}\s-]/gu, "").replaceAll(" ", "-"));
  return plain.map((anchor, i) => {
    const before = plain.slice(0, i).filter((other) => other === anchor).length;
    return before === 0 ? anchor : `${anchor}-${before}`;
  });
}
