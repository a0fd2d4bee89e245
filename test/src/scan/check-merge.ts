import type { Grouping } from "../../../src/scan/groups/grouping.ts";
import type { Kernel } from "../../../src/scan/kernel.ts";
import { BlockReader } from "../../../src/scan/rows/blocks.ts";
import type { FieldTable } from "../../../src/scan/rows/field-table.ts";
import type { ScanTable } from "../../../src/scan/table.ts";
import type { Random } from "../chunked/datasets.ts";
import { firstDifference, foundIn } from "./compare.ts";
import { columnsOf, expectCase } from "./expect-case.ts";
import { bytesOf, type ScanCase } from "./generate.ts";
import { engineColumn, groupingOf } from "./group-rows.ts";
import { sourceOf } from "./read-fields.ts";

/** Where groups that were gathered in parts, blocks dealt out to them at random, do not merge to what the reference gives. */
export function differenceInMerging(kernel: Kernel, one: ScanCase, random: Random): object | undefined {
  const expected = expectCase(one, columnsOf(one.request));
  if (expected.fault) return undefined;
  const { dialect } = one;
  const table: ScanTable = {
    ...{ label: "case", format: "csv", compression: undefined, files: [], dialect },
    columns: expected.columns,
  };
  const blockBytes = random.pick([64, 100, 1000]);
  const reader = new BlockReader(kernel, dialect, table.columns.length, { blockBytes });
  const count = random.pick([1, 2, 3, 8]);
  const parts = Array.from({ length: count }, () => groupingOf(kernel, table, one.request, reader.maxRows));
  try {
    const body = bytesOf({ ...one, head: "" });
    reader.read(sourceOf(body), (fields) => random.pick(parts).consume(fields));
    const [first, ...others] = random.shuffled(parts) as [Grouping<FieldTable>, ...Grouping<FieldTable>[]];
    // What goes to another thread is copied on its way.
    for (const grouping of others)
      for (const part of grouping.parts(random.pick([1, 2, 7, 100]))) first.merge(structuredClone(part));
    const { columns } = first.result();
    const found = foundIn(columns.map(engineColumn));
    const difference = firstDifference(found, expected.result.columns, one.request.keys.length, "slack");
    return difference && { ...difference, blockBytes, parts: count };
  } finally {
    for (const part of parts) part.free();
    reader.free();
  }
}
