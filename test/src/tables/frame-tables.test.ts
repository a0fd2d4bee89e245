import { expect, test } from "vitest";
import { frameFromColumns } from "../../../src/frame/frame.ts";
import { batchesOf, tablesOfFrame } from "../../../src/tables/frame-tables.ts";

const ROWS = 200_000;
const validity = Uint8Array.from({ length: ROWS / 8 }, (_, i) => (i % 5 === 0 ? 0b1010_1111 : 255));
const isThere = (row: number) => (((validity[row >> 3] as number) >> (row & 7)) & 1) === 1;

function framed(type: string, words: readonly string[]) {
  const codes = Int32Array.from({ length: ROWS }, (_, row) => (row * 7) % words.length);
  const frame = frameFromColumns([{ name: "t", type, values: codes, validity, dictionary: words }]);
  return { frame, wanted: (row: number) => (isThere(row) ? words[codes[row] as number] : null) };
}

test("of a dictionary with more texts than a batch has rows each batch encodes those of its rows", async () => {
  const words = Array.from({ length: 100_000 }, (_, i) => `text ${i}`);
  let reads = 0;
  const watched = new Proxy(words, {
    get(target, key, receiver) {
      if (key !== "length") reads++;
      return Reflect.get(target, key, receiver);
    },
  });
  const { frame, wanted } = framed("str", watched);
  reads = 0;
  const tables = tablesOfFrame(frame);
  const wrong: number[] = [];
  let rows = 0;
  let textBytes = 0;
  let readOfBatches = 0;
  for await (const batch of tables.batches()) {
    readOfBatches = reads;
    const [{ data }] = batch.columns as readonly [(typeof batch.columns)[number]];
    const { type, values, valueOffsets, nullBitmap } = data;
    expect(type).toEqual(tables.fields?.[0]?.type);
    for (let i = 0; i < batch.rows; i++) {
      const isSet = (((nullBitmap[i >> 3] as number) >> (i & 7)) & 1) === 1;
      const text = Buffer.from(values.subarray(valueOffsets[i], valueOffsets[i + 1])).toString();
      if ((isSet ? text : null) !== wanted(rows + i)) wrong.push(rows + i);
    }
    reads = readOfBatches;
    rows += batch.rows;
    textBytes += batch.sizes?.[0]?.textBytes ?? 0;
  }
  expect([rows, wrong]).toEqual([ROWS, []]);
  expect(readOfBatches).toBeLessThan(1.1 * ROWS);
  const exact = words.join("").length * 2 * (1 - 2 / 40);
  expect(textBytes / exact).toBeGreaterThan(0.95);
  expect(textBytes / exact).toBeLessThan(1.05);
});

test("batches share a dictionary of few words, and of a category a dictionary of many", async () => {
  for (const [type, count] of [
    ["str", 1000],
    ["category", 100_000],
  ] as const) {
    const { frame } = framed(
      type,
      Array.from({ length: count }, (_, i) => `text ${i}`),
    );
    const words = new Set<unknown>();
    for await (const { columns, sizes } of batchesOf(frame)) {
      words.add(columns[0]?.data.dictionary);
      expect(sizes?.[0]).toMatchObject({ words: count });
    }
    expect(words.size).toBe(1);
  }
});
