import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type ChunkedRun, chunked } from "../../../../src/chunked/chunked.ts";
import { MemoryBudget } from "../../../../src/chunked/chunks/memory-budget.ts";
import { MemoryLimitError } from "../../../../src/errors.ts";
import type { DataFrame } from "../../../../src/frame/frame.ts";
import { readMemory } from "../../../../src/memory.ts";

const MiB = 2 ** 20;
const ROWS = 600_000;
let cwd: string;

beforeAll(() => {
  cwd = mkdtempSync(path.join(tmpdir(), "outgrow-budget-"));
  const lines = Array.from(
    { length: ROWS },
    (_, i) => `${i},${i % 3 === 0 ? "" : i / 8},${i % 5 === 0 ? "" : "ab"[i % 2]}`,
  );
  writeFileSync(path.join(cwd, "rows.csv"), `id,half,tag\n${lines.join("\n")}\n`);
});
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

const rowsOf = (id: number) => [id, id % 3 === 0 ? null : id / 8, id % 5 === 0 ? null : "ab"[id % 2]];
const CHUNK = 30_000;

describe("functions that keep their chunks", () => {
  test("get halves at 85 % of the limit and end at 95 % with the part before it, each row once and as it is", async () => {
    const sizes: number[] = [];
    const failure = await chunked(
      "rows.csv",
      (chunk, { rows, firstRow }) => {
        sizes.push(rows);
        expect((chunk.values as unknown[][])[0]).toEqual(rowsOf(firstRow));
        return chunk.values as unknown[][];
      },
      { chunksize: CHUNK, memoryLimit: 48 * MiB, cwd },
    ).catch((why: unknown) => why);
    expect(failure).toBeInstanceOf(MemoryLimitError);
    expect(failure).toMatchObject({ code: "E_MEMORY_BUDGET", hint: expect.stringContaining("%chunked") });
    const { partial, run } = failure as { partial: unknown[][][]; run: ChunkedRun };
    expect(sizes[0]).toBe(CHUNK);
    expect(Math.min(...sizes)).toBeLessThanOrEqual(CHUNK / 2);
    expect(run).toMatchObject({ complete: false, chunks: sizes.length });
    expect(run.notes.join()).toMatch(/85 % of its budget: chunks were cut to [\d,]+ rows/);
    expect(run.fraction).toBeGreaterThan(0);
    expect(run.fraction).toBeLessThan(1);
    const rows = partial.flat();
    expect(rows).toHaveLength(run.rows);
    for (const [i, row] of rows.entries()) if (i % 997 === 0 || i > rows.length - 5) expect(row).toEqual(rowsOf(i));
    partial.length = 0;
    // Nothing of it stands in the way of the next run.
    const counts = (await chunked("rows.csv", (chunk) => chunk.shape[0] as number, {
      chunksize: CHUNK,
      memoryLimit: 48 * MiB,
      cwd,
    })) as number[];
    expect(counts.reduce((a, b) => a + b, 0)).toBe(ROWS);
  });

  test("in a loop end as well", async () => {
    const kept: unknown[] = [];
    const loop = async () => {
      for await (const chunk of chunked("rows.csv", { chunksize: CHUNK, memoryLimit: 40 * MiB, cwd }))
        kept.push(chunk.values);
    };
    await expect(loop()).rejects.toMatchObject({ code: "E_MEMORY_BUDGET", run: { complete: false } });
    expect(kept.length).toBeGreaterThan(1);
  });

  test("garbage of a chunk is no reason to stop", async () => {
    const make = (chunk: DataFrame) => (chunk.values as unknown[][]).length;
    const options = { chunksize: CHUNK, memoryLimit: 40 * MiB, cwd };
    const counts = (await chunked("rows.csv", make, options)) as number[];
    expect(counts.reduce((a, b) => a + b, 0)).toBe(ROWS);
  });
});

describe("the budget", () => {
  const { resident, heap } = readMemory();
  const wide = { process: 100 * resident, heap: 100 * heap };

  test("leaves chunks alone below 85 %", () => {
    const budget = new MemoryBudget(undefined, wide);
    budget.look(50_000);
    expect(budget.mostRows).toBe(Number.POSITIVE_INFINITY);
    expect(budget.notes).toEqual([]);
  });

  test("of the process and of its heap count too, and no chunk is cut below a thousand rows", () => {
    expect(() => new MemoryBudget(undefined, { ...wide, process: resident / 2 }).look(10)).toThrow(/the process/);
    expect(() => new MemoryBudget(undefined, { ...wide, heap: 2 ** 10 }).look(10)).toThrow(/heap/);
    const kept = Buffer.alloc(90 * MiB, 1);
    const near = new MemoryBudget(100 * MiB, wide);
    const more = Buffer.alloc(90 * MiB, 1);
    near.look(50_000);
    expect(near.mostRows).toBe(25_000);
    const least = new MemoryBudget(100 * MiB, wide);
    const again = Buffer.alloc(90 * MiB, 1);
    least.look(1500);
    expect(least.mostRows).toBe(1000);
    expect(kept.length + more.length + again.length).toBe(270 * MiB);
  });
});
