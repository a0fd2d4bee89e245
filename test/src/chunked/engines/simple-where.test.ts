import { expect, test } from "vitest";
import { simpleWhere } from "../../../../src/chunked/engines/simple-where.ts";

const COLUMNS = [
  { name: "amount", type: "float64" },
  { name: "id", type: "int64" },
  { name: "City", type: "str" },
  { name: "the day", type: "date" },
  { name: "at", type: "datetime64[us]" },
  { name: "ok", type: "bool" },
];

test.each([
  ["amount > 10", [{ column: "amount", test: ">", value: 10 }]],
  ["amount<>-1.5e3", [{ column: "amount", test: "!=", value: -1500 }]],
  ["id = 9007199254740993", [{ column: "id", test: "=", value: 9007199254740993n }]],
  [
    "city = 'it''s' AND (ID IN (1, -2) and amount IS NOT NULL)",
    [
      { column: "City", test: "=", value: "it's" },
      { column: "id", test: "in", values: [1, -2] },
      { column: "amount", test: "not null" },
    ],
  ],
  [
    `"the day" BETWEEN '2024-01-31' AND '2024-02-29'`,
    [
      { column: "the day", test: ">=", value: new Date("2024-01-31T00:00:00Z") },
      { column: "the day", test: "<=", value: new Date("2024-02-29T00:00:00Z") },
    ],
  ],
  ["at >= '2024-01-01 12:30'", [{ column: "at", test: ">=", value: new Date("2024-01-01T12:30:00Z") }]],
  [
    "ok = TRUE and at is null",
    [
      { column: "ok", test: "=", value: true },
      { column: "at", test: "null" },
    ],
  ],
  ["City NOT IN ('a', 'b')", [{ column: "City", test: "not in", values: ["a", "b"] }]],
])("%s is tests of columns", (where, tests) => {
  expect(simpleWhere(where, COLUMNS)).toEqual(tests);
});

test.each([
  "amount > 1 OR id = 2",
  "NOT amount > 1",
  "amount + 1 > 2",
  "amount > id",
  "10 < amount",
  "lower(City) = 'a'",
  "City LIKE 'a%'",
  "City = 5",
  "amount > '5'",
  "amount > 1 AND",
  "(amount > 1",
  "unknown = 1",
  "amount IN ()",
  "City IN ('a', NULL)",
  "amount = NULL",
  `"the day" = '2024-02-30'`,
  "at > 'yesterday'",
  "at > '2024-01-01T00:00:00+02:00'",
  "ok",
  "id = 9007199254740993.0",
  "id > 9.1e15",
  "amount > 1 -- comment",
  'City = "amount"',
])("%s needs an engine with SQL", (where) => {
  expect(simpleWhere(where, COLUMNS)).toBeUndefined();
});
