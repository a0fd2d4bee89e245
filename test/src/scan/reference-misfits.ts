import type { ScanTable } from "../../../src/scan/table.ts";
import type { Cell } from "./reference.ts";
import { cutText } from "./reference-rows.ts";
import { type MisfitReason, readValue } from "./reference-values.ts";

/** A column read under its type as it is: what does not fit is missing. */
export interface ReadColumn {
  readonly values: readonly Cell[];
  readonly misfit: { readonly row: number; readonly reason: MisfitReason; readonly text: string } | undefined;
}

/** All columns of a text without a line of names, with the first misfit of each. */
export function readAsTyped(bytes: Uint8Array, { dialect, columns }: Pick<ScanTable, "dialect" | "columns">) {
  const { rows, numbers } = cutText(bytes, { ...dialect, header: false }, columns.length);
  return columns.map(({ type, isDeclared }, at): ReadColumn => {
    const rules = {
      decimal: dialect.decimal,
      thousands: dialect.thousands,
      keepsZeros: !isDeclared,
      takesWhole: isDeclared,
    };
    let misfit: ReadColumn["misfit"];
    const values = rows.map((row, i): Cell => {
      const text = row[at];
      if (text === undefined) return null;
      const reading = readValue(text, type, rules);
      if (reading.misfit !== undefined) misfit ??= { row: (numbers[i] as number) - 1, reason: reading.misfit, text };
      return reading.value ?? null;
    });
    return { values, misfit };
  });
}
