import { cell, type PreviewCell } from "../../src/frame/preview.ts";
import { countOf, formatBytes } from "../../src/units.ts";
import { describeValue } from "./describe-value.ts";
import { heldBytes } from "./held-bytes.ts";
import type { MagicContext } from "./magic.ts";

export const HELD_COLUMNS = [
  { name: "variable", align: "left" },
  { name: "type", align: "left" },
  { name: "size", align: "left" },
  { name: "holds", align: "right" },
] as const;

export interface HeldVariables {
  readonly rows: readonly { readonly name: string; readonly value: unknown; readonly cells: readonly PreviewCell[] }[];
  readonly notes: readonly string[];
}

/** The variables that hold the most, largest first, no more than `most` of them: their cells under `HELD_COLUMNS`. */
export function heldVariables(variables: MagicContext["variables"], most: number): HeldVariables {
  const held = variables
    .names()
    .map((name) => ({ name, value: variables.get(name) }))
    .map(({ name, value }) => ({ name, value, ...heldBytes(value) }))
    .sort((a, b) => b.bytes - a.bytes);
  const rows = held.slice(0, most).map(({ name, value, bytes, isEstimate }) => {
    const { type, size } = describeValue(value);
    const holds = `${isEstimate ? "about " : ""}${formatBytes(bytes)}`;
    return { name, value, cells: [cell(name), cell(type), cell(size), cell(holds)] };
  });
  const more = held.length - rows.length;
  const notes = [
    ...(more > 0 ? [`${countOf(more, "variable")} more, with less`] : []),
    "what variables hold is measured by a bounded walk; what several share counts for each",
  ];
  return { rows, notes };
}
