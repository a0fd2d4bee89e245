import { nearest, UsageError } from "../../src/errors.ts";
import type { MagicCall } from "../cell/magic-call.ts";
import type { MagicDefinition } from "../magics/magic.ts";

/** Why a line that looks like a magic is none, with the caret under its name. */
export function unknownMagic(call: MagicCall, magics: ReadonlyMap<string, MagicDefinition>): UsageError {
  const typed = `${call.sign}${call.name}`;
  const at = { text: call.line, start: 0, end: typed.length };
  const definition = magics.get(call.name);
  if (definition) {
    const form = definition.forms[0] ?? "%";
    return new UsageError("E_MAGIC_FORM", `${call.name} is not typed with ${call.sign}`, {
      hint:
        form === "%" ? `write %${call.name}, it takes one line` : `write %%${call.name}, it takes the rest of the cell`,
      at,
    });
  }
  const [near] = nearest(
    call.name,
    [...magics.values()].map(({ name }) => name),
  );
  const form =
    near === undefined
      ? undefined
      : magics.get(near)?.forms.includes(call.sign as "%" | "%%")
        ? call.sign
        : magics.get(near)?.forms[0];
  return new UsageError("E_NO_MAGIC", `no magic ${typed}`, {
    hint: near === undefined ? "%lsmagic lists them all" : `did you mean ${form}${near}?`,
    at,
  });
}
