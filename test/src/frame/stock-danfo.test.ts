import { describe, expect, test } from "vitest";
import { type DataFrame, danfo } from "../../../src/frame/danfo.ts";
import { frameFromColumns } from "../../../src/frame/frame.ts";

const { DataFrame: Stock, Series, concat, merge, toCSV, toJSON, getDummies } = danfo();

const ROWS = 30;
const rows = Array.from({ length: ROWS }, (_, i) => i);
const DATA = {
  id: rows,
  city: rows.map((i) => ["Rome", "Oslo", "Lima"][i % 3] as string),
  amount: rows.map((i) => ((i * 37) % 11) + 0.25),
  ok: rows.map((i) => i % 2 === 0),
};

function stock(): DataFrame {
  return new Stock(structuredClone(DATA)) as DataFrame;
}

function lazy(): DataFrame {
  return frameFromColumns([
    { name: "id", type: "int32", values: Int32Array.from(DATA.id) },
    {
      name: "city",
      type: "category",
      values: Int32Array.from(DATA.id, (i) => i % 3),
      dictionary: ["Rome", "Oslo", "Lima"],
    },
    { name: "amount", type: "float64", values: Float64Array.from(DATA.amount) },
    { name: "ok", type: "bool", values: DATA.ok },
  ]);
}

/** A frame or series in the terms that a user sees. */
function plain(value: unknown): unknown {
  if (typeof value !== "object" || value === null || !("$isSeries" in value)) return value;
  const { values, index, columns, shape, dtypes } = value as DataFrame;
  return { values, index, columns, shape, dtypes };
}

function refusalOf(operation: () => unknown): unknown {
  try {
    return operation();
  } catch (error) {
    return (error as Error).message;
  }
}

type Operation = (frame: DataFrame) => unknown;

/** Operations that must not be told from stock Danfo's. */
const SAME: Record<string, Operation> = {
  columns: (df) => df.columns,
  shape: (df) => df.shape,
  size: (df) => df.size,
  ndim: (df) => df.ndim,
  dtypes: (df) => df.dtypes,
  index: (df) => df.index,
  axis: (df) => df.axis,
  values: (df) => df.values,
  "column data": (df) => df.getColumnData,
  ctypes: (df) => plain(df.ctypes),
  print: (df) => String(df),
  "print a part": (df) => String(df.head(3)),
  "print a series": (df) => String(df.amount),
  head: (df) => df.head(),
  "head of more than there is": (df) => df.head(99),
  tail: (df) => df.tail(4),
  "tail of a head": (df) => df.head(20).tail(3),
  "a column": (df) => df.amount,
  "column()": (df) => df.column("city"),
  "iloc slice": (df) => df.iloc({ rows: ["3:7"] }),
  "iloc rows": (df) => df.iloc({ rows: [5, 2, 9] }),
  "iloc both": (df) => df.iloc({ rows: ["0:4"], columns: [0, 2] }),
  "iloc mask": (df) => df.iloc({ rows: df.ok }),
  "loc columns": (df) => df.loc({ columns: ["amount", "id"] }),
  "loc mask": (df) => df.loc({ rows: df.amount.gt(5), columns: ["id", "city"] }),
  "loc rows": (df) => df.loc({ rows: [3, 5] }),
  at: (df) => [df.at(3, "city"), df.iat(2, 0)],
  query: (df) => df.query(df.amount.gt(5)),
  "query of a query": (df) => df.query(df.ok).head(4),
  "query in place": (df) => {
    df.query(df.ok, { inplace: true });
    return df;
  },
  "series comparisons": (df) => [df.id.lt(4), df.id.eq(3), df.city.eq("Rome")].map(plain),
  "series arithmetic": (df) => [df.amount.add(1), df.amount.mul(df.id), df.id.div(3)].map(plain),
  "series cumulative": (df) => [df.id.cumSum(), df.amount.cumMax()].map(plain),
  "series sort": (df) => df.amount.sortValues(),
  "series unique": (df) => [df.city.unique(), df.city.nUnique(), df.city.valueCounts()].map(plain),
  "series map": (df) => df.id.map((value: unknown) => Number(value) * 2),
  "series str": (df) => df.city.str.toLowerCase(),
  "series reductions": (df) => [df.id.sum(), df.id.min(), df.id.max(), df.id.count(), df.id.median(), df.ok.sum()],
  "series head": (df) => [df.city.head(2), df.city.tail(2)].map(plain),
  "series asType": (df) => df.amount.asType("int32"),
  "series append": (df) => df.id.append([7], [99]),
  "sum down": (df) => df.loc({ columns: ["id", "amount"] }).sum({ axis: 0 }),
  "sum along": (df) => df.loc({ columns: ["id", "amount"] }).sum({ axis: 1 }),
  "min and max down": (df) =>
    [df.loc({ columns: ["id"] }).min({ axis: 0 }), df.loc({ columns: ["id"] }).max({ axis: 0 })].map(plain),
  "count down": (df) => df.count({ axis: 0 }),
  describe: (df) => df.loc({ columns: ["id"] }).describe().index,
  "frame arithmetic": (df) => df.loc({ columns: ["id", "amount"] }).add(2),
  addColumn: (df) =>
    df.addColumn(
      "twice",
      rows.map((i) => i * 2),
    ),
  "addColumn in place": (df) => {
    df.addColumn(
      "twice",
      rows.map((i) => i * 2),
      { inplace: true, atIndex: 1 },
    );
    return [plain(df), plain(df.twice)];
  },
  "assign a column": (df) => {
    df.amount = rows;
    return [plain(df), plain(df.amount)];
  },
  drop: (df) => df.drop({ columns: ["city"] }),
  "drop rows": (df) => df.drop({ index: [0, 1] }),
  rename: (df) => df.rename({ id: "key" }),
  "rename in place": (df) => {
    df.rename({ id: "key" }, { inplace: true });
    return [plain(df), plain(df.key)];
  },
  sortValues: (df) => df.sortValues("amount"),
  sortIndex: (df) => df.sortIndex({ ascending: false }),
  setIndex: (df) => df.setIndex({ column: "id" }),
  "setIndex by values that repeat": (df) => refusalOf(() => df.setIndex({ column: "city" })),
  "setIndex in place": (df) => {
    df.setIndex({ index: rows.map((i) => `r${i}`), inplace: true });
    return df.loc({ rows: ["r3", "r4"] });
  },
  resetIndex: (df) => df.tail(3).resetIndex(),
  copy: (df) => df.copy(),
  apply: (df) => df.loc({ columns: ["id", "amount"] }).apply((row: unknown) => (row as number[]).length),
  applyMap: (df) => df.applyMap((value: unknown) => `${value}!`),
  transpose: (df) => df.head(3).T,
  replace: (df) => df.replace("Rome", "Roma", { columns: ["city"] }),
  fillNa: (df) => df.fillNa(0),
  isNa: (df) => df.isNa(),
  selectDtypes: (df) => df.selectDtypes(["string"]).columns,
  append: (df) => df.append([[100, "Bonn", 1.5, true]], [100]),
  asType: (df) => df.asType("id", "string"),
  nUnique: (df) => df.nUnique(0),
  cumSum: (df) => df.loc({ columns: ["id", "amount"] }).cumSum({ axis: 0 }),
  diff: (df) => df.loc({ columns: ["id"] }).diff(1),
  getDummies: (df) => getDummies(df, { columns: ["city"] }),
  concat: (df) => concat({ dfList: [df, df.head(2).resetIndex() as DataFrame], axis: 0 }),
  merge: (df) =>
    merge({ left: df, right: new Stock({ city: ["Rome", "Oslo"], land: ["IT", "NO"] }), on: ["city"], how: "inner" }),
  toCSV: (df) => toCSV(df),
  toJSON: (df) => [toJSON(df), toJSON(df, { format: "row" })],
  tensor: (df) => df.loc({ columns: ["id", "amount"] }).tensor.arraySync(),
  "group-by cumulative": (df) => df.groupby(["city"]).col(["id"]).cumSum(),
  "group-by median": (df) => df.groupby(["city"]).agg({ id: "median" }),
  "group-by groups": (df) => df.groupby(["city"]).ngroups,
};

describe("what stock Danfo gives", () => {
  test.each(Object.entries(SAME))("%s", (_name, operation) => {
    expect(plain(operation(lazy()))).toEqual(plain(operation(stock())));
  });
});

/** With nulls Danfo guesses its own type names from the first rows, so that only values are compared. */
const WITH_NULLS: Record<string, Operation> = {
  values: (df) => df.values,
  isNa: (df) => [df.isNa().values, df.v.isNa().values],
  dropNa: (df) => [df.dropNa({ axis: 1 }).values, df.v.dropNa().values],
  fillNa: (df) => [df.fillNa(7).values, df.v.fillNa(7).values],
  "series reductions": (df) => [df.v.sum(), df.v.mean(), df.v.min(), df.v.max(), df.v.count(), df.v.std(), df.v.var()],
  "frame reductions": (df) => [df.sum({ axis: 0 }).values, df.count({ axis: 0 }).values, df.max({ axis: 0 }).values],
  query: (df) => df.query(df.v.gt(1)).values,
  sortValues: (df) => df.sortValues("k").values,
  toCSV: (df) => toCSV(df),
};

describe("what stock Danfo gives where values are missing", () => {
  test.each(Object.entries(WITH_NULLS))("%s", (_name, operation) => {
    const k = [3, 1, 2, 4];
    const v = [1.5, null, Number.NaN, 2.5];
    const ours = frameFromColumns([
      { name: "k", type: "int32", values: k },
      { name: "v", type: "float64", values: v },
    ]);
    expect(operation(ours)).toEqual(operation(new Stock({ k, v }) as DataFrame));
  });
});

/** Sums are compensated here and plain there, and the groups of stock Danfo come in the order of their first rows. */
const CLOSE: Record<string, Operation> = {
  "series mean, std, var": (df) => [df.amount.sum(), df.amount.mean(), df.amount.std(), df.amount.var(), df.ok.mean()],
  "frame mean": (df) => df.loc({ columns: ["id", "amount"] }).mean({ axis: 0 }).values,
  "frame std": (df) => df.loc({ columns: ["id", "amount"] }).std({ axis: 0 }).values,
  "frame var": (df) => df.loc({ columns: ["id", "amount"] }).var({ axis: 0 }).values,
  "group sum": (df) => byKey(df.groupby(["city"]).col(["amount"]).sum()),
  "group mean": (df) => byKey(df.groupby(["city", "ok"]).col(["amount", "id"]).mean()),
  "group count": (df) => byKey(df.groupby(["city"]).count()),
  "group min": (df) => byKey(df.groupby(["ok"]).col(["amount"]).min()),
  "group max": (df) => byKey(df.groupby(["id"]).col(["amount"]).max()),
  "group std": (df) => byKey(df.groupby(["city"]).col(["amount"]).std()),
  "group var": (df) => byKey(df.groupby(["city"]).col(["amount"]).var()),
  "group agg": (df) => byKey(df.groupby(["city"]).agg({ amount: ["mean", "sum"], id: "count" })),
};

function byKey(frame: DataFrame): unknown[] {
  const sorted = (frame.values as unknown[][]).map((row) => [...row]).sort((a, b) => (`${a}` < `${b}` ? -1 : 1));
  return [frame.columns, ...sorted];
}

function expectClose(found: unknown, expected: unknown): void {
  if (Array.isArray(expected)) {
    expect(found).toHaveLength(expected.length);
    for (const [i, item] of expected.entries()) expectClose((found as unknown[])[i], item);
  } else if (typeof expected === "number") {
    expect(Math.abs((found as number) - expected)).toBeLessThanOrEqual(1e-12 * Math.max(1, Math.abs(expected)));
  } else expect(found).toEqual(expected);
}

describe("what stock Danfo gives, to the last digits", () => {
  test.each(Object.entries(CLOSE))("%s", (_name, operation) => {
    expectClose(operation(lazy()), operation(stock()));
  });
});

describe("where stock Danfo is wrong", () => {
  test("it joins keys with a dash", () => {
    const data = { a: ["a-b", "a"], b: ["c", "b-c"], n: [1, 2] };
    expect(new Stock(data).groupby(["a", "b"]).col(["n"]).sum().shape).toEqual([1, 3]);
    const ours = frameFromColumns(
      Object.entries(data).map(([name, values]) => ({ name, type: name === "n" ? "int32" : "str", values })),
    );
    expect(ours.groupby(["a", "b"]).col(["n"]).sum().shape).toEqual([2, 3]);
  });

  test("it takes the rows of a second query by the numbers that they had before the first", () => {
    const data = { n: [1, 2, 3] };
    const second = (df: DataFrame) => df.query(df.n.gt(1)).query([true, false]).values;
    expect(second(new Stock(data) as DataFrame)).toEqual([[3]]);
    expect(second(frameFromColumns([{ name: "n", type: "int32", values: data.n }]))).toEqual([[2]]);
  });

  test("it counts nulls as rows of a mean", () => {
    const data = { k: [1, 1], v: [null, 1] };
    expect(new Stock(data).groupby(["k"]).col(["v"]).mean().values).toEqual([[1, 0.5]]);
    const ours = frameFromColumns([
      { name: "k", type: "int32", values: data.k },
      { name: "v", type: "float64", values: data.v },
    ]);
    expect(ours.groupby(["k"]).col(["v"]).mean().values).toEqual([[1, 1]]);
  });

  test("it takes nothing empty", () => {
    expect(() => new Stock({ a: [] })).toThrow(Error);
    expect(frameFromColumns([{ name: "a", type: "int32", values: [] }]).shape).toEqual([0, 1]);
  });

  test("it keeps a series in the place of its values", () => {
    const frame = new Stock({ a: [1, 2] }) as DataFrame;
    frame.a = new Series([3, 4]);
    expect(() => frame.a.values).toThrow("File format not supported");
    const ours = frameFromColumns([{ name: "a", type: "int32", values: [1, 2] }]);
    ours.a = new Series([3, 4]);
    expect(ours.a.values).toEqual([3, 4]);
  });
});
