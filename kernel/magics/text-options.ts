import type { TextOptions } from "../../src/source/source.ts";
import { TEXT_FLAGS } from "../../src/source/text.ts";
import type { OptionValues } from "./magic.ts";
import { TEXT_OPTIONS } from "./options.ts";

/** What was typed of how text is read, as the library takes it, which checks it; what was not is left to be found out. */
export function textOptions(values: OptionValues<typeof TEXT_OPTIONS>): TextOptions {
  const typed: Readonly<Record<string, unknown>> = { ...values, header: headerOf(values) };
  return Object.fromEntries(
    Object.entries(TEXT_FLAGS).flatMap(([name, flag]) => {
      const value = typed[flag.replace(/^--(no-)?/, "")];
      return value === undefined ? [] : [[name, value]];
    }),
  );
}

/** That names stand above is so where nothing is said. */
function headerOf({ header }: OptionValues<typeof TEXT_OPTIONS>): boolean | undefined {
  return header === TEXT_OPTIONS.header.default ? undefined : header;
}
