import { expect, test } from "vitest";
import type { ConnectClient } from "../../../src/spark/connect/client.ts";
import { SparkSession } from "../../../src/spark/session.ts";

test("a plan needs no server; the first question connects once, and what failed is tried again", async () => {
  let opened = 0;
  const closed: string[] = [];
  const client = {
    label: "sc://somewhere:1",
    isClosed: false,
    close: async () => void closed.push("closed"),
    analyze: async () => ({ treeString: "root" }),
  } as unknown as ConnectClient;
  const spark = SparkSession.deferred(async () => {
    opened++;
    if (opened === 1) throw new TypeError("not yet");
    return client;
  });
  const frame = spark.range(0, 10).filter("id > 5");
  expect([opened, spark.label]).toEqual([0, undefined]);
  await expect(frame.treeString()).rejects.toThrow("not yet");
  expect(await Promise.all([frame.treeString(), spark.table("t").treeString()])).toEqual(["root", "root"]);
  expect([opened, spark.label]).toEqual([2, "sc://somewhere:1"]);
  await spark.stop();
  expect([closed, spark.isStopped]).toEqual([["closed"], true]);
});

test("a session that was stopped before it connected never connects", async () => {
  const spark = SparkSession.deferred(() => Promise.reject(new TypeError("asked")));
  await spark.stop();
  await expect(spark.range(0, 1).treeString()).rejects.toMatchObject({ code: "E_SPARK_CLOSED" });
});
