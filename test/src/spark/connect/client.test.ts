import { expect, test } from "vitest";
import { SparkClient } from "../../../../src/spark/connect/client.ts";
import type { Connection } from "../../../../src/spark/connect/connection.ts";
import { SparkDataFrame } from "../../../../src/spark/dataframe.ts";
import { SparkSession } from "../../../../src/spark/session.ts";

const RANGE = { relType: { case: "range", value: { end: 10n, step: 1n } } } as const;

test("a plan needs no server; the first question connects once, and what failed is tried again", async () => {
  let opened = 0;
  const closed: string[] = [];
  const answering = {
    label: "sc://somewhere:1",
    isClosed: false,
    tags: new Set(),
    close: async () => void closed.push("closed"),
    analyze: async () => ({ case: "treeString", value: { treeString: "root" } }),
  } as unknown as Connection;
  const client = new SparkClient(async () => {
    opened++;
    if (opened === 1) throw new TypeError("not yet");
    return answering;
  });
  client.tags.add("mine");
  const frame = new SparkDataFrame(client, RANGE).limit(5);
  expect([opened, client.label]).toEqual([0, undefined]);
  await expect(frame.treeString()).rejects.toThrow("not yet");
  expect(await Promise.all([frame.treeString(), frame.limit(1).treeString()])).toEqual(["root", "root"]);
  expect([opened, client.label, [...answering.tags]]).toEqual([2, "sc://somewhere:1", ["mine"]]);
  await client.close();
  expect([closed, client.isClosed]).toEqual([["closed"], true]);
});

test("a session that was stopped before it connected never connects", async () => {
  const spark = SparkSession.deferred(() => Promise.reject(new TypeError("asked")));
  await spark.stop();
  await expect(spark.range(0, 1).treeString()).rejects.toMatchObject({ code: "E_SPARK_CLOSED" });
});
