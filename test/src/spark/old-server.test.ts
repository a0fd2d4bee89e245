import { afterEach, beforeEach, expect, test } from "vitest";
import { EngineError } from "../../../src/errors.ts";
import type { SparkClient } from "../../../src/spark/connect/client.ts";
import { toOutgrowError } from "../../../src/spark/connect/errors.ts";
import { modelSize } from "../../../src/spark/ml/commands.ts";
import { RandomForestClassificationModel } from "../../../src/spark/ml/tree-classification.ts";
import type { SparkSession } from "../../../src/spark/session.ts";
import { MockSpark } from "../../support/mock-spark.ts";
import { openClient, sqlPlan } from "../../support/spark-client.ts";

let server: MockSpark;
let client: SparkClient;

beforeEach(async () => {
  server = new MockSpark([]);
  server.version = "4.0.2";
  client = await openClient(await server.start());
});

afterEach(async () => {
  await client.close();
  server.stop();
});

test("what an older server cannot do says which version can, without asking it", async () => {
  await expect(modelSize(client, "a-model")).rejects.toMatchObject({
    name: "UsageError",
    code: "E_SPARK_VERSION",
    message: "the size of a model needs Spark 4.1 or newer, and the server is Spark 4.0.2",
  });
  expect(server.executed).toEqual([]);
});

test.each(["4.1.0", "4.10.3", "5.0.0-preview"])("a server of %s is asked", async (version) => {
  const { port } = (await client.connection()).session.channel.endpoint;
  await client.close();
  server.version = version;
  server.faults = [{ after: 0, how: "spark-error" }];
  client = await openClient(`sc://127.0.0.1:${port}`);
  await modelSize(client, "a-model").catch(() => undefined);
  expect(server.executed).toHaveLength(1);
});

test("a function that the server does not have: its version is named", async () => {
  server.faults = [{ after: 0, how: "spark-error" }];
  server.errorClass = "UNRESOLVED_ROUTINE";
  await expect(client.statement(sqlPlan("SELECT to_time('10:00')"))).rejects.toMatchObject({
    code: "E_SPARK_UNRESOLVED_ROUTINE",
    hint: "this server is Spark 4.0.2: SHOW FUNCTIONS lists what there is",
  });
});

test("an error without a word says at least what it is", async () => {
  const silent = Object.assign(new Error("13 INTERNAL: "), { code: 13, details: "" });
  const error = await toOutgrowError(silent, (await client.connection()).session);
  expect(error).toBeInstanceOf(EngineError);
  expect(error.message).toBe("an error, which says nothing more");
});

test("a path where a session belongs", async () => {
  const load = RandomForestClassificationModel.load("/somewhere" as unknown as SparkSession, "/somewhere");
  await expect(load).rejects.toMatchObject({
    code: "E_SPARK_ARGUMENT",
    hint: expect.stringContaining("SparkSession first"),
  });
});
