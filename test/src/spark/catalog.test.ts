import { afterAll, beforeAll, expect, test } from "vitest";
import { SparkSession } from "../../../src/spark/session.ts";
import { sparkServer } from "../../support/spark-server.ts";

let spark: SparkSession;

beforeAll(async () => {
  const server = await sparkServer();
  spark = await SparkSession.connect(server.address, server);
}, 240_000);

afterAll(() => spark?.stop());

test("databases and catalogs", async () => {
  const { catalog } = spark;
  const name = `db_${process.pid}`;
  expect([await catalog.currentCatalog(), await catalog.currentDatabase()]).toEqual(["spark_catalog", "default"]);
  expect((await catalog.listCatalogs()).map((one) => one.name)).toEqual(["spark_catalog"]);
  expect(await catalog.databaseExists(name)).toBe(false);
  await spark.sql(`CREATE DATABASE ${name} COMMENT 'ours'`);
  expect((await catalog.listDatabases(`${name}*`)).map((one) => one.name)).toEqual([name]);
  expect(await catalog.getDatabase(name)).toMatchObject({ name, description: "ours", catalog: "spark_catalog" });
  await catalog.setCurrentDatabase(name);
  expect(await catalog.currentDatabase()).toBe(name);
  expect(await catalog.listTables()).toEqual([]);
  await catalog.setCurrentDatabase("default");
  await spark.sql(`DROP DATABASE ${name}`);
});

test("tables: made, described, cached, refreshed", async () => {
  const { catalog } = spark;
  const name = `made_${process.pid}`;
  const table = await catalog.createTable(name, {
    source: "parquet",
    schema: "a int, b string",
    description: "two columns",
  });
  expect(await table.dtypes()).toEqual([
    ["a", "int"],
    ["b", "string"],
  ]);
  expect(await catalog.getTable(name)).toMatchObject({
    name,
    namespace: ["default"],
    isTemporary: false,
    description: "two columns",
  });
  expect((await catalog.listTables("default", `${name}*`)).map((one) => one.name)).toEqual([name]);
  expect((await catalog.listColumns(name)).map(({ name: column, dataType }) => [column, dataType])).toEqual([
    ["a", "int"],
    ["b", "string"],
  ]);
  expect([await catalog.tableExists(name), await catalog.tableExists("no_such")]).toEqual([true, false]);
  await catalog.cacheTable(name, "MEMORY_ONLY");
  expect(await catalog.isCached(name)).toBe(true);
  await catalog.uncacheTable(name);
  expect(await catalog.isCached(name)).toBe(false);
  await catalog.refreshTable(name);
  await catalog.cacheTable(name);
  await catalog.clearCache();
  expect(await catalog.isCached(name)).toBe(false);
  await spark.sql(`DROP TABLE ${name}`);
});

test("views and functions", async () => {
  const { catalog } = spark;
  await spark.range(1).createOrReplaceTempView("seen");
  expect((await catalog.listTables()).find(({ name }) => name === "seen")).toMatchObject({ isTemporary: true });
  expect([await catalog.dropTempView("seen"), await catalog.dropTempView("seen")]).toEqual([true, false]);
  expect([await catalog.functionExists("sum"), await catalog.functionExists("no_such")]).toEqual([true, false]);
  expect((await catalog.getFunction("sum")).className).toContain("Sum");
  expect((await catalog.listFunctions(undefined, "su*")).map(({ name }) => name)).toContain("sum");
});

test("settings: read, changed, taken back, and what can be changed", async () => {
  const { conf } = spark;
  const key = "spark.sql.shuffle.partitions";
  await conf.set(key, 3);
  expect([await conf.get(key), (await conf.getAll("spark.sql."))["shuffle.partitions"]]).toEqual(["3", "3"]);
  await conf.unset(key);
  // Spark's own default, not what the server was started with.
  expect(await conf.get(key)).toBe("200");
  expect([await conf.isModifiable(key), await conf.isModifiable("spark.driver.memory")]).toEqual([true, false]);
  expect([await conf.get("no.such.key", "else"), await conf.get("no.such.key", null)]).toEqual(["else", null]);
  await expect(conf.get("no.such.key")).rejects.toMatchObject({ code: "E_SPARK_ARGUMENT" });
  await expect(conf.set(key, "many")).rejects.toThrow("many");
  await expect(conf.set("spark.driver.memory", "1g")).rejects.toMatchObject({ code: "E_SPARK_CANNOT_MODIFY_CONFIG" });
});

test("databases, tables and views are made, described and dropped without SQL", { timeout: 300_000 }, async () => {
  const { catalog } = spark;
  const [database, table, view] = [`db_${process.pid}_new`, `table_${process.pid}`, `view_${process.pid}`];
  await catalog.createDatabase(database, { properties: { owner: "us" } });
  await catalog.createDatabase(database, { ifNotExists: true });
  await expect(catalog.createDatabase(database)).rejects.toMatchObject({ name: "EngineError" });
  await catalog.setCurrentDatabase(database);
  try {
    const rows = await spark.sql("SELECT id, id % 2 AS k FROM range(6)");
    await rows.write.partitionBy("k").format("parquet").saveAsTable(table);
    expect(await catalog.listPartitions(table)).toEqual(["k=0", "k=1"]);
    expect(await catalog.getCreateTableString(table)).toMatch(/^CREATE TABLE .*PARTITIONED BY \(k\)/s);
    await spark.sql(`ALTER TABLE ${table} SET TBLPROPERTIES ('made' = 'here')`);
    expect(await catalog.getTableProperties(table)).toMatchObject({ made: "here" });
    await catalog.analyzeTable(table);
    const described = await (await spark.sql(`DESCRIBE EXTENDED ${table}`)).collect();
    expect(described).toContainEqual(
      expect.objectContaining({ col_name: "Statistics", data_type: expect.stringContaining("6 rows") }),
    );
    await spark.sql(`CREATE VIEW ${view} AS SELECT * FROM ${table}`);
    expect((await catalog.listViews(database, `${view}*`)).map(({ name }) => name)).toEqual([view]);
    await catalog.truncateTable(table);
    expect(await spark.table(table).count()).toBe(0);
    await catalog.dropView(view);
    await catalog.dropView(view, { ifExists: true });
    await catalog.dropTable(table);
    await catalog.dropTable(table, { ifExists: true });
    await expect(catalog.dropTable(table)).rejects.toMatchObject({ code: "E_SPARK_TABLE_OR_VIEW_NOT_FOUND" });
    expect(await catalog.tableExists(table)).toBe(false);
    await rows.write.saveAsTable(table);
  } finally {
    await catalog.setCurrentDatabase("default");
  }
  await expect(catalog.dropDatabase(database)).rejects.toMatchObject({ name: "EngineError" });
  await catalog.dropDatabase(database, { cascade: true });
  await catalog.dropDatabase(database, { ifExists: true });
  expect(await catalog.databaseExists(database)).toBe(false);
});
