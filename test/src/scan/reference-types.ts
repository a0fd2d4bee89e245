import type { Kind, ScanColumn, ScanTable } from "../../../src/scan/table.ts";
import { cutText, ReferenceFault } from "./reference-rows.ts";
import { readValue } from "./reference-values.ts";

/** The columns under the types that hold all their values: each first value that does not fit widens, and reading starts again. */
export function widenedColumns(bytes: Uint8Array, { dialect, columns }: Pick<ScanTable, "dialect" | "columns">) {
  const { rows } = cutText(bytes, dialect, columns.length);
  return columns.map((column, at): ScanColumn => {
    let { type } = column;
    for (let row = 0; row < rows.length; ) {
      const text = rows[row]?.[at];
      const rules = {
        decimal: dialect.decimal,
        keepsZeros: !column.isDeclared,
        takesWhole: column.isDeclared,
      };
      if (text === undefined || readValue(text, type, rules).misfit === undefined) {
        row++;
        continue;
      }
      if (column.isDeclared) throw new ReferenceFault("misfit", row + 1, column.name);
      type = wider(type, text.trim(), dialect.decimal);
      row = 0;
    }
    return { ...column, type };
  });
}

/** What a column becomes by a text that it cannot hold. */
export function wider(type: Kind, text: string, mark: "." | ","): Kind {
  if (type.kind === "int" || type.kind === "decimal") return widerNumber(type, text, mark);
  const moment = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?(?<zone> ?(Z|[+-]\d\d(:?\d\d)?))?$/.exec(text);
  if (type.kind !== "date" || type.format !== undefined || !moment) return { kind: "text" };
  return { kind: "timestamp", zoned: moment.groups?.zone !== undefined };
}

function widerNumber(type: Kind, text: string, mark: "." | ","): Kind {
  const bare = text.replace(/^[+-]/, "").replace(mark, "\0");
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
