import {
  appendFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type CallbackOptions, type ChunkCallback, type ChunkedRun, chunked } from "../../../src/chunked/chunked.ts";
import { Interrupted } from "../../../src/errors.ts";
import type { DataFrame } from "../../../src/frame/frame.ts";

const ROWS = 5000;
const FILE = "run.checkpoint";
let cwd: string;
let options: CallbackOptions;

beforeEach(() => {
  cwd = mkdtempSync(path.join(tmpdir(), "outgrow-checkpoint-"));
  const lines = Array.from(
    { length: ROWS },
    (_, i) =>
      `${(i * 7919) % 251},${i % 11 === 0 ? "" : `k${(i * 31) % 17}`},${i % 13 === 0 ? "" : i / 3},${2n ** 60n + BigInt(i)}`,
  );
  writeFileSync(path.join(cwd, "data.csv"), `id,key,v,big\n${lines.join("\n")}\n`);
  options = { chunksize: 300, dtype: "big:int64", checkpoint: FILE, cwd };
});
afterEach(() => rmSync(cwd, { recursive: true, force: true }));

const own = (name: string) => path.join(cwd, name);
const FUNCTIONS = ["sum", "mean", "std", "var", "min", "max", "count", "nunique"];
const aggregate = (chunk: DataFrame) => chunk.groupby(["key", "id"]).agg({ v: FUNCTIONS, big: ["sum", "max"] });

/** Runs to a stop in the chunk with the number, once for each, and then to the end. */
async function inParts(
  call: ChunkCallback,
  stops: readonly number[],
  given: CallbackOptions,
): Promise<{ result: unknown; calls: number[] }> {
  const calls: number[] = [];
  for (const at of stops) {
    const stop = new AbortController();
    const stopping: ChunkCallback = (chunk, info) => {
      calls.push(info.index);
      if (info.index === at) stop.abort();
      return call(chunk, info);
    };
    const run = chunked("data.csv", stopping, {
      ...given,
      signal: stop.signal,
      checkpoint: { file: FILE, code: "same" },
    });
    await expect(run).rejects.toBeInstanceOf(Interrupted);
    expect(statSync(own(FILE)).mode & 0o777).toBe(0o600);
  }
  const last: ChunkCallback = (chunk, info) => {
    calls.push(info.index);
    return call(chunk, info);
  };
  const result = await chunked("data.csv", last, { ...given, checkpoint: { file: FILE, code: "same" } });
  expect(readdirSync(cwd)).toEqual(["data.csv"]);
  return { result, calls };
}

describe("a run that goes on from its checkpoint", () => {
  test("gives to the last bit what an unbroken one does, and calls for no chunk twice", async () => {
    const whole = (await chunked("data.csv", aggregate, { ...options, checkpoint: undefined })) as DataFrame & {
      run: ChunkedRun;
    };
    const { result, calls } = await inParts(aggregate, [2, 3, 11], options);
    const resumed = result as DataFrame & { run: ChunkedRun };
    expect(calls).toEqual(Array.from({ length: Math.ceil(ROWS / 300) }, (_, i) => i));
    expect(resumed.values).toEqual(whole.values);
    expect(resumed.columns).toEqual(whole.columns);
    expect(resumed.dtypes).toEqual(whole.dtypes);
    expect(resumed.run).toMatchObject({ rows: ROWS, chunks: whole.run.chunks, complete: true });
    expect(resumed.run.notes.join()).toContain("goes on from a checkpoint at row 3,601");
  });

  test.each<[string, ChunkCallback, CallbackOptions]>([
    [
      "plain values",
      (_, { firstRow }) => ({
        firstRow,
        day: new Date(firstRow),
        odd: [Number.NaN, -0, 2n ** 70n, undefined, new Map([[1, new Set("a")]])],
      }),
      {},
    ],
    ["frames that are stacked", (chunk) => chunk.head(2), { merge: "concat" }],
    [
      "a function's merge",
      (chunk) => chunk.shape[0],
      { merge: (values) => (values as number[]).reduce((a, b) => a + b, 0) },
    ],
    ["a series' sum", (chunk) => chunk.loc({ columns: ["v"] }).sum({ axis: 0 }), {}],
    ["nothing", () => undefined, {}],
    ["several at a time", async (_, { index }) => index, { concurrency: 3 }],
  ])("keeps %s", async (_, call, given) => {
    const all = { ...options, ...given };
    const whole = await chunked("data.csv", call, { ...all, checkpoint: undefined });
    const { result } = await inParts(call, [4, 9], all);
    const plain = (value: unknown) => (value as DataFrame | undefined)?.values ?? value;
    expect(plain(result)).toEqual(plain(whole));
  });

  test("goes on after an error, and after a process that was killed since the last writing", async () => {
    let isDown = true;
    const call: ChunkCallback = (chunk, { index }) => {
      if (index === 7 && isDown) throw new RangeError("the server is down");
      return chunk.shape[0];
    };
    const given = { ...options, checkpoint: { file: FILE, every: 0 } };
    await expect(chunked("data.csv", call, given)).rejects.toThrow("the server is down");
    isDown = false;
    // What is there then is what a killed process leaves.
    const left = readFileSync(own(FILE));
    const counts = (await chunked("data.csv", call, given)) as number[];
    expect(counts.reduce((a, b) => a + b, 0)).toBe(ROWS);
    writeFileSync(own(FILE), left);
    expect([...((await chunked("data.csv", call, given)) as number[])]).toEqual([...counts]);
  });
});

describe("a checkpoint is refused", () => {
  const stopAtThird = async (given: CallbackOptions = options) => {
    const call: ChunkCallback = (_, { index }) => {
      if (index === 3) throw new RangeError("stop here");
      return index;
    };
    await expect(chunked("data.csv", call, given)).rejects.toThrow("stop here");
    return call;
  };

  test("when files, options or the function changed, each by its name, and stays as it is", async () => {
    const call = await stopAtThird();
    const left = readFileSync(own(FILE));
    for (const [given, what] of [
      [{ where: "id > 3" }, "rows and columns"],
      [{ chunksize: 301 }, "size of chunks"],
      [{ sep: "," }, "the way text is read"],
      [{ merge: (values: unknown[]) => values }, "the way to merge"],
    ] as const)
      await expect(chunked("data.csv", call, { ...options, ...given })).rejects.toMatchObject({
        code: "E_CHECKPOINT",
        message: expect.stringContaining(what),
      });
    await expect(chunked("data.csv", () => 1, options)).rejects.toMatchObject({
      message: expect.stringContaining("the function changed"),
    });
    const { atime, mtime } = statSync(own("data.csv"));
    appendFileSync(own("data.csv"), "1,k,1,1\n");
    utimesSync(own("data.csv"), atime, mtime);
    await expect(chunked("data.csv", call, options)).rejects.toMatchObject({
      message: expect.stringContaining("the files changed"),
    });
    expect(readFileSync(own(FILE))).toEqual(left);
  });

  test("when it is damaged, or no checkpoint at all", async () => {
    const call = await stopAtThird();
    const left = readFileSync(own(FILE));
    writeFileSync(own(FILE), left.subarray(0, left.length - 1));
    await expect(chunked("data.csv", call, options)).rejects.toMatchObject({ name: "DataError", code: "E_CHECKPOINT" });
    writeFileSync(own(FILE), "my own notes");
    await expect(chunked("data.csv", call, options)).rejects.toMatchObject({
      name: "UsageError",
      code: "E_CHECKPOINT",
    });
    expect(readFileSync(own(FILE), "utf8")).toBe("my own notes");
    await expect(chunked("data.csv", call, { ...options, checkpoint: "." })).rejects.toMatchObject({
      code: "E_CHECKPOINT",
    });
    await expect(chunked("data.csv", call, { ...options, checkpoint: "no/such/file" })).rejects.toMatchObject({
      code: "E_CHECKPOINT",
    });
  });

  test("for values that would come back as something else, in the first chunk that gives one", async () => {
    class Own {
      readonly one = 1;
    }
    for (const value of [() => 1, new Own(), [{ deep: Symbol("s") }], new Map([[1, new Own()]])]) {
      let calls = 0;
      const call = () => {
        calls++;
        return value;
      };
      await expect(chunked("data.csv", call, options)).rejects.toMatchObject({ code: "E_CHECKPOINT" });
      expect(calls).toBe(1);
      expect(existsSync(own(FILE))).toBe(false);
    }
  });

  test("of data in memory", async () => {
    const rows = [{ id: 1 }, { id: 2 }];
    await expect(chunked(rows, () => 1, { checkpoint: FILE, cwd })).rejects.toMatchObject({ code: "E_CHECKPOINT" });
  });
});
