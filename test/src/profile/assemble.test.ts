import { expect, test } from "vitest";
import { assemble } from "../../../src/profile/assemble.ts";
import type { ColumnFacts } from "../../../src/profile/facts.ts";
import { machine } from "../../../src/verdict/machine.ts";
import { countingTurns } from "../../support/turns.ts";

test("a profile of thousands of columns lets the event loop turn between them", async () => {
  const rows = 100;
  const facts = Array.from(
    { length: 3000 },
    (_, i): ColumnFacts => ({
      ...{ name: `c${i}`, type: "int64", rows, nulls: 0, distinct: 50, distinctExact: true, min: 0, max: i },
    }),
  );
  const whole = {
    ...{ source: "wide.csv", format: "csv" as const, files: 1, fileBytes: 1e6, unpackedBytes: 1e6, rows, rowsError: 0 },
    ...{ rowsRead: rows, exact: true, notes: [], seconds: 1, passSeconds: 1 },
    rejected: { rows: 0, more: false, examples: [] },
  } as const;
  const here = machine();
  const { given, turns } = await countingTurns(() => assemble(whole, facts, here));
  const { columns, sizes } = given;
  expect(turns).toBeGreaterThanOrEqual(facts.length);
  expect(columns.map(({ advised }) => advised).filter((type) => type === "int8")).toHaveLength(102);
  expect(sizes).toMatchObject({ file: 1e6, arrow: 3000 * 8 * rows, arrowAdvised: (102 + 2 * 2898) * rows });
});
