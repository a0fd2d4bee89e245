import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, expect, test } from "vitest";
import { describeFor } from "../../../../src/chunked/engines/describe-for.ts";
import { describeSettled } from "../../../../src/chunked/engines/settled-types.ts";
import { openDuckdb } from "../../../../src/duckdb/session.ts";
import { resolveSource } from "../../../../src/source/resolve.ts";

const folder = mkdtempSync(path.join(tmpdir(), "outgrow-settled-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test.each([
  ["whole numbers", "1.234\n-5\n1.234.567\n", "int64"],
  ["amounts", "1.234,5\n-12.345,25\n7\n", "decimal(7, 2)"],
  ["amounts below one", "0,05\n-0,5\n", "decimal(2, 2)"],
  ["late digits", `${"1,5\n".repeat(30_000)}-1.234.567,125\n`, "decimal(10, 3)"],
  ["a late amount", `${"1.500\n".repeat(30_000)}2,25\n`, "decimal(6, 2)"],
  ["a late text", `${"1.500\n".repeat(30_000)}1.50\n`, "str"],
  ["numbers with exponents", "1e3\n1.234,5\n", "float64"],
  ["more digits than the scanner has", "1.234.567.890.123.456.789,25\n1,5\n", "decimal(21, 2)"],
  ["whole numbers of more than 64 bits", "12.345.678.901.234.567.890\n1\n", "int64"],
  ["zeros before", "007\n1.234\n", "str"],
  ["no values", "\n\n", "str"],
])(
  "%s with separators of thousands have the types that a look of the engine at all values finds",
  async (_, text, type) => {
    const file = path.join(folder, "numbers.csv");
    writeFileSync(file, `k;v\n${text.replaceAll(/^/gm, "1;").replace(/1;$/, "")}`);
    const source = () => resolveSource(file, { text: { thousands: ".", decimal: "," } });
    await using session = await openDuckdb();
    const words = { by: "k", agg: "v:count" };
    const typeIn = ({ columns }: Awaited<ReturnType<typeof describeFor>>) => columns[1]?.type;
    expect(typeIn(await describeFor(session, await source(), words))).toBe(type);
    expect(typeIn(await describeSettled(session, await source(), words))).toBe(type);
  },
);
