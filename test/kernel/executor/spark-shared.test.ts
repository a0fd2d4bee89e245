import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { sparkStatus, stopSpark } from "../../../src/spark/server/server.ts";
import { SHORT_LIVED } from "../../support/short-lived.ts";
import { Executor } from "./harness.ts";

const LIVE = { timeout: 700_000 };
const kernels: Executor[] = [];
let folder = "";

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), "og-shared-"));
  process.env.OUTGROW_SPARK_RUNTIME = folder;
  process.env.SPARK_CONF_DIR = SHORT_LIVED;
  kernels.push(...(await Promise.all([new Executor().ready(), new Executor().ready()])));
});

afterAll(async () => {
  for (const kernel of kernels) await kernel[Symbol.asyncDispose]();
  await stopSpark({ force: true });
  delete process.env.OUTGROW_SPARK_RUNTIME;
  delete process.env.SPARK_CONF_DIR;
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});

test(
  "the first cells for Spark of two kernels start one, which both use at once, each with its own views",
  LIVE,
  async () => {
    const asked = kernels.map((kernel, i) => [
      kernel.start(onSpark("mine.csv", i)),
      kernel.start(`%%spark -o top\nCREATE TEMP VIEW mine AS SELECT ${i} AS a;\nSELECT a FROM mine`),
      kernel.start(onSpark("again.csv", i + 2)),
    ]);
    const first = await Promise.all(
      kernels.map((kernel, i) => Promise.all((asked[i] ?? []).map((cell) => kernel.done(cell, 600_000)))),
    );
    const facts = first.map((cells) => cells.map(({ failure, text }) => failure ?? text));
    expect(facts).toEqual([
      ["0", undefined, "2"],
      ["1", undefined, "3"],
    ]);
    const [one, two, ...others] = await sparkStatus();
    expect([others, two]).toEqual([[], undefined]);
    expect(one?.leases.toSorted()).toEqual(kernels.map(({ child }) => `process ${child.pid}`).sort());

    const again = await Promise.all(kernels.map((kernel) => run(kernel, "top.values[0][0]")));
    expect(again.map(({ text }) => text)).toEqual(["0", "1"]);
  },
);

test("a kernel that is killed takes nothing from the other", LIVE, async () => {
  const [killed, other] = kernels as [Executor, Executor];
  killed.child.kill("SIGKILL");
  await killed.exit;
  expect((await run(other, "%%spark -o top\nSELECT a + 41 AS a FROM mine")).failure).toBeUndefined();
  expect((await run(other, "top.values[0][0]")).text).toBe("42");
  await expect
    .poll(async () => (await sparkStatus())[0]?.leases, { timeout: 60_000 })
    .toEqual([`process ${other.child.pid}`]);
});

test(
  "a server that dies under %chunked: the cell says so, the next one what went with it, and works",
  LIVE,
  async () => {
    const [, kernel] = kernels as [Executor, Executor];
    const pairs = "SELECT a.id % 3 AS k, b.id AS v FROM range(0, 400000, 1, 64) a CROSS JOIN range(400000) b";
    await run(kernel, `const pairs = await spark.sql("${pairs}")`);
    const cell = kernel.start("%chunked pairs --by k --agg v:sum -e spark");
    await kernel.until((message) => message.type === "display" && /\d tasks/.test(JSON.stringify(message)), 120_000);
    process.kill((await sparkStatus())[0]?.pid ?? 0, "SIGKILL");
    const died = await kernel.done(cell, 300_000);
    expect(died.failure).toMatchObject({
      ename: "ConnectionError",
      evalue: expect.stringContaining("has ended (SIGKILL)"),
    });
    expect(died.failure?.evalue).not.toContain(" INFO ");
    const next = await run(kernel, onSpark("again.csv", 42));
    expect([next.failure, next.text]).toEqual([undefined, "42"]);
    expect(next.stdout).toContain("temporary views, settings, cached tables and models of the one before are gone");
  },
);

function run(kernel: Executor, code: string) {
  return kernel.done(kernel.start(code), 600_000);
}

/** A cell that has Spark sum a file of its kernel's, and gives the sum. */
function onSpark(file: string, sum: number): string {
  const rows = `k,v\\n0,${sum}\\n1,1\\n1,-1\\n`;
  return `require("node:fs").writeFileSync("${file}", "${rows}")\n%chunked ${file} --by k --agg v:sum -e spark -q -o sums\nsums.values[0][1]`;
}
