import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { col, lit } from "../../../src/spark/column.ts";
import type { SparkDataFrame } from "../../../src/spark/dataframe.ts";
import { sqlColumn } from "../../../src/spark/expressions.ts";
import { SparkSession } from "../../../src/spark/session.ts";
import { sparkServer } from "../../support/spark-server.ts";
import { type Answer, inOrder, ourAnswer, pysparkAnswers, type Twin } from "../../support/spark-twins.ts";

const PEOPLE = `SELECT * FROM VALUES
  (1, 'Alice', 'Paris', 34, 1.5D), (2, 'Bob', 'Rome', null, 2.5D), (3, 'Carol', 'Paris', 29, null),
  (4, 'Dan', null, 41, 4.25D), (5, null, null, null, null), (6, 'Bob', 'Rome', 52, 2.5D)
  AS people(id, name, city, age, score)`;
const ORDERS = `SELECT * FROM VALUES
  (10, 1, 'a', 5), (11, 1, 'b', 7), (12, 3, 'a', 11), (13, 9, 'c', 13), (14, null, 'a', 17)
  AS orders(order_id, id, kind, amount)`;

let spark: SparkSession;
let people: SparkDataFrame;
let orders: SparkDataFrame;
let theirs: Promise<Record<string, Answer>>;

const twins: Record<string, Twin> = {
  select: { ours: () => people.select("name", col("age").plus(1)), theirs: "people.select('name', F.col('age') + 1)" },
  "select a list and a star": { ours: () => people.select(["id", "*"]), theirs: "people.select(['id', '*'])" },
  selectExpr: {
    ours: () => people.selectExpr("id * 2 AS twice", "upper(name)"),
    theirs: "people.selectExpr('id * 2 AS twice', 'upper(name)')",
  },
  "filter by a column": {
    ours: () => people.filter(col("age").gt(30).and(col("city").isNotNull())),
    theirs: "people.filter((F.col('age') > 30) & F.col('city').isNotNull())",
  },
  "where by SQL": { ours: () => people.where("age IS NULL"), theirs: "people.where('age IS NULL')" },
  withColumn: {
    ours: () => people.withColumn("age", col("age").multiply(2)).withColumn("new", lit("x")),
    theirs: "people.withColumn('age', F.col('age') * 2).withColumn('new', F.lit('x'))",
  },
  withColumns: {
    ours: () => people.withColumns({ a: col("id").minus(1), b: col("name").startswith("B") }),
    theirs: "people.withColumns({'a': F.col('id') - 1, 'b': F.col('name').startswith('B')})",
  },
  withColumnRenamed: {
    ours: () => people.withColumnRenamed("name", "who").withColumnRenamed("no such", "x"),
    theirs: "people.withColumnRenamed('name', 'who').withColumnRenamed('no such', 'x')",
  },
  withColumnsRenamed: {
    ours: () => people.withColumnsRenamed({ id: "name2", name: "id" }),
    theirs: "people.withColumnsRenamed({'id': 'name2', 'name': 'id'})",
  },
  drop: {
    ours: () => people.drop("name", "no such").drop(col("score")),
    theirs: "people.drop('name', 'no such').drop(F.col('score'))",
  },
  toJSON: { ours: () => people.toJSON(), theirs: "people.toJSON()" },
  zipWithIndex: {
    ours: () => people.orderBy("id").zipWithIndex("n"),
    theirs: "people.orderBy('id').zipWithIndex('n')",
  },
  toDF: { ours: () => orders.toDF("a", "b", "c", "d"), theirs: "orders.toDF('a', 'b', 'c', 'd')" },
  colRegex: {
    ours: () => people.select(people.colRegex("`^[a-c].*`")),
    theirs: "people.select(people.colRegex('`^[a-c].*`'))",
  },
  distinct: {
    ours: () => people.select("name", "city").distinct(),
    theirs: "people.select('name', 'city').distinct()",
  },
  dropDuplicates: {
    ours: () => people.dropDuplicates(["name", "city"]).select("name", "city"),
    theirs: "people.dropDuplicates(['name', 'city']).select('name', 'city')",
  },
  "orderBy, nulls and ways": {
    ours: () => people.orderBy(col("city").desc(), "name"),
    theirs: "people.orderBy(F.col('city').desc(), 'name')",
    ordered: true,
  },
  "orderBy, ascending for each": {
    ours: () => people.orderBy("city", "id", { ascending: [true, false] }),
    theirs: "people.orderBy('city', 'id', ascending=[True, False])",
    ordered: true,
  },
  "sort, ascending for all": {
    ours: () => people.sort(["city", "id"], { ascending: false }),
    theirs: "people.sort(['city', 'id'], ascending=False)",
    ordered: true,
  },
  sortWithinPartitions: {
    ours: () => spark.range(0, 40, 1, 4).sortWithinPartitions(col("id").desc()),
    theirs: "spark.range(0, 40, 1, 4).sortWithinPartitions(F.desc('id'))",
    ordered: true,
  },
  "limit and offset": {
    ours: () => people.orderBy("id").offset(1).limit(2),
    theirs: "people.orderBy('id').offset(1).limit(2)",
    ordered: true,
  },
  "fillna, one value": { ours: () => people.fillna(0), theirs: "people.fillna(0)" },
  "fillna of a double": { ours: () => people.fillna(0.5), theirs: "people.fillna(0.5)" },
  "fillna in columns": { ours: () => people.na.fill("?", ["city"]), theirs: "people.na.fill('?', ['city'])" },
  "fillna by column": {
    ours: () => people.fillna({ name: "nobody", age: -1 }),
    theirs: "people.fillna({'name': 'nobody', 'age': -1})",
  },
  dropna: { ours: () => people.dropna(), theirs: "people.dropna()" },
  "dropna all": {
    ours: () => people.select("name", "city").dropna("all"),
    theirs: "people.select('name', 'city').dropna('all')",
  },
  "dropna thresh": {
    ours: () => people.na.drop({ thresh: 2, subset: ["name", "city", "age"] }),
    theirs: "people.na.drop(thresh=2, subset=['name', 'city', 'age'])",
  },
  "replace numbers that an object names": {
    ours: () => people.replace({ 34: 35, 52: 1 }),
    theirs: "people.replace({34: 35, 52: 1})",
  },
  "replace a number": { ours: () => people.replace(34, 35), theirs: "people.replace(34, 35)" },
  "replace by name": {
    ours: () => people.replace({ Alice: "A", Bob: null }, undefined, "name"),
    theirs: "people.replace({'Alice': 'A', 'Bob': None}, subset='name')",
  },
  "replace lists": {
    ours: () => people.na.replace(["Paris", "Rome"], ["P", "R"]),
    theirs: "people.na.replace(['Paris', 'Rome'], ['P', 'R'])",
  },
  "replace numbers by a map": {
    ours: () =>
      orders.replace(
        new Map([
          [5, 50],
          [7, 70],
        ]),
        undefined,
        ["amount"],
      ),
    theirs: "orders.replace({5: 50, 7: 70}, subset=['amount'])",
  },
  "join on a name": { ours: () => people.join(orders, "id"), theirs: "people.join(orders, 'id')" },
  ...Object.fromEntries(
    (["left", "right_outer", "full", "outer", "left_semi", "anti", "leftouter", "semi", "left_anti"] as const).map(
      (how) => [
        `join ${how}`,
        { ours: () => people.join(orders, ["id"], how), theirs: `people.join(orders, ['id'], '${how}')` },
      ],
    ),
  ),
  "join on columns of both": {
    ours: () =>
      people
        .join(orders, people.col("id").eq(orders.col("id")), "left")
        .select(people.col("id"), orders.col("id"), "kind"),
    theirs: "people.join(orders, people['id'] == orders['id'], 'left').select(people['id'], orders['id'], 'kind')",
  },
  "join on several conditions": {
    ours: () =>
      people.join(orders, [people.col("id").eq(orders.col("id")), orders.col("amount").gt(5)]).drop(orders.col("id")),
    theirs: "people.join(orders, [people['id'] == orders['id'], orders['amount'] > 5]).drop(orders['id'])",
  },
  "self-join": {
    ours: () => {
      const [some, others] = [people.filter("id < 5"), people.filter("id > 1")];
      return some.join(others, some.col("city").eq(others.col("city"))).select(some.col("id"), others.col("name"));
    },
    theirs:
      "(lambda some, others: some.join(others, some['city'] == others['city']).select(some['id'], others['name']))(people.filter('id < 5'), people.filter('id > 1'))",
  },
  "self-join by alias": {
    ours: () =>
      people
        .alias("a")
        .join(people.alias("b"), col("a.city").eq(col("b.city")))
        .select("a.id", "b.name"),
    theirs: "people.alias('a').join(people.alias('b'), F.col('a.city') == F.col('b.city')).select('a.id', 'b.name')",
  },
  crossJoin: {
    ours: () => people.select("id").crossJoin(orders.select("kind")),
    theirs: "people.select('id').crossJoin(orders.select('kind'))",
  },
  union: { ours: () => orders.union(orders), theirs: "orders.union(orders)" },
  unionByName: {
    ours: () => orders.unionByName(people, { allowMissingColumns: true }),
    theirs: "orders.unionByName(people, allowMissingColumns=True)",
  },
  "unionByName in another order": {
    ours: () => orders.unionByName(orders.select("kind", "amount", "id", "order_id")),
    theirs: "orders.unionByName(orders.select('kind', 'amount', 'id', 'order_id'))",
  },
  intersect: {
    ours: () => people.select("id").intersect(orders.select("id")),
    theirs: "people.select('id').intersect(orders.select('id'))",
  },
  intersectAll: {
    ours: () => orders.select("id").intersectAll(orders.union(orders).select("id")),
    theirs: "orders.select('id').intersectAll(orders.union(orders).select('id'))",
  },
  subtract: {
    ours: () => orders.select("id").subtract(people.select("id")),
    theirs: "orders.select('id').subtract(people.select('id'))",
  },
  exceptAll: {
    ours: () => orders.select("id").exceptAll(people.select("id")),
    theirs: "orders.select('id').exceptAll(people.select('id'))",
  },
  "groupBy agg": {
    ours: () => orders.groupBy("kind").agg(sqlColumn("sum(amount)").alias("total"), sqlColumn("count(*)")),
    theirs: "orders.groupBy('kind').agg(F.expr('sum(amount)').alias('total'), F.expr('count(*)'))",
  },
  "groupBy agg by name": {
    ours: () => orders.groupBy("kind").agg({ amount: "sum", "*": "count" }),
    theirs: "orders.groupBy('kind').agg({'amount': 'sum', '*': 'count'})",
  },
  "groupBy count": { ours: () => people.groupBy("city").count(), theirs: "people.groupBy('city').count()" },
  "groupBy an expression": {
    ours: () => people.groupBy(col("id").mod(2).alias("odd"), "city").max("age"),
    theirs: "people.groupBy((F.col('id') % 2).alias('odd'), 'city').max('age')",
  },
  ...Object.fromEntries(
    (["sum", "avg", "mean", "min", "max"] as const).map((name) => [
      `groupBy ${name}`,
      { ours: () => people.groupBy("city")[name]("age", "id"), theirs: `people.groupBy('city').${name}('age', 'id')` },
    ]),
  ),
  agg: { ours: () => orders.agg({ amount: "max" }), theirs: "orders.agg({'amount': 'max'})" },
  pivot: {
    ours: () => orders.groupBy("id").pivot("kind", ["a", "b"]).sum("amount"),
    theirs: "orders.groupBy('id').pivot('kind', ['a', 'b']).sum('amount')",
  },
  "pivot without values": {
    ours: () => orders.groupBy("id").pivot("kind").agg({ amount: "sum" }),
    theirs: "orders.groupBy('id').pivot('kind').agg({'amount': 'sum'})",
  },
  rollup: {
    ours: () => orders.rollup("kind", "id").sum("amount"),
    theirs: "orders.rollup('kind', 'id').sum('amount')",
  },
  cube: { ours: () => orders.cube("kind", "id").count(), theirs: "orders.cube('kind', 'id').count()" },
  groupingSets: {
    ours: () => orders.groupingSets([["kind"], ["id"], []], "kind", "id").agg(sqlColumn("sum(amount)")),
    theirs: "orders.groupingSets([['kind'], ['id'], []], 'kind', 'id').agg(F.expr('sum(amount)'))",
  },
  sample: { ours: () => spark.range(1000).sample(0.1, 42), theirs: "spark.range(1000).sample(0.1, 42)" },
  "sample with replacement": {
    ours: () => spark.range(1000).sample(true, 1.5, 7),
    theirs: "spark.range(1000).sample(True, 1.5, 7)",
  },
  sampleBy: {
    ours: () =>
      spark
        .range(500)
        .selectExpr("id % 3 AS key", "id")
        .sampleBy(
          "key",
          new Map([
            [0, 0.1],
            [1, 0.3],
          ]),
          3,
        ),
    theirs: "spark.range(500).selectExpr('id % 3 AS key', 'id').sampleBy('key', {0: 0.1, 1: 0.3}, 3)",
  },
  "sampleBy of numbers that an object names": {
    ours: () => spark.range(500).selectExpr("id % 3 AS key", "id").sampleBy("key", { 0: 0.1, 1: 0.3 }, 3),
    theirs: "spark.range(500).selectExpr('id % 3 AS key', 'id').sampleBy('key', {0: 0.1, 1: 0.3}, 3)",
  },
  ...Object.fromEntries(
    [0, 1, 2].map((i) => [
      `randomSplit, part ${i}`,
      {
        ours: () => spark.range(5000).randomSplit([3, 1, 0.7], 42)[i] as SparkDataFrame,
        theirs: `spark.range(5000).randomSplit([3.0, 1.0, 0.7], 42)[${i}]`,
      },
    ]),
  ),
  repartition: {
    ours: () => spark.range(100).repartition(7).selectExpr("spark_partition_id()").distinct(),
    theirs: "spark.range(100).repartition(7).selectExpr('spark_partition_id()').distinct()",
  },
  "repartition by a column": {
    ours: () => spark.range(100).repartition(5, "id").selectExpr("id", "spark_partition_id() AS p"),
    theirs: "spark.range(100).repartition(5, 'id').selectExpr('id', 'spark_partition_id() AS p')",
  },
  repartitionByRange: {
    ours: () => spark.range(100).repartitionByRange(4, col("id").desc()).selectExpr("id", "spark_partition_id() AS p"),
    theirs: "spark.range(100).repartitionByRange(4, F.desc('id')).selectExpr('id', 'spark_partition_id() AS p')",
  },
  coalesce: {
    ours: () => spark.range(0, 100, 1, 8).coalesce(3).selectExpr("id", "spark_partition_id() AS p"),
    theirs: "spark.range(0, 100, 1, 8).coalesce(3).selectExpr('id', 'spark_partition_id() AS p')",
  },
  describe: { ours: () => people.describe("age", "name"), theirs: "people.describe('age', 'name')", ordered: true },
  "describe all": { ours: () => people.describe(), theirs: "people.describe()", ordered: true },
  summary: { ours: () => people.summary(), theirs: "people.summary()", ordered: true },
  "summary of some": {
    ours: () => people.summary("count", "25%", "max"),
    theirs: "people.summary('count', '25%', 'max')",
    ordered: true,
  },
  crosstab: { ours: () => orders.crosstab("id", "kind"), theirs: "orders.crosstab('id', 'kind')" },
  freqItems: { ours: () => orders.stat.freqItems(["kind"], 0.4), theirs: "orders.stat.freqItems(['kind'], 0.4)" },
  unpivot: {
    ours: () => people.unpivot("id", ["age", "score"], "what", "how much"),
    theirs: "people.unpivot('id', ['age', 'score'], 'what', 'how much')",
  },
  "melt all": {
    ours: () => orders.select("order_id", "id", "amount").melt(["order_id"], null, "k", "v"),
    theirs: "orders.select('order_id', 'id', 'amount').melt(['order_id'], None, 'k', 'v')",
  },
  transpose: { ours: () => people.select("id", "age").transpose(), theirs: "people.select('id', 'age').transpose()" },
  transform: {
    ours: () => people.transform((frame, least: number) => frame.filter(col("age").geq(least)), 35),
    theirs: "people.transform(lambda frame, least: frame.filter(F.col('age') >= least), 35)",
  },
  hint: {
    ours: () => people.join(orders.hint("broadcast"), "id").hint("repartition", 3),
    theirs: "people.join(orders.hint('broadcast'), 'id').hint('repartition', 3)",
  },
  to: {
    ours: () => orders.select("id", "amount").to("amount bigint, id double"),
    theirs:
      "orders.select('id', 'amount').to(__import__('pyspark').sql.types._parse_datatype_string('amount bigint, id double'))",
  },
};

// The first test may wait for all that PySpark makes meanwhile.
vi.setConfig({ testTimeout: 900_000 });

beforeAll(async () => {
  const server = await sparkServer();
  spark = await SparkSession.connect(server.address, server);
  [people, orders] = await Promise.all([spark.sql(PEOPLE), spark.sql(ORDERS)]);
  theirs = pysparkAnswers(twins, `people = spark.sql("""${PEOPLE}""")\norders = spark.sql("""${ORDERS}""")`);
  theirs.catch(() => undefined);
}, 240_000);

afterAll(() => spark?.stop());

test.each(Object.keys(twins))("%s is as in PySpark", async (name) => {
  const twin = twins[name] as Twin;
  const made = await ourAnswer(twin);
  const expected = (await theirs)[name] as Answer;
  expect(inOrder(made, twin.ordered)).toEqual(inOrder(expected, twin.ordered));
});
