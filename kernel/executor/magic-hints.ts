import { findMagic, type MagicCall } from "../cell/magic-call.ts";
import type { MagicDefinition } from "../magics/magic.ts";
import { rooms } from "./rooms.ts";

/** Parameter names of a magic's "function" body. */
export function magicParameters(call: MagicCall): readonly string[] {
  const definition = definitionOf(call);
  return definition?.parameters?.(optionsOf(definition, call)) ?? [];
}

/** Whether the magic wants to know when each statement of its body begins. */
export function marksStatements(call: MagicCall): boolean {
  const definition = definitionOf(call);
  return definition?.marksStatements?.(optionsOf(definition, call)) ?? false;
}

function definitionOf({ sign, name }: MagicCall): MagicDefinition | undefined {
  return findMagic(rooms().magics, sign, name);
}

/** Read when the cell is compiled: `${}` has no value yet, and faults are told at the run. */
function optionsOf(definition: MagicDefinition, call: MagicCall): Readonly<Record<string, unknown>> {
  try {
    const unbound = call.expressions.map(() => undefined);
    return rooms().parseMagic(definition, call, unbound).options;
  } catch {
    return {};
  }
}
