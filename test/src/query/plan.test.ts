import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { UsageError } from "../../../src/errors.ts";
import { parseAggregates } from "../../../src/query/aggregates.ts";
import { parseDtypes } from "../../../src/query/dtypes.ts";
import { notSql } from "../../../src/query/not-sql.ts";
import { mentions, planQuery, type QueryWords } from "../../../src/query/plan.ts";
import { AGGREGATE_FUNCTIONS } from "../../../src/query/query.ts";
import { parseNames } from "../../../src/words.ts";

const schema = {
  columns: [
    { name: "user_id", type: "int64" },
    { name: "amount", type: "float64" },
    { name: "city", type: "str" },
    { name: "tags", type: "list" },
  ],
};

describe("aggregates", () => {
  test("names follow the contract", () => {
    expect(parseAggregates("amount:sum, amount:mean,*:count,total = amount:sum")).toEqual([
      { fn: "sum", column: "amount", name: "amount_sum" },
      { fn: "mean", column: "amount", name: "amount_mean" },
      { fn: "count", column: "*", name: "count" },
      { fn: "sum", column: "amount", name: "total" },
    ]);
  });

  test("a quantile has a point, the middle when none is given", () => {
    expect(parseAggregates('"a b":quantile:0.9,p=x:quantile(0.25),x:quantile')).toEqual([
      { fn: "quantile", column: "a b", name: "a b_quantile_0.9", at: 0.9 },
      { fn: "quantile", column: "x", name: "p", at: 0.25 },
      { fn: "quantile", column: "x", name: "x_quantile" },
    ]);
  });

  test("any name can be quoted", () => {
    const names = fc.tuple(
      fc.string({ minLength: 1 }),
      fc.string({ minLength: 1 }),
      fc.constantFrom(...AGGREGATE_FUNCTIONS),
      fc.constantFrom("'", '"'),
    );
    fc.assert(
      fc.property(fc.array(names, { minLength: 1, maxLength: 4 }), (items) => {
        const quote = (name: string, sign: string) => `${sign}${name.replaceAll(sign, sign + sign)}${sign}`;
        const text = items
          .map(([target, column, fn, sign]) => `${quote(target, sign)}=${quote(column, sign)}:${fn}`)
          .join(",");
        expect(parseAggregates(text)).toEqual(items.map(([name, column, fn]) => ({ name, column, fn })));
      }),
      { seed: 7, numRuns: 300 },
    );
  });

  test.each([
    ["amount", "E_BAD_AGGREGATE", "amount"],
    ["amount:", "E_BAD_AGGREGATE", "amount:"],
    ["a:b:sum", "E_BAD_AGGREGATE", "a:b:sum"],
    ["=a:sum", "E_BAD_AGGREGATE", "=a:sum"],
    ["*:sum", "E_BAD_AGGREGATE", "sum"],
    ["x:sum,a:quantile:9", "E_BAD_AGGREGATE", "quantile:9"],
    ["a:quantile()", "E_BAD_AGGREGATE", "quantile()"],
    ["a:sum:0.5", "E_BAD_AGGREGATE", "a:sum:0.5"],
    ["x:count,amount:avg", "E_UNKNOWN_FUNCTION", "avg"],
    ['"a:sum', "E_OPEN_QUOTE", '"a:sum'],
  ])("%s is refused under the right word", (text, code, word) => {
    const failure = caught(() => parseAggregates(text));
    expect(failure).toMatchObject({ name: "UsageError", code });
    const { at } = failure as UsageError;
    expect(text.slice(at?.start, at?.end)).toBe(word);
  });

  test("other tools' names are known well enough to suggest ours", () => {
    expect(caught(() => parseAggregates("a:avg"))).toMatchObject({ hint: "did you mean mean?" });
    expect(caught(() => parseAggregates("sum(a)"))).toMatchObject({ hint: "did you mean a:sum?" });
    expect(caught(() => parseAggregates("x:sum,AVG( a ) AS m"))).toMatchObject({ hint: "did you mean m=a:mean?" });
    expect(caught(() => parseAggregates("a:medians"))).toMatchObject({ hint: "did you mean median?" });
  });
});

describe("lists and types", () => {
  test("names may hold commas in quotes", () => {
    expect(parseNames('user_id, "a,b" ,city')).toEqual(["user_id", "a,b", "city"]);
  });

  test("types go by pandas' names, and by others' that mean the same", () => {
    expect(parseDtypes('a:int32,"b:c":datetime64[us, UTC],d:decimal(9,2),e:object')).toEqual({
      a: "int32",
      "b:c": "datetime64[us, UTC]",
      d: "decimal(9, 2)",
      e: "str",
    });
    expect(caught(() => parseDtypes("a:int33"))).toMatchObject({
      code: "E_BAD_DTYPE",
      hint: expect.stringContaining("int32"),
    });
  });
});

test("a query mentions the columns that it uses, whatever else is left out of it, and none for a part of a longer name", () => {
  const isMentioned = mentions({
    by: "year(ts) AS y, Ort",
    agg: { "my col": "sum", amount: ["min"] } as never,
    where: "a\nnext > 1 AND \"x.y\" = 'it''s' OR größe<2",
  });
  for (const name of ["ts", "TS", "ort", "my col", "amount", "next", "a", "x.y", "größe", 'an "odd" name', ""])
    expect([name, isMentioned(name)]).toEqual([name, true]);
  for (const name of ["l", "ll", "null", "t", "mount", "ex", "öße", "tag"])
    expect([name, isMentioned(name)]).toEqual([name, false]);
  expect(mentions({ by: "a" })("anything")).toBe(true);
});

describe("a plan", () => {
  test("holds the query with its columns", () => {
    const plan = planQuery(schema, {
      by: "city",
      agg: "amount:sum",
      dtype: "amount:float32",
      usecols: "city,amount",
      where: " amount > 1 ",
      order: "amount_sum:desc",
      limit: 3,
    });
    expect(plan).toEqual({
      keys: [{ name: "city" }],
      aggregates: [{ fn: "sum", column: "amount", name: "amount_sum" }],
      where: "amount > 1",
      dtype: { amount: "float32" },
      columns: [
        { name: "amount", type: "float32" },
        { name: "city", type: "str" },
      ],
      order: [{ name: "amount_sum", isDescending: true }],
      rowOrder: [],
      limit: 3,
      isEmpty: false,
    });
  });

  test("keys are columns, whatever their names, or expressions under names of their own", () => {
    const keysOf = (by: string | readonly string[]) =>
      planQuery(
        { columns: ["a", "b c", "f(x)", "d,e"].map((name) => ({ name, type: "int64" })) },
        { by, agg: "*:count" },
      ).keys;
    expect(keysOf("a, b c")).toEqual([{ name: "a" }, { name: "b c" }]);
    expect(keysOf('f(x),"d,e"')).toEqual([{ name: "f(x)" }, { name: "d,e" }]);
    expect(keysOf(["d,e", "a"])).toEqual([{ name: "d,e" }, { name: "a" }]);
    expect(keysOf("coalesce(a, 1) AS k, a")).toEqual([{ name: "k", expression: "coalesce(a, 1)" }, { name: "a" }]);
    expect(keysOf(["replace(a, ',', ')') as \"my key\"", "a % 2"])).toEqual([
      { name: "my key", expression: "replace(a, ',', ')')" },
      { name: "a % 2", expression: "a % 2" },
    ]);
    // As a line has it in one pair of quotes.
    expect(keysOf(["year(a) AS y, a"])).toEqual([{ name: "y", expression: "year(a)" }, { name: "a" }]);
  });

  test("an order is of the result, or of the rows that first, last and list take", () => {
    const orderOf = (order: string, agg = "amount:first,*:count") => {
      const plan = planQuery(schema, { by: "city", agg, order });
      return [plan.order, plan.rowOrder].map((terms) => terms.map(({ name, isDescending }) => [name, isDescending]));
    };
    expect(orderOf("count:desc,city")).toEqual([
      [
        ["count", true],
        ["city", false],
      ],
      [],
    ]);
    expect(orderOf("count DESC, city asc")).toEqual([
      [
        ["count", true],
        ["city", false],
      ],
      [],
    ]);
    expect(orderOf("user_id:desc,amount_first")).toEqual([[["amount_first", false]], [["user_id", true]]]);
  });

  test.each([
    [{ by: "city", agg: "*:count", order: "user_id" }, "E_BAD_ORDER", "it has city, count"],
    [{ by: "city", agg: "*:count", order: "cont" }, "E_NO_COLUMN", "did you mean count?"],
    [{ by: "city", agg: "*:count", order: "count:up" }, "E_BAD_ORDER", "column:desc"],
    [{ agg: "*:count", limit: 0 }, "E_BAD_OPTION", "from 1"],
    [{ agg: "*:count", by: "lower(city" }, "E_BAD_KEY", "AS name"],
    [{ agg: "city:quantile:0.9" }, "E_WRONG_TYPE", "float64"],
    [{ agg: "tags:mode" }, "E_WRONG_TYPE", "nunique"],
    [{ by: "cty", agg: "*:count" }, "E_NO_COLUMN", "did you mean city?"],
    [{ by: "zzz", agg: "*:count" }, "E_NO_COLUMN", "there are user_id, amount, city, tags"],
    [{ agg: "amout:sum" }, "E_NO_COLUMN", "did you mean amount?"],
    [{ agg: "city:sum" }, "E_WRONG_TYPE", "--dtype city:float64"],
    [{ agg: "tags:max" }, "E_WRONG_TYPE", "nunique"],
    [{ agg: "amount:sum,amount:sum" }, "E_DUPLICATE_NAME", "other="],
    [{ by: "city", agg: "city=amount:sum" }, "E_DUPLICATE_NAME", "other="],
    [{ by: "city" }, "E_NO_AGGREGATE", "--agg"],
    [{ agg: "amount:sum", usecols: "city" }, "E_NO_COLUMN", "there are city"],
    [{ agg: "*:count", dtype: "nope:int32" }, "E_NO_COLUMN", "there are"],
    [{ agg: "*:count", where: "1); DROP TABLE x; --" }, "E_BAD_WHERE", "one condition"],
    [{ agg: "*:count", where: "1 = 1) OR (1 = 1" }, "E_BAD_WHERE", "one condition"],
    [{ agg: "*:count", where: "city = 'Oslo" }, "E_BAD_WHERE", "one condition"],
    [{ agg: "*:count", where: "city = NULL" }, "E_BAD_WHERE", "write IS NULL"],
    [{ agg: "*:count", where: "amount > 0 and city !=null" }, "E_BAD_WHERE", "write IS NOT NULL"],
    [{ agg: "*:count", where: "NULL = city" }, "E_BAD_WHERE", "write IS NULL"],
    [{ agg: "*:count", where: "amount > 0 and (null<>city)" }, "E_BAD_WHERE", "write IS NOT NULL"],
    [{ agg: "*:count", where: "city IN ( NULL )" }, "E_BAD_WHERE", "write IS NULL"],
    [{ agg: "*:count", where: "city not in (null)" }, "E_BAD_WHERE", "write IS NOT NULL"],
    [{ agg: "*:count", where: "city NOT IN ('Oslo', NULL)" }, "E_BAD_WHERE", "AND … IS NOT NULL"],
    [{ agg: "*:count", where: "amount IN (1, null, 2)" }, "E_BAD_WHERE", "OR … IS NULL"],
  ])("%o is refused", (words, code, hint) => {
    const failure = caught(() => planQuery(schema, words));
    expect(failure).toBeInstanceOf(UsageError);
    expect(failure).toMatchObject({ code, hint: expect.stringContaining(hint) });
  });

  test("of a condition with = NULL only that part is said to be true of no row", () => {
    const failure = caught(() => planQuery(schema, { agg: "*:count", where: "city = null OR amount > 3" }));
    expect(failure).toMatchObject({
      message: expect.stringMatching(/^"= null" in the condition .* is true of no row/),
    });
  });

  test("semicolons and quotes inside of text are part of the condition", () => {
    const where = `city = 'a;b -- ''c'' (' AND "amount" > 0`;
    expect(planQuery(schema, { agg: "*:count", where }).where).toBe(where);
  });

  test.each([
    "city IS NULL",
    "city = 'x = NULL'",
    "city = nullif(city, 'a')",
    "f(city, g := NULL)",
    "city IS NOT DISTINCT FROM NULL",
    "city = nullish",
    "city IS NULL = (amount IS NOT NULL <> true)",
    "city IN ('NULL', 'a, NULL')",
    "coalesce(city, NULL) = 'a'",
  ])("%s is a condition", (where) => {
    expect(planQuery(schema, { agg: "*:count", where }).where).toBe(where);
  });

  test.each([
    ["a > 1 && b == 2 || !c", "SQL writes AND for &&, OR for ||, NOT for !"],
    ["(a > 1) & (b !== 2)", "SQL writes AND for &, <> for !=="],
    ["a is not None", "SQL writes NULL for None"],
    ["a.startswith('N')", "SQL writes LIKE 'a%' for .startswith("],
    ["a = '&&' and b <> 1", undefined],
  ])("what is not SQL in %s is told", (sql, said) => {
    expect(notSql(sql)).toBe(said);
  });

  test("a source without rows has no types to be wrong", () => {
    expect(planQuery({ ...schema, isEmpty: true }, { agg: "city:sum" }).isEmpty).toBe(true);
  });
});

function caught(work: () => unknown): unknown {
  try {
    work();
  } catch (failure) {
    return failure;
  }
  return "nothing was thrown";
}

test.each([
  [{ agg: { amount: "sum" } }, "agg"],
  [{ agg: "*:count", by: { city: true } }, "by"],
  [{ agg: "*:count", usecols: 3 }, "usecols"],
  [{ agg: "*:count", order: new Map() }, "order"],
])("what is neither text nor list is named: %o", (words, name) => {
  const columns = [{ name: "amount", type: "float64" }];
  expect(caught(() => planQuery({ columns }, words as unknown as QueryWords))).toMatchObject({
    code: "E_BAD_OPTION",
    message: `${name} is neither a text nor a list`,
    hint: expect.stringContaining(`write ${name}: [`),
  });
});

test("an aggregate of an expression says where that is computed", () => {
  const schema = { columns: [{ name: "qty", type: "int64" }] };
  expect(() => planQuery(schema, { agg: '"qty*2":sum' })).toThrow(
    expect.objectContaining({ code: "E_NO_COLUMN", hint: expect.stringContaining("%%chunked") }),
  );
});

describe("a name that is nearly one of the source's", () => {
  const columns = [
    { name: "What do you like, most?", type: "str" },
    { name: "geo", type: "struct" },
  ];

  test("is given quoted where a line would cut it, and works so", () => {
    const refused = caught(() => planQuery({ columns }, { by: "What do you like, most", agg: "*:count" }));
    expect(refused).toMatchObject({ code: "E_NO_COLUMN", hint: 'did you mean "What do you like, most?"?' });
    const { keys } = planQuery({ columns }, { by: '"What do you like, most?"', agg: "*:count" });
    expect(keys).toMatchObject([{ name: "What do you like, most?" }]);
  });

  test("is given quoted also where a type is to be said", () => {
    const refused = caught(() => planQuery({ columns }, { agg: '"What do you like, most?":sum' }));
    expect(refused).toMatchObject({ hint: expect.stringContaining('--dtype "What do you like, most?":float64') });
  });

  test("is told what reaches into objects, which no aggregate does", () => {
    expect(caught(() => planQuery({ columns }, { agg: "geo.lat:max" }))).toMatchObject({
      hint: expect.stringContaining("a cell of %%chunked"),
    });
    expect(caught(() => planQuery({ columns }, { by: "geo.lat", agg: "*:count" }))).toMatchObject({
      hint: '--by "geo.lat AS NAME" and --where reach into it',
    });
  });
});
