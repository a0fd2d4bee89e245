import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { chunked } from "../../../src/chunked/chunked.ts";
import { arrow } from "../../../src/frame/arrow.ts";
import { type DataFrame, frameFromColumns } from "../../../src/frame/frame.ts";
import { previewFrame } from "../../../src/frame/preview-frame.ts";
import { failureOf } from "./call.ts";
import { probe, runMagic } from "./context.ts";

let folder = "";

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), "outgrow-head-"));
  const rows = Array.from({ length: 100 }, (_, row) => `${row};${row / 4}`);
  writeFileSync(path.join(folder, "a.csv"), `id;x\n${rows.join("\n")}\n`);
  writeFileSync(path.join(folder, "three.csv"), "id,x\n1,2\n3,4\n5,6\n");
  writeFileSync(path.join(folder, "none.csv"), "id,x\n");
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("the first rows of a file in its order, and that there are more", async () => {
  const notebook = probe(folder);
  const frame = (await runMagic("%head a.csv -n 5 -o first", notebook)) as DataFrame;
  expect(notebook.variables.get("first")).toBe(frame);
  expect(frame.shape).toEqual([5, 2]);
  expect([...(frame.column("id").values as number[])]).toEqual([0, 1, 2, 3, 4]);
  expect(notebook.outputs()[0]).toMatch(/5 rows shown, more exist/);
  expect(notebook.outputs()[0]).toContain("int64");
});

test("the rows that a list holds, as from JSON, with a column for each key that any of them has", async () => {
  const notebook = probe(folder);
  notebook.variables.set("rows", [{ id: 1, name: "a" }, { id: 2.5, late: true }, Object.create(null)]);
  const frame = (await runMagic("%head rows", notebook)) as DataFrame;
  expect(frame.shape).toEqual([3, 3]);
  expect(frame.column("late").values).toEqual([null, true, null]);
  for (const word of ["float64", "str", "bool", "3 rows × 3 columns"]) expect(notebook.outputs()[0]).toContain(word);
  for (const value of [[], [1, 2], [{ a: 1 }, [2]], [new Date()]]) {
    notebook.variables.set("rows", value);
    expect(await failureOf(() => runMagic("%head rows", notebook))).toMatchObject({ code: "E_BAD_SOURCE" });
  }
});

test("a key that comes twice in an object is not told to be of another type", async () => {
  writeFileSync(path.join(folder, "twice.jsonl"), '{"a":1,"a":2}\n'.repeat(3));
  const failure = await failureOf(() => runMagic("%head twice.jsonl", probe(folder)));
  expect(failure).toMatchObject({ code: "E_BAD_VALUE", hint: "leave one of the two in that line" });
});

test("a list in the one object of a file is said to be the table, as by %profile", async () => {
  const note = `the file is one object, and the list in "data" may be the table: !jq -c '.["data"][]' "answer.json" > table.jsonl makes a file of its rows.`;
  const rows = Array.from({ length: 40 }, (_, id) => ({ id }));
  writeFileSync(path.join(folder, "answer.json"), JSON.stringify({ ok: true, errors: [{}], tags: ["a"], data: rows }));
  writeFileSync(path.join(folder, "plain.json"), JSON.stringify({ ok: true, tags: ["a"], one: { a: 1 } }));
  const answered = probe(folder);
  await runMagic("%head answer.json", answered);
  await runMagic("%profile answer.json", answered);
  const [head = "", ...profiled] = answered.outputs();
  expect(head).toContain(note);
  expect(profiled.at(-1)).toContain(note);
  const plain = probe(folder);
  await runMagic("%head plain.json", plain);
  expect(plain.outputs()[0]).not.toContain("jq");
});

test("a byte that is not UTF-8 far below the rows that are shown is told, and in them an error", async () => {
  const lines = Array.from({ length: 3000 }, (_, row) => (row === 20 ? `${row},"two\nlines"` : `${row},name ${row}`));
  const good = `id,name\n${lines.join("\n")}\n`;
  const file = path.join(folder, "bad.csv");
  writeFileSync(file, Buffer.concat([Buffer.from(`${good}3000,Malm`), Buffer.from([0xf6]), Buffer.from("\n3001,x\n")]));
  const notebook = probe(folder);
  const frame = (await runMagic("%head bad.csv -n 30", notebook)) as DataFrame;
  expect(frame.shape).toEqual([30, 2]);
  expect(frame.column("name").values[20]).toBe("two\nlines");
  expect(notebook.outputs()[0]).toMatch(/bad\.csv line 3,00\d: the bytes are not UTF-8: say --encoding latin-1/);
  expect(await failureOf(() => runMagic("%head bad.csv -n 3001", probe(folder)))).toMatchObject({ code: "E_ENCODING" });
});

test("times of day and durations of an Arrow file are shown as clocks, and so in chunks of it", async () => {
  const { DurationMillisecond, Table, TimeMicrosecond, TimeSecond, makeData, makeVector, tableToIPC } = arrow();
  const table = new Table({
    s: makeVector(makeData({ type: new TimeSecond(), data: Int32Array.of(3723, 86_399) })),
    us: makeVector(makeData({ type: new TimeMicrosecond(), data: BigInt64Array.of(3_723_000_000n, 1_500_000n) })),
    ms: makeVector(makeData({ type: new DurationMillisecond(), data: BigInt64Array.of(-90_061_250n, 0n) })),
  });
  writeFileSync(path.join(folder, "times.arrow"), tableToIPC(table, "file"));
  const notebook = probe(folder);
  await runMagic("%head times.arrow", notebook);
  for (const clock of ["01:02:03", "-25:01:01.25", "23:59:59", "00:00:01.5", "timedelta64[ms]"])
    expect(notebook.outputs()[0]).toContain(clock);
  const options = { chunksize: 1, merge: "concat" } as const;
  const joined = await chunked(path.join(folder, "times.arrow"), (chunk: DataFrame) => chunk, options);
  expect(JSON.stringify(previewFrame(joined as DataFrame).rows)).toMatch(/01:02:03.*00:00:01\.5/);
});

test("a file that is shown whole", async () => {
  const notebook = probe(folder);
  await runMagic("%head three.csv", notebook);
  expect(notebook.outputs()[0]).toMatch(/^ *3 rows × 2 columns/m);
});

test("a header alone has no rows, and its names", async () => {
  const notebook = probe(folder);
  expect(((await runMagic("%head none.csv", notebook)) as DataFrame).columns).toEqual(["id", "x"]);
  expect(notebook.outputs()[0]).toMatch(/0 rows × 2 columns/);
});

test("a frame in a variable", async () => {
  const frame = frameFromColumns([
    { name: "n", type: "int32", values: Int32Array.from({ length: 30 }, (_, row) => row) },
  ]);
  const notebook = probe(folder, { frame });
  expect(((await runMagic("%head frame -n 4", notebook)) as DataFrame).shape).toEqual([4, 1]);
  expect(notebook.outputs()[0]).toMatch(/4 of 30 rows/);
});

test("a missing file", async () => {
  expect(await failureOf(() => runMagic("%head tree.csv", probe(folder)))).toMatchObject({
    code: "E_NO_FILE",
    under: "tree.csv",
  });
});

test("values that are not of the type that the first rows have are shown as they are", async () => {
  writeFileSync(
    path.join(folder, "wide.csv"),
    "a,card\n9007199254740993,89441000300000000001\n5,89441000300000000002\n",
  );
  const wide = (await runMagic("%head wide.csv", probe(folder))) as DataFrame;
  expect(wide.values).toEqual([
    [9007199254740993n, 89441000300000000001n],
    [5n, 89441000300000000002n],
  ]);
  writeFileSync(path.join(folder, "hex.csv"), "a,b\n0x1F,1\n0x20,2\n");
  const hex = (await runMagic("%head hex.csv", probe(folder))) as DataFrame;
  expect(hex.values).toEqual([
    ["0x1F", 1],
    ["0x20", 2],
  ]);
});

test("what other options would make of a text is told as by the profile, until it is said", async () => {
  const rows = Array.from({ length: 30 }, (_, i) => `${i},5;1.${100 + i},00;caf\xe9`);
  writeFileSync(path.join(folder, "bank.csv"), `paid;due;place\n${rows.join("\n")}\n`, "latin1");
  const told = async (line: string) => {
    const notebook = probe(folder);
    await runMagic(line, notebook);
    return notebook.outputs()[0] ?? "";
  };
  const shown = await told("%head bank.csv --encoding cp1252");
  expect(shown).toContain("paid: numbers with a decimal comma stay texts; --decimal , reads them.");
  expect(shown).toContain(
    "due: numbers with separators of thousands stay texts; --thousands . --decimal , reads them.",
  );
  const read = await told("%head bank.csv --encoding latin1 --thousands . --decimal ,");
  expect(read).not.toContain("stay texts");
  expect(read).toMatch(/decimal\(\d+, \d\).*decimal\(\d+, \d\)/);
  writeFileSync(
    path.join(folder, "title.csv"),
    `A report\nid\tv\n${Array.from({ length: 30 }, (_, i) => `${i}\t2`).join("\n")}\n`,
  );
  expect(await told("%head title.csv")).toContain("--sep tab --skip-rows 1 reads them");
});
