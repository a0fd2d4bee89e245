import { getEventListeners } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { inspect } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type ChunkedRun, type ChunkInfo, chunked, explainChunked } from "../../../../src/chunked/chunked.ts";
import { Interrupted } from "../../../../src/errors.ts";
import type { DataFrame } from "../../../../src/frame/frame.ts";

const ROWS = 10_000;
let cwd: string;

beforeAll(() => {
  cwd = mkdtempSync(path.join(tmpdir(), "outgrow-chunks-"));
  const lines = Array.from({ length: ROWS }, (_, i) => `${i},${i % 3 === 0 ? "" : `t${i % 7}`}`);
  writeFileSync(path.join(cwd, "data.csv"), `id,tag\n${lines.join("\n")}\n`);
});
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

const idsOf = (chunk: DataFrame) => chunk.column("id").values as number[];
const firstOf = (chunk: DataFrame) => idsOf(chunk)[0] as number;

describe("a walk through the chunks", () => {
  test("gives frames in the order of the rows, anew each time, and says what it took", async () => {
    const runs: ChunkedRun[] = [];
    const chunks = chunked("data.csv", { chunksize: 3000, cwd, onRun: (run) => runs.push(run) });
    expect(runs).toEqual([]);
    for (let walk = 0; walk < 2; walk++) {
      const ids: number[] = [];
      for await (const chunk of chunks) ids.push(...idsOf(chunk));
      expect(ids).toEqual(Array.from({ length: ROWS }, (_, i) => i));
    }
    expect(runs).toMatchObject([
      { rows: ROWS, chunks: 4, complete: true },
      { rows: ROWS, chunks: 4, complete: true },
    ]);
  });

  test("is explained as it is read, also where a condition has columns that are not handed out", async () => {
    for (const [usecols, where] of [
      ["tag", "id < 50"],
      ["id", "tag = 't1' OR id < 5"],
      ["id", undefined],
    ] as const) {
      const options = { usecols, where, cwd };
      const runs: ChunkedRun[] = [];
      for await (const chunk of chunked("data.csv", { ...options, onRun: (run) => runs.push(run) }))
        expect(chunk.columns).toEqual([usecols]);
      const { engine, reason } = await explainChunked("data.csv", options);
      expect(runs).toMatchObject([{ engine, reason }]);
    }
  });

  test("is over when the loop is left, and says so", async () => {
    const runs: ChunkedRun[] = [];
    for await (const chunk of chunked("data.csv", { chunksize: 1000, cwd, onRun: (run) => runs.push(run) }))
      if (firstOf(chunk) === 2000) break;
    expect(runs).toMatchObject([{ rows: 2000, chunks: 2, complete: false }]);
  });

  test("awaited by mistake it is still the chunks, and says how to go on", async () => {
    const chunks = await chunked("data.csv", { cwd });
    expect(inspect(chunks)).toContain("for await");
  });

  test("knows columns that it is told, and no others", async () => {
    for await (const chunk of chunked<"id" | "tag">("data.csv", { chunksize: 5000, cwd })) {
      expect((chunk.id.values as number[]).length).toBe(5000);
      // @ts-expect-error: a column that is none of them is a type error.
      expect(() => chunk.tga.values).toThrow(TypeError);
      // @ts-expect-error
      expect(() => chunk.groupby(["ids"]).col(["id"]).sum()).toThrow();
    }
  });

  test("fails where it walks, with the error of the data", async () => {
    const walk = chunked("missing.csv", { cwd }).toArray();
    await expect(walk).rejects.toMatchObject({ code: "E_NO_FILE" });
    expect(() => chunked("data.csv", { engine: "spark", cwd })).toThrow(/Spark/);
    expect(() => chunked("data.csv", { concurrency: 0, cwd })).toThrow(/chunks at a time/);
  });

  test("a chunk that is kept stays valid after all others and the end of the run", async () => {
    const kept: DataFrame[] = [];
    for await (const chunk of chunked("data.csv", { chunksize: 700, cwd })) kept.push(chunk);
    const rows = kept.flatMap((chunk) => chunk.values as unknown[][]);
    expect(rows).toEqual(Array.from({ length: ROWS }, (_, i) => [i, i % 3 === 0 ? null : `t${i % 7}`]));
    const parquet = await chunked("data.csv", { to: "data.parquet", cwd });
    const again: DataFrame[] = [];
    for await (const chunk of chunked(parquet.path, { chunksize: 700, cwd })) again.push(chunk);
    expect(again.flatMap((chunk) => chunk.values as unknown[][])).toEqual(rows);
  });
});

describe("map, reduce, forEach", () => {
  test("map is lazy and typed, and maps what was mapped", async () => {
    let calls = 0;
    const firsts = chunked("data.csv", { chunksize: 3000, cwd }).map((chunk) => {
      calls++;
      return firstOf(chunk);
    });
    const words = firsts.map((first, { index }) => `${index}:${first.toFixed(0)}`);
    expect(calls).toBe(0);
    const all: string[] = await words.toArray();
    expect(all).toEqual(["0:0", "1:3000", "2:6000", "3:9000"]);
    expect((all as unknown as { run: ChunkedRun }).run).toMatchObject({ rows: ROWS, complete: true });
  });

  test("reduce hands a state on, forEach gives the run", async () => {
    const sum = await chunked("data.csv", { chunksize: 999, cwd }).reduce(
      async (total, chunk) => total + idsOf(chunk).reduce((a, b) => a + b, 0),
      0,
    );
    expect(sum).toBe((ROWS * (ROWS - 1)) / 2);
    const seen: number[] = [];
    const run = await chunked("data.csv", { chunksize: 2500, cwd }).forEach((chunk, { index }) => {
      seen.push(index, firstOf(chunk));
    });
    expect(seen).toEqual([0, 0, 1, 2500, 2, 5000, 3, 7500]);
    expect(run).toMatchObject({ chunks: 4, rows: ROWS, complete: true });
  });

  test("options may stand before the function", async () => {
    const options = { chunksize: 5000, cwd };
    expect([...((await chunked("data.csv", options, (chunk) => chunk.shape[0])) as number[])]).toEqual([5000, 5000]);
  });
});

describe("several chunks at a time", () => {
  test("are never more than asked for, come in order, and wait for who takes them", async () => {
    let [running, most, begun] = [0, 0, 0];
    const slow = chunked("data.csv", { chunksize: 500, concurrency: 3, cwd }).map(async (chunk, { index }) => {
      begun++;
      most = Math.max(most, ++running);
      await sleep(index % 3 === 0 ? 8 : 1);
      running--;
      return firstOf(chunk);
    });
    const got: number[] = [];
    for await (const first of slow) {
      got.push(first);
      // The one in hand, and those that wait behind it.
      expect(begun).toBeLessThanOrEqual(got.length + 3);
    }
    expect(got).toEqual(Array.from({ length: 20 }, (_, i) => 500 * i));
    expect(most).toBe(3);
  });

  test("the first failure ends all of them and tells those that wait", async () => {
    const told: number[] = [];
    const begun: number[] = [];
    const work = chunked(
      "data.csv",
      async (_, { index, signal }: ChunkInfo) => {
        begun.push(index);
        if (index === 2) throw new RangeError("third");
        await new Promise((_, reject) => {
          signal.addEventListener("abort", () => {
            told.push(index);
            reject(signal.reason);
          });
        });
      },
      { chunksize: 500, concurrency: 4, cwd },
    );
    await expect(work).rejects.toThrow("third (in chunk 3, rows 1,001 to 1,500)");
    expect(told).toEqual(begun.filter((index) => index !== 2));
  });

  test("Stop ends functions that wait for ever, with the part in order before it", async () => {
    const stop = new AbortController();
    const work = chunked(
      "data.csv",
      async (_, { index }) => {
        if (index === 1) setTimeout(() => stop.abort(), 20);
        // The second never comes: what is behind it is no part of the answer.
        if (index === 1) await new Promise(() => undefined);
        return index;
      },
      { chunksize: 500, concurrency: 4, signal: stop.signal, cwd },
    );
    const failure = await work.catch((why: unknown) => why);
    expect(failure).toBeInstanceOf(Interrupted);
    const { partial, run } = failure as { partial: number[]; run: ChunkedRun };
    expect([...partial]).toEqual([0]);
    expect(run).toMatchObject({ complete: false, chunks: 1, rows: 500 });
  });

  test("Stop ends a reduce whose function waits for ever", async () => {
    const stop = new AbortController();
    const work = chunked("data.csv", { chunksize: 1000, signal: stop.signal, cwd }).reduce(
      async (chunks, _, { index }) => {
        if (index === 2) setTimeout(() => stop.abort(), 5);
        if (index === 2) await new Promise(() => undefined);
        return chunks + 1;
      },
      0,
    );
    expect(await work.catch((why: { partial: number }) => why.partial)).toBe(2);
  });

  test("Stop is heard before the first row and between rows in memory, where nothing waits for the system", async () => {
    const rows = [{ id: 1 }, { id: 2 }];
    const never = chunked(rows, () => new Promise(() => undefined), { signal: AbortSignal.abort() });
    await expect(never).rejects.toBeInstanceOf(Interrupted);
    async function* endless() {
      for (let id = 0; ; id++) yield { id };
    }
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 5);
    await expect(chunked(endless(), () => 1, { chunksize: 10, signal: stop.signal })).rejects.toBeInstanceOf(
      Interrupted,
    );
  });

  test.each(["loop", "aggregate"])("Stop ends a %s over rows of which the next never comes", async (way) => {
    async function* stuck() {
      yield { id: 1 };
      await new Promise(() => undefined);
    }
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 20);
    const { signal } = stop;
    const work =
      way === "loop"
        ? (async () => {
            for await (const chunk of chunked(stuck(), { chunksize: 1, signal })) expect(chunk.shape).toEqual([1, 1]);
          })()
        : chunked(stuck(), { agg: "id:sum", signal });
    await expect(work).rejects.toBeInstanceOf(Interrupted);
    expect(getEventListeners(signal, "abort")).toEqual([]);
  });

  test("many runs under one signal leave nothing at it", async () => {
    const { signal } = new AbortController();
    await chunked("data.csv", () => 1, { signal, cwd });
    await chunked("data.csv", { agg: "id:sum", signal, cwd });
    await chunked("data.csv", { agg: "id:median", threads: 2, signal, cwd });
    expect(getEventListeners(signal, "abort")).toEqual([]);
  });

  test("says what loading the whole would take, and not the part before the stop", async () => {
    await chunked("data.csv", { to: "data.parquet", cwd });
    const whole: (ChunkedRun["wholeBytes"] | undefined)[] = [];
    for (const last of [Number.POSITIVE_INFINITY, 1]) {
      const stop = new AbortController();
      const options = {
        chunksize: 1000,
        signal: stop.signal,
        cwd,
        onRun: (run: ChunkedRun) => whole.push(run.wholeBytes),
      };
      const walk = chunked("data.parquet", options).forEach((_, { index }) => {
        if (index === last) stop.abort();
      });
      await walk.catch((why: unknown) => expect(why).toBeInstanceOf(Interrupted));
    }
    expect(whole[0]?.pandas3).toBeGreaterThan(0);
    expect(whole[1]).toEqual(whole[0]);
  });

  test("a stopped reduce keeps its state", async () => {
    const stop = new AbortController();
    const work = chunked("data.csv", { chunksize: 1000, signal: stop.signal, cwd }).reduce((rows, chunk, { index }) => {
      if (index === 3) stop.abort();
      return rows + idsOf(chunk).length;
    }, 0);
    expect(await work.catch((why: { partial: number }) => why.partial)).toBe(4000);
  });
});
