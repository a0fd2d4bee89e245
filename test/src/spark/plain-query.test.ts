import { expect, test } from "vitest";
import { isPlainQuery } from "../../../src/spark/plain-query.ts";

test.each([
  "SELECT 1",
  "select\n1",
  "VALUES (1), (2)",
  "-- one\n/* two /* three */ */ ((SELECT 1) UNION (SELECT 2))",
  "SELECT/**/1",
  "TABLE t",
  "WITH a AS (SELECT 1 AS `insert`) SELECT 'delete' FROM a -- update",
  "(with a as (select 1) select * from a)",
  "FROM t |> WHERE a > 1",
])("certainly a query: %s", (sql) => {
  expect(isPlainQuery(sql)).toBe(true);
});

test.each([
  "",
  "-- SELECT 1",
  "WITH a AS (SELECT 1) INSERT INTO t SELECT * FROM a",
  "FROM t INSERT INTO u SELECT *",
  "FROM t |> insert into u",
  "WITH a AS (SELECT 1) MERGE INTO t USING a ON true WHEN MATCHED THEN DELETE",
  "WITH a AS (SELECT 1)\nUPDATE t SET b = 1",
  "BEGIN SELECT 1; END",
  "EXECUTE IMMEDIATE 'DROP TABLE t'",
  "SELECTED",
  "'SELECT'",
  "`SELECT` 1",
  "CREATE TABLE t AS SELECT 1",
  "EXPLAIN SELECT 1",
  ";SELECT 1",
  "/* SELECT 1",
])("perhaps not a query: %s", (sql) => {
  expect(isPlainQuery(sql)).toBe(false);
});
