import { mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type CallbackOptions, type ChunkedRun, type ChunkFrame, chunked } from "../../../src/chunked/chunked.ts";
import { chunksByDuckdb } from "../../../src/chunked/chunks/by-duckdb.ts";
import { openDuckdb } from "../../../src/duckdb/session.ts";
import { Interrupted } from "../../../src/errors.ts";
import { resolveSource } from "../../../src/source/resolve.ts";
import { type Random, randomOf } from "./datasets.ts";

const FILE = "run.checkpoint";
let cwd: string;

beforeEach(() => {
  cwd = mkdtempSync(path.join(tmpdir(), "outgrow-resume-"));
});
afterEach(() => rmSync(cwd, { recursive: true, force: true }));

interface Given {
  readonly name: string;
  readonly source: string;
  /** Where reading goes on: at a byte of a file, or behind rows that are read again. */
  readonly isPlace: boolean;
  write(random: Random): void;
  readonly options?: CallbackOptions;
}

const TEXTS = ["", "plain", "a, b", 'say ""hi""', "two\nlines", "two\r\nlines\n\n", "größe", "\n1,2,3\n", "'"];

function rowsOf(random: Random, quote: (text: string) => string, count = 200 + random.below(1500)): string[] {
  return Array.from({ length: count }, (_, i) => {
    const whole = random.below(9) === 0 ? "" : random.below(1000);
    return `${i},${quote(random.pick(TEXTS))},${whole},${random.below(5) === 0 ? "" : (random.next() * 10).toFixed(2)}`;
  });
}

const quoted = (text: string) => `"${text}"`;
const csv = (random: Random, end: string, rows = rowsOf(random, quoted)) =>
  `id,text,n,x${end}${rows.join(end)}${random.pick(["", end])}`;
const json = (random: Random) =>
  Array.from({ length: 200 + random.below(1500) }, (_, i) => {
    const cells = [`"id":${i}`, `"text":${JSON.stringify(random.pick(TEXTS))}`, `"n":${random.below(100)}`, `"x":0.5`];
    return `${random.pick(["", "", "\n", "  "])}{${random.shuffled(cells.slice(0, 2 + random.below(3))).join(",")}}\n`;
  }).join("");
const put = (name: string, content: string | Uint8Array) => writeFileSync(path.join(cwd, name), content);

const GIVEN: readonly Given[] = [
  { name: "CSV", source: "a.csv", isPlace: true, write: (random) => put("a.csv", csv(random, "\n")) },
  {
    name: "CSV with a mark and CRLF",
    source: "a.csv",
    isPlace: true,
    write: (random) => put("a.csv", `\uFEFF${csv(random, "\r\n")}`),
  },
  {
    name: "several files, one without rows, with a condition",
    source: "*.csv",
    isPlace: true,
    write: (random) => {
      for (const name of ["a", "c", "d"]) put(`${name}.csv`, csv(random, "\n"));
      put("b.csv", "id,text,n,x\n");
    },
    options: { where: "n > 300", usecols: "id,text,x" },
  },
  {
    name: "rows that are left out",
    source: "a.csv",
    isPlace: true,
    write: (random) => {
      const rows = rowsOf(random, quoted).flatMap((row) => (random.below(7) === 0 ? ["1,2", row] : [row]));
      put("a.csv", csv(random, "\n", rows));
    },
    options: { badRows: "skip" },
  },
  { name: "JSON Lines", source: "a.jsonl", isPlace: true, write: (random) => put("a.jsonl", json(random)) },
  {
    name: "gzip",
    source: "a.csv.gz",
    isPlace: false,
    write: (random) => put("a.csv.gz", gzipSync(csv(random, "\n"))),
  },
  {
    name: "Latin-1",
    source: "a.csv",
    isPlace: false,
    write: (random) => put("a.csv", Buffer.from(csv(random, "\n"), "latin1")),
    options: { encoding: "latin-1" },
  },
  {
    name: "what DuckDB reads",
    source: "a.csv",
    isPlace: false,
    write: (random) => put("a.csv", csv(random, "\n")),
    options: { where: "n % 3 = 1" },
  },
];

/** As if nobody had written to it. */
const setTime = (name: string) => utimesSync(path.join(cwd, name), 1e9, 1e9);

type Cells = unknown[][];
const cellsOf = (chunk: ChunkFrame): Cells => chunk.values as Cells;

/** All rows, over as many runs as there are stops, and what the last one told. */
async function inParts(source: string, options: CallbackOptions, stops: readonly number[]) {
  let calls = 0;
  for (let at = 0; ; at++) {
    const stop = new AbortController();
    const end = stops[at] === undefined ? Number.POSITIVE_INFINITY : calls + (stops[at] as number);
    const call = (chunk: ChunkFrame) => {
      if (calls++ >= end) stop.abort();
      return cellsOf(chunk);
    };
    const kept = { file: FILE, code: "same", every: at % 2 === 0 ? 0 : 10 };
    let facts: ChunkedRun | undefined;
    const run = chunked(source, call, {
      ...options,
      signal: stop.signal,
      checkpoint: kept,
      onRun: (told) => (facts = told),
    });
    const values = await run.catch((failure: unknown) => {
      if (!(failure instanceof Interrupted)) throw failure;
    });
    if (values !== undefined) return { rows: (values as Cells[]).flat(), facts: facts as unknown as ChunkedRun, calls };
  }
}

describe("runs that go on from stops at random places", () => {
  test.each(GIVEN)("give each row once, in order: $name", async ({ source, isPlace, write, options }) => {
    for (let seed = 1; seed <= 6; seed++) {
      const random = randomOf(seed);
      write(random);
      const chunksize = random.pick([1, 7, 50, 333]) * (seed % 2 === 0 ? 1 : 3);
      const all = { cwd, ...options, chunksize, concurrency: random.pick([1, 3]) };
      const whole = (await chunked(source, cellsOf, all)) as Cells[];
      const stops = Array.from({ length: 1 + random.below(3) }, () => 1 + random.below(Math.ceil(whole.length / 3)));
      const { rows, facts } = await inParts(source, all, stops);
      expect(rows).toEqual(whole.flat());
      expect(facts).toMatchObject({ complete: true, fraction: 1, rows: rows.length });
      const told = facts.notes.find((note) => note.startsWith("goes on"));
      if (told)
        expect([seed, facts.engine, facts.reason, told].join()).toMatch(
          isPlace ? /byte [\d,]+ of [a-d]\./ : /read and passed over$/,
        );
      expect(readdirSync(cwd)).not.toContain(FILE);
    }
  });

  test("read nothing that was read before, be the rows before the place what they may", async () => {
    put("a.csv", csv(randomOf(1), "\n", rowsOf(randomOf(1), quoted, 40_000)));
    setTime("a.csv");
    const whole = (await chunked("a.csv", cellsOf, { cwd, chunksize: 5000 })) as Cells[];
    let calls = 0;
    const stop = new AbortController();
    const options: CallbackOptions = { cwd, chunksize: 5000, checkpoint: { file: FILE, code: "same" } };
    const stopping = (chunk: ChunkFrame) => {
      if (++calls === 6) stop.abort();
      return cellsOf(chunk);
    };
    await expect(chunked("a.csv", stopping, { ...options, signal: stop.signal })).rejects.toThrow(Interrupted);
    // What lies far before the place is no table any more, and nobody looks.
    put("a.csv", readFileSync(path.join(cwd, "a.csv")).fill('"', 1000, 200_000));
    setTime("a.csv");
    const rows = (await chunked("a.csv", cellsOf, options)) as Cells[];
    expect(rows.flat()).toEqual(whole.flat());
  });

  test("refuse a file whose bytes about the place are others, though its size and time are not", async () => {
    put("a.csv", csv(randomOf(1), "\n"));
    setTime("a.csv");
    const call = (_: ChunkFrame, { index }: { index: number }) => {
      if (index === 2) throw new RangeError("no more");
      return index;
    };
    const options = { cwd, chunksize: 30, checkpoint: FILE };
    await expect(chunked("a.csv", call, options)).rejects.toThrow("no more");
    put("a.csv", readFileSync(path.join(cwd, "a.csv"), "utf8").replace("\n3,", "\n4,"));
    setTime("a.csv");
    await expect(chunked("a.csv", call, options)).rejects.toMatchObject({
      code: "E_CHECKPOINT",
      message: expect.stringContaining("the files changed"),
    });
  });
});

describe("behind the last row", () => {
  test.each([
    ["CSV by the scanner", "a.csv", undefined],
    ["CSV by DuckDB", "a.csv", "length(t) > 0"],
    ["gzip", "a.csv.gz", undefined],
    ["JSON Lines", "a.jsonl", undefined],
  ])("no function is called for a chunk without rows (%s)", async (_, source, where) => {
    const rows = Array.from({ length: 300 }, (_, i) => i);
    const text = `id,t\n${rows.map((i) => `${i},t${i}`).join("\n")}\n`;
    put("a.csv", text);
    put("a.csv.gz", gzipSync(text));
    put("a.jsonl", rows.map((i) => `{"id":${i},"t":"t${i}"}\n`).join(""));
    let isDown = true;
    const merge = (values: readonly unknown[]) => {
      if (isDown) throw new RangeError("no more");
      return values.length;
    };
    const run = () =>
      chunked(source, (chunk) => chunk.shape[0], { cwd, chunksize: 100, where, merge, checkpoint: FILE });
    await expect(run()).rejects.toThrow("no more");
    isDown = false;
    expect(await run()).toBe(3);
  });
});

describe("types of before hold behind a checkpoint", () => {
  test.each([
    ["the scanner", undefined],
    ["DuckDB", "id % 1 = 0"],
  ])("a value that does not fit is an error then, with its row (%s)", async (_, where) => {
    // More text than one that is read before anything is handed out.
    const rows = Array.from({ length: 700_000 }, (_, i) => `${i},${i === 699_990 ? "x" : i % 10},words of a row`);
    put("a.csv", `id,n,t\n${rows.join("\n")}\n`);
    let calls = 0;
    const call = () => {
      if (++calls === 3) throw new RangeError("no more");
      return calls;
    };
    const options = { cwd, chunksize: 20_000, where, checkpoint: { file: FILE, code: "same" } };
    await expect(chunked("a.csv", call, options)).rejects.toThrow("no more");
    await expect(chunked("a.csv", call, options)).rejects.toThrow(/(row 699,991|line 699,992).*column "n"/);
  });

  test("where the scanner read before and refuses now, DuckDB finds its own types and passes over the rows", async () => {
    put("a.csv", `id\n${Array.from({ length: 300 }, (_, i) => i).join("\n")}\n`);
    const source = await resolveSource("a.csv", { cwd });
    const how = { rows: 100, kinds: new Map(), wide: new Map() };
    const cut = { size: { rows: 100 }, resume: { rows: 100, engine: "scanner", how } };
    await using session = await openDuckdb();
    const firsts: number[] = [];
    for await (const { firstRow } of chunksByDuckdb(session, source, {}, cut, () => undefined)) firsts.push(firstRow);
    expect(firsts).toEqual([100, 200]);
  });

  test("a wide column stays one of bigints, and progress tells the rows of this run", async () => {
    const rows = Array.from({ length: 900 }, (_, i) => (i === 5 ? "9007199254740993" : `${i}`));
    put("a.csv", `n\n${rows.join("\n")}\n`);
    const kinds = (chunk: ChunkFrame) => cellsOf(chunk).map(([value]) => typeof value);
    const whole = (await chunked("a.csv", kinds, { cwd, chunksize: 100 })) as string[][];
    let calls = 0;
    let most = 0;
    const onProgress = ({ rows = 0 }: { rows?: number | undefined }) => {
      most = Math.max(most, rows);
    };
    const options = { cwd, chunksize: 100, checkpoint: { file: FILE, code: "same" }, onProgress };
    const stopping = (chunk: ChunkFrame) => {
      if (++calls === 4) throw new RangeError("no more");
      return kinds(chunk);
    };
    await expect(chunked("a.csv", stopping, options)).rejects.toThrow("no more");
    expect(most).toBe(300);
    most = 0;
    expect([...((await chunked("a.csv", kinds, options)) as string[][])]).toEqual([...whole]);
    // For a rate the rows of the run before count for nothing.
    expect(most).toBe(600);
  });
});

describe("loops go on, too", () => {
  const options = { chunksize: 100, checkpoint: FILE };
  beforeEach(() => put("a.csv", `id\n${Array.from({ length: 1050 }, (_, i) => i).join("\n")}\n`));
  const firstOf = (chunk: ChunkFrame) => Number(cellsOf(chunk)[0]?.[0]);

  test("a chunk whose body has ended never comes again; the one that was left by break, by an error or by Stop does", async () => {
    const seen: number[][] = [];
    const walk = async (leave: (first: number) => boolean, signal?: AbortSignal) => {
      const own: number[] = [];
      seen.push(own);
      for await (const chunk of chunked("a.csv", { ...options, cwd, signal })) {
        own.push(firstOf(chunk));
        if (leave(firstOf(chunk))) break;
      }
    };
    await walk((first) => first === 200);
    await expect(
      walk((first) => {
        if (first === 400) throw new RangeError("no more");
        return false;
      }),
    ).rejects.toThrow("no more");
    const stop = new AbortController();
    const stopping = walk((first) => {
      if (first === 600) stop.abort();
      return false;
    }, stop.signal);
    await expect(stopping).rejects.toThrow(Interrupted);
    await walk(() => false);
    expect(seen).toEqual([
      [0, 100, 200],
      [200, 300, 400],
      [400, 500, 600],
      [700, 800, 900, 1000],
    ]);
    expect(readdirSync(cwd)).toEqual(["a.csv"]);
  });

  test("what a killed process had written last is where it goes on", async () => {
    const every = { ...options, cwd, checkpoint: { file: FILE, every: 0 } };
    let left: Buffer | undefined;
    for await (const chunk of chunked("a.csv", every))
      if (firstOf(chunk) === 300) {
        left = readFileSync(path.join(cwd, FILE));
        break;
      }
    writeFileSync(path.join(cwd, FILE), left as Buffer);
    const firsts = [];
    for await (const chunk of chunked("a.csv", every)) firsts.push(firstOf(chunk));
    // Writing takes its share of the time only, so that it need not be behind the chunk before.
    expect([100, 200, 300]).toContain(firsts[0]);
    expect(firsts).toEqual(Array.from({ length: firsts.length }, (_, i) => 100 * (11 - firsts.length + i)));
  });

  test("reduce and toArray keep what they have, and each chunk is in it once", async () => {
    let [calls, isDown] = [0, true];
    const step = (chunk: ChunkFrame) => {
      if (++calls % 4 === 0 && isDown) throw new RangeError("no more");
      return cellsOf(chunk).length;
    };
    const sum = (state: { rows: number; seen: number[] }, rows: number) => {
      return { rows: state.rows + rows, seen: [...state.seen, rows] };
    };
    const reduced = () =>
      chunked("a.csv", { ...options, cwd })
        .map(step)
        .reduce(sum, { rows: 0, seen: [] });
    await expect(reduced()).rejects.toThrow("no more");
    await expect(reduced()).rejects.toThrow("no more");
    isDown = false;
    const { rows, seen } = await reduced();
    expect([rows, seen.length]).toEqual([1050, 11]);
    isDown = true;
    calls = 0;
    const listed = () =>
      chunked("a.csv", { ...options, cwd })
        .map(step)
        .toArray();
    await expect(listed()).rejects.toThrow("no more");
    isDown = false;
    expect([...(await listed())]).toEqual([...Array.from({ length: 10 }, () => 100), 50]);
  });

  test.each([0, 10])(
    "a state that a call was changing in place is kept as it was before the call (every %i s)",
    async (every) => {
      let isDown = true;
      const count = async (state: { rows: number; calls: number }, chunk: ChunkFrame) => {
        state.rows += cellsOf(chunk).length;
        await Promise.resolve();
        if (firstOf(chunk) === 300 && isDown) throw new RangeError("no more");
        state.calls++;
        return state;
      };
      const reduced = () =>
        chunked("a.csv", { ...options, cwd, checkpoint: { file: FILE, every } }).reduce(count, { rows: 0, calls: 0 });
      await expect(reduced()).rejects.toThrow("no more");
      expect(readdirSync(cwd)).toContain(FILE);
      await expect(reduced()).rejects.toThrow("no more");
      isDown = false;
      expect(await reduced()).toEqual({ rows: 1050, calls: 11 });
    },
  );

  test("forEach calls again for what was at work, and for nothing before it", async () => {
    const seen: number[] = [];
    let isDown = true;
    const call = (chunk: ChunkFrame) => {
      seen.push(firstOf(chunk));
      if (firstOf(chunk) === 300 && isDown) throw new RangeError("no more");
    };
    const run = () => chunked("a.csv", { ...options, cwd }).forEach(call);
    await expect(run()).rejects.toThrow("no more");
    isDown = false;
    expect(await run()).toMatchObject({ rows: 1050, complete: true });
    expect(seen).toEqual([0, 100, 200, 300, 300, 400, 500, 600, 700, 800, 900, 1000]);
  });

  test("a state that a file cannot keep is refused, as is another function", async () => {
    const frames = chunked("a.csv", { ...options, cwd, checkpoint: { file: FILE, every: 0 } }).toArray();
    await expect(frames).rejects.toMatchObject({ code: "E_CHECKPOINT", message: expect.stringContaining("a frame") });
    const failing = () => {
      throw new RangeError("no more");
    };
    let calls = 0;
    const first = chunked("a.csv", { ...options, cwd }).forEach(() => {
      if (++calls === 3) failing();
    });
    await expect(first).rejects.toThrow("no more");
    await expect(chunked("a.csv", { ...options, cwd }).forEach(failing)).rejects.toMatchObject({
      code: "E_CHECKPOINT",
      message: expect.stringContaining("the function changed"),
    });
  });
});
