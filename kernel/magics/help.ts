import type { Block, Document } from "../../src/frame/preview.ts";
import { toBundle } from "../../src/render/bundle.ts";
import type { MimeBundle } from "../link/messages.ts";
import { longName } from "./long-name.ts";
import type { MagicDefinition, OptionDefinition } from "./magic.ts";
import { COMMON } from "./options.ts";

const LINE_WIDTH = 79;
/** A usage that is longer has its meaning on the next line. */
const USAGE_WIDTH = 34;

/** Help as the front end shows it, for the pager, `%name?` and Shift-Tab. */
export function helpBundle(definition: MagicDefinition): MimeBundle {
  return toBundle(helpDocument(definition)).data;
}

/** A magic's definition as a page: summary, usage, options with defaults, examples, the function it stands for. */
export function helpDocument(definition: MagicDefinition): Document {
  const { summary, examples, standsFor } = definition;
  const blocks: Block[] = [
    { kind: "text", text: `${signs(definition)}: ${summary}`, strong: true },
    { kind: "code", code: usageLines(definition).join("\n"), language: "text", title: "Usage" },
    ...argumentBlocks(definition),
    { kind: "code", code: optionLines(definition), language: "text", title: "Options" },
    {
      kind: "code",
      code: examples.join("\n\n"),
      language: "text",
      title: examples.length > 1 ? "Examples" : "Example",
    },
  ];
  if (standsFor) blocks.push({ kind: "text", text: `The same in TypeScript: ${standsFor}` });
  return { blocks };
}

/** `%chunked SOURCE [options]`, one line for each form. */
export function usageLines({ name, forms, typedAs, args, raw, body }: MagicDefinition): readonly string[] {
  return forms.map((form) => {
    const words = args
      .filter((argument) => !(raw && form === "%%" && body === "session" && argument))
      .map(
        (argument) =>
          (argument.required || (raw && form === "%") ? argument.name : `[${argument.name}]`) +
          (argument.rest ? "…" : ""),
      );
    const options = raw ? [] : ["[options]"];
    const below = form === "%%" && body !== "none" ? [`\n${BODY_WORDS[body]}`] : [];
    return [typedAs ?? `${form}${name}`, ...words, ...options].join(" ") + below.join("");
  });
}

const BODY_WORDS = {
  session: "TypeScript",
  function: "TypeScript, run once for each chunk",
  text: "text",
} as const;

/** `-o, --output NAME`. */
export function optionUsage(name: string, option: OptionDefinition): string {
  const { short, kind, value, choices } = option;
  const operand = kind === "flag" ? "" : ` ${choices?.join("|") ?? value ?? kind.toUpperCase()}`;
  return `${short === undefined ? "" : `-${short}, `}${longName(name, option)}${operand}`;
}

function signs({ name, forms, typedAs }: MagicDefinition): string {
  return typedAs ?? forms.map((form) => `${form}${name}`).join(", ");
}

function argumentBlocks({ args }: MagicDefinition): readonly Block[] {
  return args.map((argument) => ({
    kind: "text" as const,
    text: wrapWords(
      `${argument.name}: ${argument.summary}${argument.choices ? ` (${argument.choices.join(", ")})` : ""}`,
      LINE_WIDTH,
    ).join("\n"),
  }));
}

/** One line for each option, the meaning broken into a column of its own. */
function optionLines({ options, raw }: MagicDefinition): string {
  const all = Object.entries<OptionDefinition>({ ...(raw ? {} : options), help: COMMON.help });
  const lines = all.map(([name, option]) => ({ usage: optionUsage(name, option), meaning: meaningOf(option) }));
  const width = Math.min(USAGE_WIDTH, Math.max(...lines.map(({ usage }) => usage.length)));
  return lines
    .map(({ usage, meaning }) => {
      const [first = "", ...rest] = wrapWords(meaning, LINE_WIDTH - width - 2);
      const indent = " ".repeat(width + 2);
      const head = usage.length > width ? `${usage}\n${indent}${first}` : `${usage.padEnd(width + 2)}${first}`;
      return [head, ...rest.map((line) => indent + line)].join("\n");
    })
    .join("\n");
}

function meaningOf({ kind, default: preset, summary }: OptionDefinition): string {
  return preset === undefined || kind === "flag" ? summary : `${summary} (default ${preset})`;
}

function wrapWords(text: string, width: number): readonly string[] {
  const lines = [""];
  for (const word of text.split(" ")) {
    const last = lines.at(-1) ?? "";
    if (last !== "" && last.length + 1 + word.length > width) lines.push(word);
    else lines[lines.length - 1] = last === "" ? word : `${last} ${word}`;
  }
  return lines;
}
