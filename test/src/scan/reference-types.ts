import type { Dialect, Kind, ScanColumn } from "../../../src/scan/table.ts";
import { readValue, withoutThousands } from "./reference-values.ts";

export type Texts = readonly (string | undefined)[];

/**
 * The column under the type that holds all its values: each first value that does not fit widens, and reading starts again.
 * The index of a value that may not widen it, because the type was declared or because only numbers will do.
 */
export function finalColumn(
  column: ScanColumn,
  texts: Texts,
  { decimal, thousands }: Pick<Dialect, "decimal" | "thousands">,
  needsNumbers: boolean,
): ScanColumn | { readonly misfit: number } {
  const rules = { decimal, thousands, keepsZeros: !column.isDeclared, takesWhole: column.isDeclared };
  let { type } = column;
  for (let row = 0; row < texts.length; ) {
    const text = texts[row];
    if (text === undefined || readValue(text, type, rules).misfit === undefined) {
      row++;
      continue;
    }
    if (column.isDeclared) return { misfit: row };
    type = wider(type, withoutThousands(text.trim(), rules), decimal);
    if (needsNumbers && !["int", "decimal", "double", "bool"].includes(type.kind)) return { misfit: row };
    row = 0;
  }
  return { ...column, type };
}

/** What a column becomes by a text that it cannot hold. */
function wider(type: Kind, text: string, mark: "." | ","): Kind {
  if (type.kind === "int" || type.kind === "decimal") return widerNumber(type, text, mark);
  const moment = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?(?<zone> ?(Z|[+-]\d\d(:?\d\d)?))?$/.exec(text);
  if (type.kind !== "date" || type.format !== undefined || !moment) return { kind: "text" };
  return { kind: "timestamp", zoned: moment.groups?.zone !== undefined };
}

function widerNumber(type: Kind, text: string, mark: "." | ","): Kind {
  const bare = text.replace(/^-/, "").replace(mark, "\0");
  // Digits that no number keeps as they are written: identifiers.
  if (/^0\d+(\0\d*)?$/.test(bare) || (type.kind === "int" && /^\d+$/.test(bare))) return { kind: "text" };
  if (/^(nan|inf|infinity)$/i.test(bare) || /^(\d+\0?\d*|\0\d+)e[+-]?\d+$/i.test(bare)) return { kind: "double" };
  const digits = /^(\d*)\0?(\d*)$/.exec(bare);
  if (!digits || bare === "" || bare === "\0") return { kind: "text" };
  const scale = digits[2]?.length ?? 0;
  const needed = (digits[1] ?? "").replace(/^0+/, "").length + scale;
  const held = type.kind === "decimal" ? type.scale : 0;
  return scale > held && needed <= 18 ? { kind: "decimal", scale } : { kind: "double" };
}
