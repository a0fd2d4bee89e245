import { create, toBinary } from "@bufbuild/protobuf";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { CommandSchema } from "#spark-proto/commands";
import { F } from "../../../src/index.ts";
import { col, lit } from "../../../src/spark/column.ts";
import { SparkClient } from "../../../src/spark/connect/client.ts";
import type { SparkDataFrame } from "../../../src/spark/dataframe.ts";
import { SparkSession } from "../../../src/spark/session.ts";
import { pyspark } from "../../support/pyspark.ts";
import { sparkServer } from "../../support/spark-server.ts";
import { type Answer, inOrder, ourAnswer, pysparkAnswers, type Twin } from "../../support/spark-twins.ts";

const PEOPLE = `SELECT * FROM VALUES (1, 'Ann', array(3, 4), 34), (2, 'Bob', array(), 52), (3, 'Cy', null, null), (4, 'Di', array(5), 29)
  AS people(id, name, list, age)`;
const ORDERS =
  "SELECT * FROM VALUES (10, 1, 5), (11, 1, 7), (12, 3, 11), (13, 9, 13) AS orders(order_id, owner, amount)";

let spark: SparkSession;
let people: SparkDataFrame;
let orders: SparkDataFrame;
let theirs: Record<string, Answer>;

const most = () => orders.select(F.max("amount"));
const ofThem = () => orders.where(col("owner").eq(col("id").outer()));
const twins: Record<string, Twin> = {
  "a scalar subquery in a condition and in a column": {
    ours: () => people.filter(col("id").lt(most().scalar())).select("id", most().scalar().alias("most")),
    theirs: `people.filter(F.col("id") < most.scalar()).select("id", most.scalar().alias("most"))`,
  },
  "a scalar subquery about the row": {
    ours: () => people.select("id", ofThem().select(F.sum("amount")).scalar().alias("all")),
    theirs: `people.select("id", of_them.select(F.sum("amount")).scalar().alias("all"))`,
  },
  "exists and its opposite": {
    ours: () => people.filter(ofThem().exists()).union(people.filter(ofThem().exists().not()).limit(1)),
    theirs: `people.filter(of_them.exists()).union(people.filter(~of_them.exists()).limit(1))`,
  },
  "a subquery of a subquery": {
    ours: () =>
      people.filter(
        col("id")
          .isin(orders.filter(col("amount").eq(most().scalar())).select("owner"))
          .not(),
      ),
    theirs: `people.filter(~F.col("id").isin(orders.filter(F.col("amount") == most.scalar()).select("owner")))`,
  },
  "structs among the rows of a frame": {
    ours: () => orders.filter(F.struct("owner", "amount").isin(spark.range(8).select(lit(1), col("id")))),
    theirs: `orders.filter(F.struct("owner", "amount").isin(spark.range(8).select(F.lit(1), F.col("id"))))`,
  },
  "a column of a frame with a subquery": {
    ours: () => {
      const few = people.filter(col("id").lt(most().scalar()));
      return few.join(orders, few.col("id").eq(orders.col("owner")), "left").select(few.col("name"), "amount");
    },
    theirs: `(lambda few: few.join(orders, few["id"] == orders["owner"], "left").select(few["name"], "amount"))(people.filter(F.col("id") < most.scalar()))`,
  },
  "groups with a subquery": {
    ours: () => orders.groupBy("owner").agg(F.sum("amount").plus(most().scalar()).alias("s")),
    theirs: `orders.groupBy("owner").agg((F.sum("amount") + most.scalar()).alias("s"))`,
  },
  "a lateral join with a function": {
    ours: () => people.lateralJoin(spark.tvf.explode(col("list").outer())).select("id", "col"),
    theirs: `people.lateralJoin(spark.tvf.explode(F.col("list").outer())).select("id", "col")`,
  },
  "a lateral join with a frame, by a condition": {
    ours: () => people.lateralJoin(ofThem().select("amount"), col("amount").gt(5), "left_outer").select("id", "amount"),
    theirs: `people.lateralJoin(of_them.select("amount"), F.col("amount") > 5, "left_outer").select("id", "amount")`,
  },
  explode_outer: {
    ours: () => spark.tvf.explode_outer(F.array()),
    theirs: "spark.tvf.explode_outer(F.array())",
  },
  posexplode: {
    ours: () => spark.tvf.posexplode(F.array(lit("a"), lit("b"))),
    theirs: "spark.tvf.posexplode(F.array(F.lit('a'), F.lit('b')))",
  },
  inline: {
    ours: () => spark.tvf.inline(F.array(F.struct(lit(1), lit("x")), F.struct(lit(2), lit("y")))),
    theirs: "spark.tvf.inline(F.array(F.struct(F.lit(1), F.lit('x')), F.struct(F.lit(2), F.lit('y'))))",
  },
  json_tuple: {
    ours: () => spark.tvf.json_tuple(lit('{"a":1,"b":"x"}'), "b", "a"),
    theirs: `spark.tvf.json_tuple(F.lit('{"a":1,"b":"x"}'), F.lit("b"), F.lit("a"))`,
  },
  stack: {
    ours: () => spark.tvf.stack(2, 1, 2, 3),
    theirs: "spark.tvf.stack(F.lit(2), F.lit(1), F.lit(2), F.lit(3))",
  },
  variant_explode: {
    ours: () => spark.tvf.variant_explode(F.parse_json(lit("[1, 2]"))).select("pos"),
    theirs: "spark.tvf.variant_explode(F.parse_json(F.lit('[1, 2]'))).select('pos')",
  },
  sql_keywords: {
    ours: () => spark.tvf.sql_keywords().where("keyword LIKE 'SEL%'"),
    theirs: "spark.tvf.sql_keywords().where(\"keyword LIKE 'SEL%'\")",
  },
  collations: {
    ours: () => spark.tvf.collations().where("NAME = 'UTF8_LCASE'").select("NAME", "PAD_ATTRIBUTE"),
    theirs: "spark.tvf.collations().where(\"NAME = 'UTF8_LCASE'\").select('NAME', 'PAD_ATTRIBUTE')",
  },
  zip: {
    ours: () => people.select("id").zip(people.select(col("age").plus(1).alias("b"))),
    theirs: "people.select('id').zip(people.select((F.col('age') + 1).alias('b')))",
  },
  nearestByJoin: {
    ours: () =>
      people
        .nearestByJoin(orders, F.abs(people.col("age").minus(orders.col("amount"))), {
          numResults: 1,
          mode: "exact",
          direction: "distance",
          joinType: "left",
        })
        .select("id", "order_id"),
    theirs: `people.nearestByJoin(orders, F.abs(people["age"] - orders["amount"]), 1, "exact", "distance", joinType="left").select("id", "order_id")`,
  },
  repartitionById: {
    ours: () => spark.range(6).repartitionById(3, col("id").mod(3).cast("int")).select("id", F.spark_partition_id()),
    theirs: "spark.range(6).repartitionById(3, (F.col('id') % 3).cast('int')).select('id', F.spark_partition_id())",
  },
};

beforeAll(async () => {
  const server = await sparkServer();
  spark = await SparkSession.connect(server.address, server);
  [people, orders] = await Promise.all([spark.sql(PEOPLE), spark.sql(ORDERS)]);
  const setup = `
people = spark.sql("""${PEOPLE}""")
orders = spark.sql("""${ORDERS}""")
most = orders.select(F.max("amount"))
of_them = orders.where(F.col("owner") == F.col("id").outer())`;
  theirs = await pysparkAnswers(twins, setup);
}, 300_000);

afterAll(() => spark?.stop());

test.each(Object.keys(twins))("%s: as in PySpark", async (name) => {
  const expected = theirs[name] as Answer;
  expect(expected).toHaveProperty("rows");
  expect(expected.rows.length).toBeGreaterThan(0);
  expect(inOrder(await ourAnswer(twins[name] as Twin))).toEqual(inOrder(expected));
});

test("a file's own column stands beside the others", async () => {
  const frame = spark.read.text(new URL(import.meta.url).pathname).limit(1);
  const rows = await frame.select(frame.metadataColumn("_metadata").getField("file_name").alias("f")).collect();
  expect(rows).toEqual([{ f: "subqueries.test.ts" }]);
});

test("what cannot be is said before the server is asked", () => {
  const nearest = { numResults: 0, mode: "exact", direction: "distance" } as const;
  expect(() => people.lateralJoin(orders, undefined, "right" as "left")).toThrow("the join is");
  expect(() => people.nearestByJoin(orders, col("id"), nearest)).toThrow("the number of results is 0");
  expect(() => people.nearestByJoin(orders, col("id"), { ...nearest, numResults: 100_001 })).toThrow("100001");
  expect(() => people.mergeInto("t", "id" as never)).toThrow("the condition");
});

test("mergeInto is the command that PySpark sends", async () => {
  const sent = vi.spyOn(SparkClient.prototype, "command").mockResolvedValue(undefined);
  const condition = F.expr("t.id = people.id");
  await people
    .mergeInto("t", condition)
    .whenMatched(col("age").gt(30))
    .update({ "t.name": col("name"), age: lit(1) })
    .whenMatched()
    .delete()
    .whenNotMatched()
    .insertAll()
    .whenNotMatched(col("age").isNull())
    .insert({ id: col("id") })
    .whenNotMatchedBySource()
    .updateAll()
    .withSchemaEvolution()
    .merge();
  const command = sent.mock.lastCall?.[0];
  sent.mockRestore();
  const ours = Buffer.from(toBinary(CommandSchema, create(CommandSchema, command as never))).toString("hex");
  const script = `
from pyspark.sql.connect import proto
from google.protobuf.json_format import MessageToDict
def stripped(value):
    if isinstance(value, dict): return {k: stripped(v) for k, v in value.items() if k not in ("planId", "common", "isMetadataColumn")}
    return [stripped(v) for v in value] if isinstance(value, list) else value
sent = []
spark.client.execute_command = lambda command, *_: sent.append(command) or (None, None, None)
people = spark.range(1)
(people.mergeInto("t", F.expr("t.id = people.id"))
  .whenMatched(F.col("age") > 30).update({"t.name": F.col("name"), "age": F.lit(1)}).whenMatched().delete()
  .whenNotMatched().insertAll().whenNotMatched(F.col("age").isNull()).insert({"id": F.col("id")})
  .whenNotMatchedBySource().updateAll().withSchemaEvolution().merge())
ours = proto.Command()
ours.ParseFromString(bytes.fromhex(given))
result = []
for command in (ours, sent[0]):
    command.merge_into_table_command.ClearField("source_table_plan")
    result.append(stripped(MessageToDict(command)))`;
  const [mine, its] = (await pyspark(script, ours)) as readonly unknown[];
  expect(its).toHaveProperty("mergeIntoTableCommand.notMatchedBySourceActions");
  expect(mine).toEqual(its);
});

test("a table that cannot be merged into is Spark's to refuse", async () => {
  const refused = people.mergeInto("no_such_table", F.expr("true")).whenMatched().delete().merge();
  await expect(refused).rejects.toMatchObject({ code: "E_SPARK_TABLE_OR_VIEW_NOT_FOUND" });
});

test("a subquery of another session, whose views are others, is refused", async () => {
  const server = await sparkServer();
  await using other = await SparkSession.connect(server.address, server);
  const foreign = other.range(1).select("id");
  expect(() => people.filter(col("id").isin(foreign))).toThrow(/of another session/);
  expect(() => people.withColumn("most", foreign.scalar())).toThrow(/of another session/);
});
