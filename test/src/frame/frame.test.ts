import { describe, expect, test } from "vitest";
import { UsageError } from "../../../src/errors.ts";
import { arrow } from "../../../src/frame/arrow.ts";
import { danfo } from "../../../src/frame/danfo.ts";
import { arrowOf, columnsOf, frameFromArrow, frameFromColumns, isEdited } from "../../../src/frame/frame.ts";
import { schemaOf } from "../../../src/frame/schema.ts";

/** Through Arrow's file format and back: offsets, padding and dictionaries as a reader gives them. */
function throughIpc(frame: ReturnType<typeof frameFromColumns>) {
  return frameFromArrow(arrow().tableFromIPC(arrow().tableToIPC(arrowOf(frame))));
}

const MIXED = [
  { name: "id", type: "int64", values: BigInt64Array.of(1n, 2n, -3n) },
  { name: "big", type: "int64", values: BigInt64Array.of(1n, 2n ** 60n, -5n) },
  { name: "unsigned", type: "uint64", values: BigUint64Array.of(1n, 2n ** 63n, 5n), validity: Uint8Array.of(0b101) },
  { name: "small", type: "int8", values: Int8Array.of(-1, 0, 1), validity: Uint8Array.of(0b110) },
  { name: "ratio", type: "float32", values: Float32Array.of(0.5, Number.NaN, -2) },
  { name: "flag", type: "bool", values: Uint8Array.of(1, 0, 1), validity: Uint8Array.of(0b011) },
  { name: "word", type: "str", values: ["a", null, "ü€😀"] },
  {
    name: "kind",
    type: "category",
    values: Int32Array.of(1, 0, 1),
    dictionary: ["x", "y"],
    validity: Uint8Array.of(0b101),
  },
  { name: "at", type: "datetime64[us, UTC]", values: BigInt64Array.of(0n, 1_500_000n, -1n) },
  { name: "day", type: "date", values: Int32Array.of(0, 1, -1) },
  { name: "price", type: "decimal(10, 2)", values: BigInt64Array.of(110n, -5n, 99_999_999n) },
  { name: "deep", type: "decimal(38, 20)", values: [12345678901234567890123n, null, -1n] },
  { name: "tags", type: "list", values: [["a"], [], null] },
  { name: "raw", type: "binary", values: [Uint8Array.of(1, 2), null, Uint8Array.of()] },
];

const PLAIN = {
  id: [1, 2, -3],
  big: [1n, 2n ** 60n, -5n],
  unsigned: [1, null, 5],
  small: [null, 0, 1],
  ratio: [0.5, Number.NaN, -2],
  flag: [true, false, null],
  word: ["a", null, "ü€😀"],
  kind: ["y", null, "y"],
  at: [new Date(0), new Date(1500), new Date(-1)],
  day: [new Date(0), new Date(86_400_000), new Date(-86_400_000)],
  price: [1.1, -0.05, 999_999.99],
  deep: [123.45678901234568, null, -1e-20],
  tags: [["a"], [], null],
  raw: [Uint8Array.of(1, 2), null, Uint8Array.of()],
};

describe("values out", () => {
  test.each(Object.entries(PLAIN))("%s from typed columns and through Arrow", (name, values) => {
    const frame = frameFromColumns(MIXED);
    expect(frame.column(name).values).toEqual(values);
    expect(throughIpc(frame).column(name).values).toEqual(values);
  });

  test("types keep pandas' names through Arrow", () => {
    const frame = frameFromColumns(MIXED);
    const types = MIXED.map(({ type }) => type);
    expect(columnsOf(frame).map((column) => column.type)).toEqual(types);
    expect(schemaOf(arrowOf(frame).schema).columns.map((column) => column.type)).toEqual(types);
  });

  test("microseconds and exact decimals stay in Arrow, also after a filter", () => {
    const frame = throughIpc(frameFromColumns(MIXED));
    const table = arrowOf(frame.query([false, true, true]));
    expect(table.getChild("at")?.data[0]?.values).toEqual(BigInt64Array.of(1_500_000n, -1n));
    expect(columnsOf(frame.query([true, false, false])).find(({ name }) => name === "deep")?.storage.values).toEqual([
      12345678901234567890123n,
    ]);
  });

  test("several batches with dictionaries of their own are one column", () => {
    const { Table, tableFromArrays, vectorFromArray, Dictionary, Utf8, Int32 } = arrow();
    const part = (...words: string[]) =>
      new Table({
        k: vectorFromArray(words, new Dictionary(new Utf8(), new Int32())),
        n: tableFromArrays({ n: Int32Array.from(words, (_, i) => i) }).getChild("n")!,
      });
    const frame = frameFromArrow(part("a", "b").concat(part("b", "c", "a")));
    expect(frame.k.values).toEqual(["a", "b", "b", "c", "a"]);
    expect(frame.n.values).toEqual([0, 1, 0, 1, 2]);
    expect(frame.groupby(["k"]).count().values).toEqual([
      ["a", 2],
      ["b", 2],
      ["c", 1],
    ]);
  });

  test("a slice of a table starts where it says", () => {
    const table = arrowOf(frameFromColumns(MIXED)).slice(1);
    const frame = frameFromArrow(table);
    for (const [name, values] of Object.entries(PLAIN))
      expect(frame.column(name).values, name).toEqual(values.slice(1));
    expect(arrowOf(frame)).toBe(table);
  });
});

test("arrays may come with validity as well", () => {
  const validity = Uint8Array.of(0b01);
  const frame = frameFromColumns([
    { name: "n", type: "float64", values: [1, 2], validity },
    { name: "s", type: "str", values: ["a", "b"], validity },
    { name: "d", type: "decimal(10, 1)", values: [15n, 25n], validity },
  ]);
  expect(frame.values).toEqual([
    [1, "a", 1.5],
    [null, null, null],
  ]);
});

describe("a frame of ours", () => {
  test("is a Danfo frame", () => {
    const frame = frameFromColumns(MIXED);
    expect(frame).toBeInstanceOf(danfo().DataFrame);
    expect(frame.id).toBeInstanceOf(danfo().Series);
    expect(frame.groupby(["kind"]).col(["id"]).sum()).toBeInstanceOf(danfo().DataFrame);
  });

  test("survives columns named like its own parts", () => {
    const names = ["values", "shape", "index", "columns", "constructor", "__proto__", "$data", "head", "toString"];
    const frame = frameFromColumns(names.map((name, i) => ({ name, type: "int32", values: Int32Array.of(i, i) })));
    expect(frame.shape).toEqual([2, names.length]);
    expect(frame.columns).toEqual(names);
    for (const [i, name] of names.entries()) expect(frame.column(name).values).toEqual([i, i]);
    expect(frame.groupby(["__proto__"]).col(["values"]).sum().values).toEqual([[5, 0]]);
    expect(frame.head(1).values).toEqual([names.map((_, i) => i)]);
  });

  test("may be empty", () => {
    const frame = frameFromColumns([
      { name: "a", type: "int32", values: new Int32Array() },
      { name: "b", type: "str", values: [] },
    ]);
    expect(frame.shape).toEqual([0, 2]);
    expect([frame.head(), frame.tail(), frame.query([])].map((part) => part.shape)).toEqual([
      [0, 2],
      [0, 2],
      [0, 2],
    ]);
    expect(frame.a.sum()).toBe(0);
    expect(frame.a.mean()).toBeNaN();
    expect(frame.groupby(["a"]).count().shape).toEqual([0, 2]);
    expect(arrowOf(frame).numRows).toBe(0);
    expect(String(frame)).toContain("a");
    expect(frameFromColumns([]).shape).toEqual([0, 0]);
  });

  test("sums bigints exactly", () => {
    const frame = frameFromColumns([{ name: "n", type: "int64", values: BigInt64Array.of(2n ** 60n, 1n, 2n ** 60n) }]);
    expect(frame.n.sum()).toBe(2n ** 61n + 1n);
    expect(frame.n.max()).toBe(2n ** 60n);
    const grouped = frameFromColumns([
      { name: "k", type: "int32", values: Int32Array.of(1, 1, 2) },
      { name: "n", type: "int64", values: BigInt64Array.of(2n ** 62n, 2n ** 62n - 1n, 3n) },
    ])
      .groupby(["k"])
      .col(["n"])
      .sum();
    expect(grouped.n_sum.values).toEqual([2n ** 63n - 1n, 3n]);
  });

  test("a second column of a name is told apart", () => {
    const { Table, RecordBatch, Schema, Field, Struct, Int32, makeData } = arrow();
    const fields = ["a", "a", "a.1"].map((name) => new Field(name, new Int32()));
    const children = [1, 2, 3].map((n) => makeData({ type: new Int32(), data: Int32Array.of(n) }));
    const rows = makeData({ type: new Struct(fields), length: 1, nullCount: 0, children });
    const frame = frameFromArrow(new Table(new Schema(fields), [new RecordBatch(new Schema(fields), rows)]));
    expect(frame.columns).toEqual(["a", "a.2", "a.1"]);
    expect(frame.values).toEqual([[1, 2, 3]]);
  });
});

describe("edits", () => {
  const make = () =>
    frameFromColumns([
      { name: "a", type: "int32", values: Int32Array.of(1, 2, 3) },
      { name: "b", type: "str", values: ["x", "y", "x"] },
    ]);

  test("assignment, new columns, renaming, dropping and new values show in every view", () => {
    const frame = make();
    expect(isEdited(frame)).toBe(false);
    frame.a = frame.a.mul(10);
    frame.addColumn("c", [true, false, null] as boolean[], { inplace: true });
    expect(isEdited(frame)).toBe(true);
    expect(frame.values).toEqual([
      [10, "x", true],
      [20, "y", false],
      [30, "x", null],
    ]);
    expect(frame.groupby(["b"]).col(["a"]).sum().values).toEqual([
      ["x", 40],
      ["y", 20],
    ]);
    frame.rename({ a: "z" }, { inplace: true });
    expect(frame.z.values).toEqual([10, 20, 30]);
    frame.drop({ columns: ["b"], inplace: true });
    expect(frame.shape).toEqual([3, 2]);
    expect(frame.columns).toEqual(["z", "c"]);
    frame.replace(20, 21, { inplace: true });
    expect(frame.z.values).toEqual([10, 21, 30]);
    expect(arrowOf(frame).getChild("z")?.toArray()).toEqual(BigInt64Array.of(10n, 21n, 30n));
  });

  test("a copy and a part are not touched by an edit of the other", () => {
    const frame = make();
    const [copy, head] = [frame.copy(), frame.head(2)];
    frame.a = [7, 8, 9];
    expect(copy.a.values).toEqual([1, 2, 3]);
    expect(head.a.values).toEqual([1, 2]);
    copy.a = [0, 0, 0];
    expect(frame.a.values).toEqual([7, 8, 9]);
  });

  test("a column of the wrong length is refused by Danfo's own words", () => {
    expect(() => {
      make().a = [1];
    }).toThrow(/length/i);
  });

  test("a stock frame has an Arrow table as well", () => {
    const { DataFrame } = danfo();
    const stock = new DataFrame({ a: [1, 2.5, null], b: ["x", null, "y"], c: [new Date(0), null, new Date(1)] });
    expect(schemaOf(arrowOf(stock).schema).columns.map(({ type }) => type)).toEqual([
      "float64",
      "str",
      "datetime64[ms]",
    ]);
    expect(frameFromArrow(arrowOf(stock)).values).toEqual(stock.values);
    expect(isEdited(stock)).toBeUndefined();
  });
});

describe("bad input", () => {
  const int = (name: string, ...values: number[]) => ({ name, type: "int32", values: Int32Array.from(values) });

  test.each([
    ["E_COLUMN_LENGTH", [int("a", 1), int("b", 1, 2)]],
    ["E_DUPLICATE_COLUMN", [int("a", 1), int("a", 2)]],
    ["E_BAD_TYPE", [{ name: "a", type: "integer", values: [1] }]],
    ["E_COLUMN_TYPE", [{ name: "a", type: "str", values: Int32Array.of(1) }]],
    ["E_COLUMN_LENGTH", [{ ...int("a", ...Array(9).keys()), validity: Uint8Array.of(255) }]],
  ])("%s", (code, columns) => {
    expect(() => frameFromColumns(columns)).toThrow(expect.objectContaining({ code, hint: expect.any(String) }));
  });

  test("a group-by names the column that is not there and the one that is meant", () => {
    const frame = frameFromColumns([int("amount", 1), { name: "word", type: "str", values: ["a"] }]);
    expect(() => frame.groupby(["amout"])).toThrow(UsageError);
    expect(() => frame.groupby(["amout"])).toThrow(
      expect.objectContaining({ code: "E_NO_COLUMN", hint: expect.stringContaining("amount") }),
    );
    expect(() => frame.groupby(["amount"]).col(["word"]).sum()).toThrow(
      expect.objectContaining({ code: "E_NOT_NUMERIC" }),
    );
    expect(() => frame.groupby([])).toThrow(expect.objectContaining({ code: "E_NO_KEYS" }));
  });

  test("values of several kinds have no Arrow column", () => {
    const frame = frameFromColumns([{ name: "o", type: "object", values: [1, "a", { b: 2 }] }]);
    expect(frame.o.values).toEqual([1, "a", { b: 2 }]);
    expect(() => arrowOf(frame)).toThrow(expect.objectContaining({ code: "E_MIXED_COLUMN" }));
    const wide = frameFromColumns([{ name: "w", type: "object", values: [2n ** 70n, -1n] }]);
    expect(() => arrowOf(wide)).toThrow(/"w" holds whole numbers of more than 64 bits/);
  });
});
