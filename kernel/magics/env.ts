import { nearest, UsageError } from "../../src/errors.ts";
import { cell } from "../../src/frame/preview.ts";
import { countOf } from "../../src/units.ts";
import { hideTokens } from "../display/hide-tokens.ts";
import type { MagicDefinition } from "./magic.ts";

const SECRET = /key|token|secret|passw|credential|auth|cookie|private|signature/i;

export const env: MagicDefinition = {
  name: "env",
  forms: ["%"],
  summary: "show environment variables (secrets masked), or set one",
  args: [{ name: "NAME[=VALUE]", required: false, complete: "environment", summary: "one variable, or its new value" }],
  options: {},
  examples: ["%env", "%env HOME", "%env TZ=UTC"],
  body: "none",
  async run({ args: { "NAME[=VALUE]": word }, line }, context) {
    if (word === undefined) {
      const names = Object.keys(process.env).sort();
      const rows = names.map((name) => [cell(name), cell(shown(name))]);
      const columns = [
        { name: "variable", align: "left" },
        { name: "value", align: "left" },
      ] as const;
      context.show({
        blocks: [
          {
            kind: "table",
            preview: { caption: countOf(names.length, "environment variable"), columns, rows, rowHeader: true },
          },
        ],
      });
      return undefined;
    }
    const [, name = "", value] = /^([^=]*)(?:=([\s\S]*))?$/.exec(String(word)) ?? [];
    if (name === "")
      throw new UsageError("E_BAD_USE", "no name before =", {
        hint: "write %env NAME=VALUE",
        at: { text: line, start: 0, end: line.length },
      });
    if (value !== undefined) process.env[name] = value;
    else if (!(name in process.env)) throw unknownVariable(name);
    context.print(`${name}=${shown(name)}\n`);
    return process.env[name];
  },
};

/** Notebooks are shared, so a value that may be a secret never gets into one. A password in a URL is one too. */
function shown(name: string): string {
  const value = process.env[name] ?? "";
  if (SECRET.test(name) && value !== "") return "•••";
  return hideTokens(value.replace(/(\/\/[^/\s:@]*:)[^/\s@]+@/g, "$1•••@"));
}

function unknownVariable(name: string): UsageError {
  const near = nearest(name, Object.keys(process.env), 1)[0];
  return new UsageError("E_NO_VARIABLE", `no environment variable "${name}"`, {
    hint: near ? `did you mean ${near}?` : `set it with %env ${name}=VALUE`,
  });
}
