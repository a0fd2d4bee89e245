// biome-ignore-all lint/suspicious/noTemplateCurlyInString: magics bind ${} themselves
import { randomUUID } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import path from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { SparkConnectService } from "#spark-proto/base";
import { MockSpark } from "../../support/mock-spark.ts";
import { openClient } from "../../support/spark-client.ts";
import { type SparkServer, sparkServer } from "../../support/spark-server.ts";
import { Tunnel } from "../../support/tunnel.ts";
import { type CellResult, Executor } from "./harness.ts";

/** Months of work for both cores, in one stage of many tasks. */
const LONG = "SELECT sum(id % 7) AS s FROM range(0, 1000000000000000, 1, 64)";

let server: SparkServer;
let executor: Executor;

beforeAll(async () => {
  server = await sparkServer();
  process.env.OUTGROW_TEST_SPARK_TOKEN = server.token;
  executor = await new Executor().ready();
  delete process.env.OUTGROW_TEST_SPARK_TOKEN;
}, 240_000);

afterAll(async () => {
  await executor?.[Symbol.asyncDispose]();
});

/** What a test that failed has left at work would keep Spark's cores from every test that comes. */
afterEach(async ({ task }) => {
  if (task.result?.state !== "fail") return;
  for (let cell = 1; cell < executor.nextCell; cell++) executor.interrupt(cell);
  await run("await spark.interruptAll()");
}, 120_000);

/** A fresh server under load takes its time for the first query of each kind. */
async function run(code: string): Promise<CellResult> {
  return executor.done(executor.start(code), 60_000);
}

/** What stands in the notebook at the end, in order: without the quiet line of progress, which quick work does not have. */
function outputs({ displays }: CellResult): string[] {
  const places = new Map<string | number, string>();
  for (const [i, { data, displayId }] of displays.entries()) places.set(displayId ?? i, String(data["text/plain"]));
  return [...places.values()].filter((text) => !/^Spark · /.test(text));
}

function tracebackOf({ failure }: CellResult): string {
  const esc = String.fromCharCode(27);
  return failure?.traceback.join("\n").replaceAll(new RegExp(`${esc}\\[[0-9;]*m`, "g"), "") ?? "";
}

describe("connect", () => {
  test("attaches, and the token is nowhere to be seen", { timeout: 120_000 }, async () => {
    const connected = await run(`%spark connect ${server.address} --token-env OUTGROW_TEST_SPARK_TOKEN`);
    expect(connected.failure).toBeUndefined();
    expect(connected.stdout).toBe(`Spark 4.3.0 at ${server.address} is the session of this notebook.\n`);
    const status = await run("%spark status");
    expect(outputs(status)[0]).toContain(`The session of this notebook is at ${server.address}.`);
    const looks = await run("console.log(spark, await spark.version); await spark.range(0, 3).count()");
    expect(looks.text).toBe("3");
    await run("%env");
    await run("%env OUTGROW_TEST_SPARK_TOKEN");
    expect(JSON.stringify(executor.messages)).not.toContain(server.token);
  });

  test.each([
    ["%spark connect sc://localhost:1/;token=s3cret", "E_TOKEN_IN_ADDRESS", "--token-env SPARK_TOKEN"],
    ["%spark connect sc://localhost:1 --token-env NO_SUCH_NAME", "E_NO_TOKEN", "set it where Jupyter is started"],
    ["%spark connect", "E_MISSING_ARGUMENT", "sc://localhost:15002"],
    ["%spark connect http://localhost:1", "E_SPARK_ADDRESS", "sc://host:port"],
    ["%spark start --token-env HOME", "E_BAD_USE", "%spark connect"],
    ["%spark stop sc://localhost:1", "E_BAD_USE", "%spark connect"],
  ])("%s is refused", async (cell, code, hint) => {
    const result = await run(cell);
    expect(tracebackOf(result)).toContain(code);
    expect(tracebackOf(result)).toContain(hint);
    expect(JSON.stringify(result.messages)).not.toContain("s3cret");
  });
});

describe("%%spark", () => {
  test("runs its statements in order, binds values, and gives a local frame", { timeout: 120_000 }, async () => {
    await run("const least = 25; const name = 'ids'; const evil = \"x'; DROP VIEW ids; --\"");
    const { failure, displays, stdout } = await run(
      [
        "%%spark -o few --limit 2",
        "CREATE OR REPLACE TEMP VIEW ids AS SELECT id FROM range(30);",
        "-- a comment; with ${nothing} in it",
        "SELECT *, ${evil} AS text, ';' AS semi FROM IDENTIFIER(${name})",
        "WHERE id > ${least + (() => { return 0; })()} ORDER BY id;",
      ].join("\n"),
    );
    expect(failure).toBeUndefined();
    expect(stdout).toMatch(/^CREATE OR REPLACE TEMP VIEW ids · [\d.,]+ m?s\n$/);
    expect(displays.length).toBeGreaterThan(0);
    const look =
      "console.log(JSON.stringify([few instanceof (await import('danfojs-node')).DataFrame, few === _, few.values]))";
    const rows = [26, 27].map((id) => [id, "x'; DROP VIEW ids; --", ";"]);
    expect(JSON.parse((await run(look)).stdout)).toEqual([true, true, rows]);
  });

  test("shows the first rows, and says that there are more without counting them", { timeout: 120_000 }, async () => {
    const more = await run("%%spark -n 3\nSELECT id FROM range(1000000000000)");
    expect(outputs(more)).toEqual([expect.stringMatching(/^3 rows shown, more exist, × 1 column · Spark · /)]);
    const all = await run("%%spark -n 3\nSELECT id FROM range(3)");
    expect(outputs(all)).toEqual([expect.stringMatching(/^3 rows × 1 column · Spark · /)]);
    const kept = await run("%%spark -n 3 -o all\nSELECT id FROM range(7)");
    expect(outputs(kept)).toEqual([expect.stringMatching(/^3 of 7 rows × 1 column · Spark · /)]);
    const rows = await run("%%spark\nSHOW VIEWS");
    expect(outputs(rows)).toEqual([expect.stringMatching(/^1 row × 3 columns/)]);
  });

  test("a view of the last query is there for the next cell; a block is one statement", {
    timeout: 120_000,
  }, async () => {
    const quiet = await run("%%spark --view odd -q\nSELECT 1;\nSELECT id FROM range(10) WHERE id % 2 = 1");
    expect([outputs(quiet), quiet.stdout]).toEqual([[], ""]);
    expect((await run("await spark.table('odd').count()")).text).toBe("5");
    const sums = await run("%chunked odd --agg id:sum -q -o sums\nJSON.stringify(sums.values)");
    expect([tracebackOf(sums), sums.text]).toEqual(["", "'[[25]]'"]);
    // A folder is written with a slash.
    mkdirSync(path.join(executor.folder, "odd"), { recursive: true });
    writeFileSync(path.join(executor.folder, "odd", "part.csv"), "id\n1000\n");
    const again = await run("%chunked odd --agg id:sum -q -o again\nJSON.stringify([again.values, again.run.source])");
    expect([tracebackOf(again), again.text]).toEqual(["", `'[[[25]],"odd on Spark"]'`]);
    expect(tracebackOf(await run("%%chunked odd\nchunk.shape"))).toContain("frame.batches()");
    await run("%%spark --view größe -q\nSELECT 7 AS cm");
    expect((await run("%chunked größe --agg cm:sum -q -o cm\ncm.values[0][0]")).text).toBe("7");
    const seen = await run("%%spark --view busy\nSELECT id FROM range(3)");
    expect(outputs(seen)).toEqual([expect.stringMatching(/^3 rows × 1 column/)]);
    const block = await run("%%spark\nBEGIN DECLARE x INT DEFAULT 3; SELECT x + 1 AS y; END");
    expect(outputs(block)).toEqual([expect.stringMatching(/^1 row × 1 column[\s\S]*\b4$/)]);
    expect((await run("(await _.collect())[0].y")).text).toBe("4");
  });

  test("what gives no rows leaves nothing for -o, and says so", { timeout: 60_000 }, async () => {
    const none = await run("%%spark -o nothing\nDROP VIEW IF EXISTS nobody");
    expect(tracebackOf(none)).toMatch(/E_NO_ROWS[\s\S]*the statements have run/);
    expect((await run("typeof nothing")).text).toBe("'undefined'");
  });

  test.each([
    ["SELECT 1;\nSELECT *\n  FROM nope", "E_SPARK_TABLE_OR_VIEW_NOT_FOUND", "42P01", "nope"],
    ["SELECT * FRM x WHERE", "E_SPARK_PARSE_SYNTAX_ERROR", "42601", "x"],
    ["SELECT '😀', 1 / (id - id) FROM range(3)", "E_SPARK_DIVIDE_BY_ZERO", "22012", "1 / (id - id)"],
    ["SELECT\n cast('x' AS INT)", "E_SPARK_CAST_INVALID_INPUT", "22018", "cast('x' AS INT)"],
    ["SELECT * FROM ${name}", "E_BOUND_PLACE", "", "${name}"],
    ["SELECT 1;\nSELECT ${1}, ${() => ({})}", "E_SPARK_LITERAL", "", "${() => ({})}"],
    ["SELECT '${name}'", "E_BOUND_IN_QUOTES", "", "${name}"],
    ["SELECT 'open", "E_SQL_UNCLOSED", "", "'"],
  ])("%s fails with its place in the cell", { timeout: 60_000 }, async (sql, code, sqlState, blamed) => {
    const cell = `%%spark\n${sql}`;
    const result = await run(cell);
    const text = tracebackOf(result);
    const before = cell.slice(0, cell.indexOf(blamed)).split("\n");
    expect(text).toContain(code);
    expect(text).toContain(sqlState);
    expect(text).toContain(
      `.ts:${before.length}:${(before.at(-1)?.length ?? 0) + 1}\n  ${cell.split("\n")[before.length - 1]}\n  `,
    );
    expect(/^ *(\^+)$/m.exec(text)?.[1]).toBe("^".repeat(blamed.length));
    expect(text).not.toMatch(/\bat org\.apache|\bpos \d/);
    expect((await run("1 + 1")).text).toBe("2");
  });
});

test("plans are written with nothing to import, to await or to start", async () => {
  await using kernel = await new Executor().ready();
  const { text, failure } = await kernel.run(
    [
      'const w = Window.partitionBy("user_id").orderBy("at");',
      'const df = spark.range(0, 3).withColumn("n", F.row_number().over(w)).groupBy("id").agg(F.sum("n").alias("s"));',
      "[df.constructor === (await import('outgrow')).SparkDataFrame, spark.label]",
    ].join("\n"),
  );
  expect(failure).toBeUndefined();
  expect(text).toBe("[ true, undefined ]");
});

describe("a query as the last expression", () => {
  test("shows its columns, and runs nothing", { timeout: 120_000 }, async () => {
    const cell = "const q = await spark.sql('SELECT id, id / (id - id) AS boom, array(1.5D) AS a FROM range(3)'); q";
    const { text, failure, shown } = await run(cell);
    expect(failure).toBeUndefined();
    expect(text).toMatch(/^SparkDataFrame · 3 columns · sc:/);
    expect(text).toMatch(/id +bigint +no\nboom +double +yes\na +array<double> +no\n/);
    expect(shown["text/html"]).toContain(">SparkDataFrame · 3 columns");
    expect(shown["text/markdown"]).toContain("| boom | double | yes |");
    expect(outputs(await run("display(q)"))).toEqual([expect.stringMatching(/^SparkDataFrame · 3 columns/)]);
    expect(outputs(await run("%whos")).join()).toMatch(/q +SparkDataFrame +a query on Spark/);
    expect(tracebackOf(await run("spark.table('no_such_table')"))).toContain("E_SPARK_TABLE_OR_VIEW_NOT_FOUND");
  });
});

test("the local engine and Spark give the same aggregate of the same data", { timeout: 120_000 }, async () => {
  const rows = Array.from({ length: 20_000 }, (_, i) =>
    [i % 7 === 0 ? "" : `k${(i * 7919) % 101}`, (i * 31) % 1009, i % 11 === 0 ? "" : ((i * 7) % 1000) / 7].join(","),
  );
  writeFileSync(path.join(executor.folder, "sales.csv"), `key,units,amount\n${rows.join("\n")}\n`);
  const local = await run(
    "%chunked sales.csv --by key --agg units:sum,amount:sum,amount:mean,amount:count,*:count -o here",
  );
  expect(local.failure).toBeUndefined();
  await run("const file = process.cwd() + '/sales.csv'");
  const remote = await run(
    `%%spark -o there
    CREATE OR REPLACE TEMP VIEW sales (key STRING, units INT, amount DOUBLE) USING csv OPTIONS (path '${executor.folder}/sales.csv', header 'true');
    SELECT key, sum(units) AS units_sum, sum(amount) AS amount_sum, avg(amount) AS amount_mean,
      count(amount) AS amount_count, count(*) AS count FROM sales GROUP BY key ORDER BY key NULLS LAST`,
  );
  expect(remote.failure).toBeUndefined();
  const { stdout } = await run(
    "console.log(JSON.stringify([here, there].map(({ columns, values }) => ({ columns, values }))))",
  );
  const [here, there] = JSON.parse(stdout);
  expect(there.columns).toEqual(here.columns);
  expect(there.values.length).toBe(102);
  there.values.forEach((row: readonly (string | number | null)[], i: number) => {
    row.forEach((value, j) => {
      const other = here.values[i][j];
      if (typeof value === "number" && !Number.isInteger(value))
        expect(Math.abs(value / other - 1)).toBeLessThan(1e-12);
      else expect(value).toBe(other);
    });
  });
});

describe("Stop", () => {
  test("ends the operations of this cell on the server, and nothing else", { timeout: 180_000 }, async () => {
    const cancelled = await connectAs(executor);
    await run(
      "const kept = 'kept'; let other = (await spark.sql(`" +
        LONG +
        "`)).collect().then(String, ({ name }) => name); void 0",
    );
    for (const [count, cell] of [`%%spark\n${LONG}`, `await (await spark.sql(\`${LONG}\`)).count()`].entries()) {
      const stopped = await stop(executor, cell);
      expect(stopped.failure?.ename).toBe("Interrupted");
      await expect.poll(cancelled, { timeout: 60_000 }).toHaveLength(count + 1);
    }
    expect((await run("[kept, await Promise.race([other, 'still running'])]")).text).toBe(
      "[ 'kept', 'still running' ]",
    );
    expect((await run("[(await spark.interruptAll()).length, await other]")).text).toBe("[ 1, 'Interrupted' ]");
    expect((await run("await spark.range(0, 5).count()")).text).toBe("5");
  });

  test("one output shows how far it is, and says at the end how it ended", { timeout: 120_000 }, async () => {
    const { displays } = await stop(executor, `await (await spark.sql(\`${LONG}\`)).collect()`);
    expect(new Set(displays.map(({ displayId }) => displayId)).size).toBe(1);
    expect(displays.map(({ update }) => update)).toEqual(displays.map((_, i) => i > 0));
    const texts = displays.map(({ data }) => String(data["text/plain"]));
    expect(texts.some((text) => /^Spark · \d+ % · \d of \d stages, \d+ of \d+ tasks/.test(text))).toBe(true);
    expect(texts.at(-1)).toMatch(/^Spark · stopped · /);
    const quick = await run("await spark.range(0, 100000, 1).repartition(40).count()");
    expect(quick.text).toBe("100000");
    for (const { data } of quick.displays.slice(-1)) expect(data["text/html"]).not.toContain("<progress");
  });

  const ends: [string, (kernel: Executor) => void][] = [
    ["is shut down", (kernel) => kernel.send({ type: "shutdown" })],
    ["has lost its supervisor", (kernel) => kernel.child.disconnect()],
    ["is shut down by a supervisor that goes at once", (kernel) => endAndLeave(kernel)],
  ];

  test.each(ends)("a kernel that %s leaves nothing running on the server", { timeout: 120_000 }, async (_, end) => {
    await using kernel = await withToken();
    const cancelled = await connectAs(kernel);
    await underWay(kernel, kernel.start(`%%spark\n${LONG}`));
    end(kernel);
    expect(await kernel.exit).toBe(0);
    await expect.poll(cancelled, { timeout: 60_000 }).toHaveLength(1);
  });

  test("nor does one whose query waits behind that of another", { timeout: 180_000 }, async () => {
    const first = executor.start(`%%spark\n${LONG}`);
    await underWay(executor, first);
    await using kernel = await withToken();
    const cancelled = await connectAs(kernel);
    await underWay(kernel, kernel.start(`%%spark\n${LONG}`));
    kernel.send({ type: "shutdown" });
    expect(await kernel.exit).toBe(0);
    await expect.poll(cancelled, { timeout: 60_000 }).toHaveLength(1);
    executor.interrupt(first);
    expect((await executor.done(first, 60_000)).failure?.ename).toBe("Interrupted");
  });
});

async function withToken(): Promise<Executor> {
  process.env.OUTGROW_TEST_SPARK_TOKEN = server.token;
  const kernel = await new Executor().ready();
  delete process.env.OUTGROW_TEST_SPARK_TOKEN;
  return kernel;
}

function endAndLeave(kernel: Executor): void {
  kernel.send({ type: "shutdown" });
  kernel.child.disconnect();
}

test("a server that does not answer holds no cell up for its columns", { timeout: 120_000 }, async () => {
  const pipes = new Set<Socket>();
  const proxy = createServer((client) => {
    const upstream = connect(server.port, "127.0.0.1");
    pipes.add(client).add(upstream);
    for (const socket of [client.pipe(upstream), upstream.pipe(client)]) socket.on("error", () => undefined);
  });
  await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
  const { port } = proxy.address() as AddressInfo;
  await run(`%spark connect sc://127.0.0.1:${port} --token-env OUTGROW_TEST_SPARK_TOKEN`);
  for (const pipe of pipes) pipe.unpipe().pause();
  const { text, failure } = await run("spark.range(0, 3)");
  expect(failure).toBeUndefined();
  expect(text).toMatch(/^SparkDataFrame at sc:\S+: the server has not told its columns yet/);
  for (const pipe of pipes) pipe.destroy();
  proxy.close();
});

/** Connects under a session id of its own, and gives the operations of that session that the server's log says were cancelled. */
async function connectAs(kernel: Executor): Promise<() => readonly string[]> {
  const id = randomUUID();
  const line = `%spark connect ${server.address}/;session_id=${id} --token-env OUTGROW_TEST_SPARK_TOKEN`;
  expect((await kernel.done(kernel.start(line), 60_000)).failure).toBeUndefined();
  const log = path.join(process.env.OUTGROW_TEST_RUN ?? "", "spark.log");
  const asked = new RegExp(`Asked to cancel jobs with tag \\S+_Session_${id}_Operation_(\\S+)`, "g");
  return () => [...new Set([...readFileSync(log, "utf8").matchAll(asked)].map(([, operation]) => operation ?? ""))];
}

async function underWay(kernel: Executor, cell: number): Promise<void> {
  const isAtWork = (text: unknown) => /\d tasks/.test(String(text));
  await kernel.until(
    (message) => message.type === "display" && message.cell === cell && isAtWork(message.data["text/plain"]),
    60_000,
  );
}

async function stop(kernel: Executor, code: string): Promise<CellResult> {
  const cell = kernel.start(code);
  await underWay(kernel, cell);
  kernel.interrupt(cell);
  return kernel.done(cell, 60_000);
}

describe("%chunked", () => {
  test("-e spark runs the same line on the session of the notebook", { timeout: 240_000 }, async () => {
    await run(`%spark connect ${server.address} --token-env OUTGROW_TEST_SPARK_TOKEN`);
    const rows = Array.from(
      { length: 50 },
      (_, i) => `00${i % 3},${i / 4},${i % 5 === 0 ? "" : `2024-0${1 + (i % 4)}-01`}`,
    );
    writeFileSync(path.join(executor.folder, "plan.csv"), `id,amount,day\n${rows.join("\n")}\n`);
    const line = `%chunked plan.csv --by "id, month(day) AS month" --agg amount:sum,amount:last,*:count --order amount`;
    const local = await run(`${line} -o local -q`);
    const onSpark = await executor.done(executor.start(`${line} -o onSpark -e spark`), 180_000);
    expect([local.failure, onSpark.failure]).toEqual([undefined, undefined]);
    expect(outputs(onSpark).join("\n")).toContain("plan.csv · Spark");
    const same = await run(
      "[onSpark.run.engine, onSpark.run.rows, JSON.stringify(onSpark.values) === JSON.stringify(local.values)].join()",
    );
    expect(same.text).toBe("'Spark,50,true'");
    await run('const sales = spark.read.csv("plan.csv", { header: true, inferSchema: true })');
    const there = await executor.done(
      executor.start("%chunked sales --by day --agg *:count,amount:max --limit 2 -o top"),
      180_000,
    );
    expect(there.failure).toBeUndefined();
    expect((await run("JSON.stringify([top.columns, top.values.length, top.run.engine])")).text).toBe(
      `'[["day","count","amount_max"],2,"Spark"]'`,
    );
  });

  /** The cell says so, the next one has another session and says what went with the one before, and those after it have nothing to say. */
  async function expectLost(cell: number): Promise<void> {
    const lost = await executor.done(cell, 60_000);
    expect(tracebackOf(lost)).toMatch(/^ConnectionError E_SPARK_SESSION_LOST: [\s\S]*getOrCreate\(\)/);
    expect(String(lost.displays.at(-1)?.data["text/plain"])).toMatch(/^\w+ · failed · /);
    expect(outputs(await run("%spark status"))[0]).toContain("is lost; the next cell for Spark gets another");
    const next = await run("await spark.range(0, 3).count()");
    expect([tracebackOf(next), next.text]).toEqual(["", "3"]);
    expect(next.stderr).toContain("temporary views, settings, cached tables and models of the one before are gone");
    const after = await run("%chunked plan.csv --agg *:count -q -o after -e spark\nafter.values[0][0]");
    expect([after.text, after.stdout]).toEqual(["50", ""]);
  }

  test("a session that its server gives up under -e spark", { timeout: 240_000 }, async () => {
    const id = randomUUID();
    const address = `${server.address}/;session_id=${id}`;
    await run(`%spark connect ${address} --token-env OUTGROW_TEST_SPARK_TOKEN`);
    await run("const endless = await spark.sql('SELECT id % 7 AS k, id FROM range(0, 1000000000000000, 1, 64)')");
    const cell = executor.start("%chunked endless --by k --agg id:sum -e spark");
    await underWay(executor, cell);
    const { channel, head } = (await (await openClient(address, server)).connection()).session;
    const { clientObservedServerSideSessionId: _, ...release } = head;
    await channel.unary(SparkConnectService.method.releaseSession, release);
    channel.close();
    await expectLost(cell);
  });

  test("a server that starts again under -e spark", { timeout: 240_000 }, async () => {
    const value = { stages: [{ stageId: 1n, numTasks: 2n }], numInflightTasks: 1n };
    const mock = new MockSpark([{ responseType: { case: "executionProgress", value } }]);
    mock.hang = true;
    const tunnel = new Tunnel(Number((await mock.start()).split(":").at(-1)));
    await run(`%spark connect sc://127.0.0.1:${await tunnel.port()} --token-env OUTGROW_TEST_SPARK_TOKEN`);
    const cell = executor.start("%chunked plan.csv --agg amount:sum -e spark");
    await underWay(executor, cell);
    tunnel.leadTo(server.port);
    mock.stop();
    await expectLost(cell);
    tunnel.close();
  });
});
