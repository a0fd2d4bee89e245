import { writeFileSync } from "node:fs";
import { OutgrowError } from "../../../src/errors.ts";
import { scanGroups } from "../../../src/scan/scan-groups.ts";
import { sniffTable } from "../../../src/scan/sniff.ts";
import type { ScanTable } from "../../../src/scan/table.ts";
import { resolveSource } from "../../../src/source/resolve.ts";
import { firstDifference, foundIn } from "./compare.ts";
import { expectCase } from "./expect-case.ts";
import { bytesOf, type ScanCase } from "./generate.ts";

/** Whether the sniffer knows such texts by what a person would say of them. */
function isKnown({ dialect, head, columns }: ScanCase): boolean {
  const { quote, escape: escaper, header, encoding, newline, ragged } = dialect;
  const isPlain = quote === '"' && escaper === quote && encoding === "utf-8" && ragged === "error";
  return isPlain && header && newline !== "mixed" && !/[\r\n]./.test(head) && columns.length > 1;
}

/**
 * Where a table whose types are found out is not read as the reference reads it, or where a type had to be widened in a file
 * so small that all of it was looked at.
 */
export async function differenceInSniffing(file: string, one: ScanCase): Promise<object | undefined> {
  if (!isKnown(one)) return undefined;
  writeFileSync(file, bytesOf(one));
  let table: ScanTable;
  try {
    const { separator, nulls, decimal, thousands } = one.dialect;
    table = await sniffTable(await resolveSource(file, { text: { sep: separator, na: nulls, decimal, thousands } }));
  } catch (failure) {
    if (failure instanceof OutgrowError) return undefined;
    throw failure;
  }
  const { columns, dialect } = table;
  const request = {
    keys: [],
    aggregates: columns.flatMap(({ name }, i) => [
      { fn: "min" as const, column: name, name: `min ${i}` },
      { fn: "nunique" as const, column: name, name: `distinct ${i}` },
    ]),
  };
  const expected = expectCase({ ...one, dialect, columns, request });
  if (expected.fault) return undefined;
  const found = await scanGroups(table, request, { tuning: { build: "checked" } });
  const [note] = found.notes;
  const odd = expected.columns.findIndex(({ type }, i) => JSON.stringify(type) !== JSON.stringify(columns[i]?.type));
  if (odd >= 0) return { what: "type", found: columns[odd]?.type, expected: expected.columns[odd]?.type };
  if (note) return { what: "note", found: note.message };
  return firstDifference(foundIn(found.columns), expected.result.columns, 0, "slack");
}
