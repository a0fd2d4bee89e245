import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import { inspect } from "node:util";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { SparkConnectService } from "#spark-proto/base";
import type { EngineError, Span } from "../../../../src/errors.ts";
import { frameFromColumns } from "../../../../src/frame/frame.ts";
import type { ProgressEvent } from "../../../../src/progress.ts";
import { SparkClient } from "../../../../src/spark/connect/client.ts";
import type { SparkCause } from "../../../../src/spark/connect/errors.ts";
import { planOf } from "../../../../src/spark/plan.ts";
import { SparkSession } from "../../../../src/spark/session.ts";
import { openClient, sqlPlan } from "../../../support/spark-client.ts";
import { type SparkServer, sparkServer } from "../../../support/spark-server.ts";
import { Tunnel } from "../../../support/tunnel.ts";

const LONG = "SELECT sum(id % 7) AS s FROM range(1000000000000000)";

let server: SparkServer;
let spark: SparkSession;
let client: SparkClient;

beforeAll(async () => {
  server = await sparkServer();
  [spark, client] = await Promise.all([
    SparkSession.connect(server.address, server),
    openClient(server.address, server),
  ]);
}, 240_000);

afterAll(async () => {
  await Promise.all([spark?.stop(), client?.close()]);
});

describe("SQL", () => {
  test("parameters are bound, by name and by place, and are data", async () => {
    const evil = "x'; DROP TABLE t; --";
    const named = await spark.sql(
      "SELECT :text AS t, :n + 1 AS n, :big AS b, :when AS w, :none IS NULL AS z, :list[1] AS l",
      {
        params: {
          text: evil,
          n: 41,
          big: 2n ** 60n,
          when: new Date("2024-05-06T07:08:09.010Z"),
          none: null,
          list: [5, 6],
        },
      },
    );
    expect(await named.collect()).toEqual([
      { t: evil, n: 42, b: 2n ** 60n, w: new Date("2024-05-06T07:08:09.010Z"), z: true, l: 6 },
    ]);
    const placed = await spark.sql("SELECT ? || ? AS t, ? AS d", { params: ["a", "b", 0.5] });
    expect(await placed.collect()).toEqual([{ t: "ab", d: 0.5 }]);
    await expect(spark.sql("SELECT ?", { params: [Symbol("x")] })).rejects.toMatchObject({ code: "E_SPARK_LITERAL" });
  });

  test("a statement has happened when its promise is kept; a query has not run", async () => {
    await spark.sql("CREATE OR REPLACE TEMP VIEW numbers AS SELECT id FROM range(10)");
    expect(await spark.table("numbers").filter("id > 6").limit(2).collect()).toEqual([{ id: 7 }, { id: 8 }]);
    const failing = await spark.sql("SELECT 1 / (id - 1) FROM numbers");
    await expect(failing.collect()).rejects.toMatchObject({ code: "E_SPARK_DIVIDE_BY_ZERO" });
    expect(await spark.table("numbers").count()).toBe(10);
  });

  test("a query sees what has happened by the time that it runs", async () => {
    await spark.sql("CREATE OR REPLACE TEMP VIEW moving AS SELECT 1 AS a");
    const query = await spark.sql("(SELECT * FROM moving)");
    await spark.sql("CREATE OR REPLACE TEMP VIEW moving AS SELECT 2 AS b");
    expect(await query.collect()).toEqual([{ b: 2 }]);
  });

  test("a million rows come batch by batch, whole", async () => {
    let rows = 0;
    let sum = 0;
    for await (const frame of spark.range(0, 1_000_000).batches()) {
      rows += frame.shape[0] ?? 0;
      sum += (frame.column("id") as unknown as { sum(): number }).sum();
    }
    expect([rows, sum]).toEqual([1_000_000, 499_999_500_000]);
  });

  test("a preview says whether there is more, and a frame shows itself without a query", async () => {
    const few = await spark.range(0, 5).preview(5);
    expect([few.frame.shape, few.more]).toEqual([[5, 1], false]);
    const many = await spark.range(0, 6).preview(5);
    expect([many.frame.shape, many.more]).toEqual([[5, 1], true]);
    expect(inspect(spark.table("no_such_table"))).toContain(server.address);
  });

  test("explain, the schema's drawing, persist", async () => {
    const query = await spark.sql("SELECT id FROM range(5)");
    expect(await query.explainString("formatted")).toContain("Range");
    expect(await query.treeString()).toBe("root\n |-- id: long (nullable = false)\n");
    await (await query.persist()).unpersist(true);
    expect(await query.count()).toBe(5);
  });
});

test("a session has our settings, but never over what somebody has set", async () => {
  const key = "spark.sql.execution.arrow.maxRecordsPerBatch";
  expect(await spark.conf.get(key)).toBe("50000");
  const first = await openClient(server.address, server);
  await first.settings.set({ [key]: "77" });
  const same = await SparkSession.connect(
    `${server.address}/;session_id=${(await first.connection()).session.id}`,
    server,
  );
  expect(await same.conf.get(key)).toBe("77");
  await same.stop();
  await first.close();
});

test("a query is checked as the very plan that runs, which the server has read then", async () => {
  const asked = vi.spyOn(SparkClient.prototype, "schema");
  const frame = await spark.sql("SELECT 1 AS a");
  expect(asked.mock.lastCall).toEqual([planOf(frame).relation]);
  expect(planOf(frame).relation.common?.planId).toBeTypeOf("bigint");
  asked.mockRestore();
});

describe("errors", () => {
  const CASES = [
    ["SELECT * FRM t WHERE", "E_SPARK_PARSE_SYNTAX_ERROR", "42601", "t"],
    ["SELECT\n  nope\nFROM range(1)", "E_SPARK_UNRESOLVED_COLUMN_WITH_SUGGESTION", "42703", "nope"],
    ["SELECT *\nFROM no_such", "E_SPARK_TABLE_OR_VIEW_NOT_FOUND", "42P01", "no_such"],
    ["SELECT 1 + cast('x' AS int)", "E_SPARK_CAST_INVALID_INPUT", "22018", "cast('x' AS int)"],
  ] as const;

  test.each(CASES)("%s", async (sql, code, sqlState, blamed) => {
    const error = await failureOf(run(sql));
    expect(error).toMatchObject({ name: "EngineError", code, cause: { sqlState } });
    expect(error.message).toContain("SQLSTATE");
    expect(error.message).not.toMatch(/'Project|\+-|== SQL/);
    expect(error.at.text.slice(error.at.start, error.at.end)).toBe(blamed);
    expect(error.cause.serverStack.length).toBeGreaterThan(5);
  });

  test("a fault is the same, whether it was asked about or the statement has run", async () => {
    const faulty = [
      ...CASES.slice(0, 3).map(([sql]) => sql),
      "SELECT sum(a FROM t",
      "VALUES (1), (1, 2)",
      "(SELECT nope(1))",
    ];
    for (const sql of faulty) {
      const [asked, ran] = await Promise.all([
        failureOf(spark.sql(sql)),
        failureOf(spark.sql(sql, { tags: ["stoppable"] })),
      ]);
      expect(factsOf(asked)).toEqual(factsOf(ran));
    }
  });

  test("the session works after an error", async () => {
    await expect(run("SELECT boom")).rejects.toThrow();
    expect(await (await spark.sql("SELECT 1 AS a")).collect()).toEqual([{ a: 1 }]);
  });

  test("no server, a wrong token, no token", async () => {
    await expect(SparkSession.connect("sc://127.0.0.1:1")).rejects.toMatchObject({
      code: "E_SPARK_UNREACHABLE",
      message: "no Spark server answers at sc://127.0.0.1:1: connect ECONNREFUSED 127.0.0.1:1",
    });
    const web = createServer((_, response) => response.end("a page")).listen(0, "127.0.0.1");
    await once(web, "listening");
    await expect(SparkSession.connect(`sc://127.0.0.1:${(web.address() as AddressInfo).port}`)).rejects.toMatchObject({
      code: "E_SPARK_UNREACHABLE",
      message: expect.stringMatching(/^what answers at sc:\S+ is no Spark server: Protocol error$/),
    });
    web.close();
    const wrong = SparkSession.connect(server.address, { token: "wr0ng" });
    await expect(wrong).rejects.toMatchObject({ name: "ConnectionError", code: "E_SPARK_TOKEN" });
    await expect(wrong).rejects.not.toThrow(/wr0ng/);
    await expect(SparkSession.connect(server.address)).rejects.toMatchObject({ code: "E_SPARK_TOKEN" });
  });
});

describe("settings", () => {
  test("set, get, unset, and what may be set", async () => {
    await client.settings.set({ "spark.sql.shuffle.partitions": "7" });
    const key = "spark.sql.shuffle.partitions";
    expect((await client.settings.get([key])).get(key)).toBe("7");
    expect((await client.settings.all("spark.sql.")).get("shuffle.partitions")).toBe("7");
    await client.settings.unset([key]);
    expect((await client.settings.get([key, "no.such.key"])).get("no.such.key")).toBeUndefined();
    expect(await client.settings.areModifiable([key, "spark.driver.memory"])).toEqual(
      new Map([
        [key, true],
        ["spark.driver.memory", false],
      ]),
    );
  });

  test("what is fixed at the start is refused by its name", async () => {
    await expect(client.settings.set({ "spark.driver.memory": "9g" })).rejects.toMatchObject({
      code: expect.stringMatching(/^E_SPARK_CANNOT_MODIFY/),
    });
  });
});

describe("Stop", () => {
  test("the signal ends the cell, and the job on the server", async () => {
    const stopper = new AbortController();
    const events: ProgressEvent[] = [];
    const onProgress = (event: ProgressEvent) => {
      if (!event.note) return;
      events.push(event);
      stopper.abort();
    };
    await client.settings.set({ "spark.connect.progress.reportInterval": "200ms" });
    const query = sqlPlan(LONG);
    const running = client.table(query, { signal: stopper.signal, onProgress, tags: ["cell-1"] });
    await expect(running).rejects.toMatchObject({ name: "Interrupted" });
    expect(events[0]?.note).toMatch(/of \d+ tasks/);
    // What was interrupted is not found again by its tag.
    await expect.poll(() => client.interrupt({ tag: "cell-1" }), { timeout: 20_000 }).toEqual([]);
  });

  test("a query that is stopped while its code is made holds no cores afterwards", { timeout: 240_000 }, async () => {
    // Its threads submit the stages, once the code is made; the tests' server does without. Beyond the fields of one code, rows of a range
    // are taken one by one, and Spark looks between a thousand of them whether to stop: never.
    const made = {
      "spark.sql.adaptive.enabled": "true",
      "spark.sql.codegen.wholeStage": "true",
      "spark.sql.codegen.maxFields": "1000",
    };
    // A session of its own: a plan that is still made when its settings have gone is one without code.
    await using session = await SparkSession.connect(server.address, server);
    for (const [key, value] of Object.entries(made)) await session.conf.set(key, value);
    const sums = Array.from({ length: 200 }, (_, i) => `sum(IF(id % ${i + 3} = ${i}, hash(id, ${i}), id % ${i + 5}))`);
    const wide = await session.sql(
      `SELECT id % 10 AS k, ${sums.join(", ")} FROM range(0, 1000000000000, 1, 8) GROUP BY id % 10`,
    );
    for (const afterMs of [20, 300, 1500]) {
      const running = wide.collect({ signal: AbortSignal.timeout(afterMs) });
      await expect(running).rejects.toMatchObject({ name: "Interrupted" });
    }
    // Under load a plan is made long after it was stopped: this waits until each was interrupted at work.
    await session.interruptAll();
    // Spark gives its cores to the first that comes: this waits for ever behind a job that nobody can stop.
    expect(await session.range(0, 5).count()).toBe(5);
  });

  test("a tag stops its own operations alone", async () => {
    const one = client.table(sqlPlan(LONG), { tags: ["cell-2"] });
    const failed = one.catch((error) => error);
    await expect.poll(() => client.interrupt({ tag: "cell-2" }), { timeout: 20_000 }).toHaveLength(1);
    expect(await client.interrupt({ tag: "another" })).toEqual([]);
    expect(await failed).toMatchObject({ name: "Interrupted" });
    expect(await client.table(sqlPlan("SELECT 1"))).toMatchObject({ table: { numRows: 1 } });
  });

  test("a session that ends stops what runs in it", async () => {
    const session = await SparkSession.connect(server.address, server);
    const failed = (await session.sql(LONG)).collect().catch((error) => error);
    await wait(1_000);
    await session.stop();
    expect(await failed).toBeInstanceOf(Error);
    await expect(session.sql("SELECT 1")).rejects.toMatchObject({ code: "E_SPARK_CLOSED" });
  });
});

describe("local frames go up", () => {
  test.each([3, 100_000])("%i rows", async (rows) => {
    const frame = frameFromColumns([
      { name: "id", type: "int64", values: BigInt64Array.from({ length: rows }, (_, i) => BigInt(i)) },
      {
        name: "word",
        type: "category",
        values: Int32Array.from({ length: rows }, (_, i) => i % 2),
        dictionary: ["a", "b"],
      },
      { name: "when", type: "datetime64[us]", values: Array.from({ length: rows }, (_, i) => new Date(i)) },
    ]);
    const remote = await spark.createDataFrame(frame);
    expect((await remote.schema()).map(({ type }) => type)).toEqual(["bigint", "string", "timestamp_ntz"]);
    await remote.createOrReplaceTempView("up");
    const back = await spark.sql("SELECT count(*) AS n, sum(id) AS s, max(word) AS w, min(when) AS t FROM up");
    expect(await back.collect()).toEqual([{ n: rows, s: (rows * (rows - 1)) / 2, w: "b", t: new Date(0) }]);
  });

  test("until they are stopped, also where the server takes no more of them; the session stays", async () => {
    const tunnel = new Tunnel(server.port, { stallAfter: 3_000_000 });
    const session = await SparkSession.connect(`sc://127.0.0.1:${await tunnel.port()}`, server);
    const values = Float64Array.from({ length: 2_500_000 }, Math.random);
    const stopper = new AbortController();
    const { signal } = stopper;
    const upload = session.createDataFrame(frameFromColumns([{ name: "x", type: "float64", values }]), undefined, {
      signal,
    });
    const failed = upload.then(
      () => "it went up",
      (error: unknown) => error,
    );
    await expect.poll(() => tunnel.isStalled, { timeout: 60_000 }).toBe(true);
    stopper.abort();
    expect(await Promise.race([failed, wait(2_000, "it goes on")])).toMatchObject({ name: "Interrupted" });
    tunnel.resume();
    expect(await session.range(3).count()).toBe(3);
    const late = session.createDataFrame([{ a: "x".repeat(2_000_000) }], undefined, { signal });
    await expect(late).rejects.toMatchObject({ name: "Interrupted" });
    await session.stop();
    tunnel.close();
  });
});

describe("messages of up to 128 MB", { timeout: 120_000 }, () => {
  const LIMIT = 128 * 1024 * 1024;
  const oneRow = (bytes: number) =>
    sqlPlan(`SELECT repeat(cast(id + 1 AS string), ${bytes}) AS text FROM range(0, 1, 1, 1)`);

  test("a row that is larger than one comes in chunks, and whole", async () => {
    const { table } = await client.table(oneRow(LIMIT + 1));
    expect(table.getChildAt(0)?.get(0)).toBe("1".repeat(LIMIT + 1));
  });

  test("an older server's batch, which is one message, is taken near the limit, and refused above it", async () => {
    const { session } = await client.connection();
    const { executePlan } = SparkConnectService.method;
    const largest = async (bytes: number) => {
      const plan = { opType: { case: "root" as const, value: oneRow(bytes) } };
      const sizes = [0];
      for await (const { responseType } of session.channel.stream(executePlan, { ...session.head, plan }))
        if (responseType.case === "arrowBatch") sizes.push(responseType.value.data.byteLength);
      return Math.max(...sizes);
    };
    expect(await largest(LIMIT - 10_000)).toBeGreaterThan(LIMIT - 10_000);
    const above = await session.errorOf(await largest(LIMIT).catch((error: unknown) => error));
    expect(above).toMatchObject({ code: "E_SPARK_TOO_LARGE", hint: expect.stringContaining("fewer rows") });
  });

  test("a frame that is larger than one goes up in pieces, a plan does not", async () => {
    const values = Array<string>(135).fill("y".repeat(1_000_000));
    const frame = await spark.createDataFrame(frameFromColumns([{ name: "w", type: "str", values }]));
    expect(await frame.selectExpr("sum(length(w)) AS n").collect()).toEqual([{ n: 135_000_000 }]);
    await expect(run(`SELECT '${"x".repeat(LIMIT)}'`)).rejects.toMatchObject({
      code: "E_SPARK_TOO_LARGE",
      hint: expect.stringContaining("createDataFrame"),
    });
    expect(await run("SELECT 1 AS a")).toEqual([{ a: 1 }]);
  });
});

test("a connection that is cut again and again gives the whole result", async () => {
  const tunnel = new Tunnel(server.port, { cutAfter: 1_000_000 });
  const through = await openClient(`sc://127.0.0.1:${await tunnel.port()}`, server);
  try {
    const { table } = await through.table({ relType: { case: "range", value: { end: 1_000_000n, step: 1n } } });
    expect(table.numRows).toBe(1_000_000);
    const ids = table.getChildAt(0)?.toArray() as BigInt64Array;
    expect(ids.findIndex((id, i) => id !== BigInt(i))).toBe(-1);
    expect(tunnel.cuts).toBeGreaterThan(2);
  } finally {
    await through.close();
    tunnel.close();
  }
});

async function failureOf(work: Promise<unknown>): Promise<EngineError & { cause: SparkCause; at: Span }> {
  try {
    await work;
  } catch (error) {
    return error as EngineError & { cause: SparkCause; at: Span };
  }
  return expect.fail("it succeeded");
}

function factsOf({ code, message, hint, at, cause }: Awaited<ReturnType<typeof failureOf>>) {
  const { errorClass, sqlState, parameters, contexts, javaClass } = cause;
  return { code, message, hint, at, errorClass, sqlState, parameters, contexts, javaClass };
}

async function run(sql: string): Promise<unknown> {
  return (await spark.sql(sql)).collect();
}
