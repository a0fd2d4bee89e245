import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { pyspark } from "../../support/pyspark.ts";
import { runFolder } from "../../support/run-folder.ts";

test("PySpark's values arrive as they are", async () => {
  const given = ["x", 1.5];
  const script = `
row = spark.sql("SELECT 0.1D + 0.2D, double('NaN'), 9007199254740993L, 1.50BD, timestamp'2024-01-02 03:04:05Z', null, array(1, 2)").first()
result = {"row": list(row), "given": given, "version": spark.version}`;
  expect(await pyspark(script, given)).toEqual({
    row: [0.1 + 0.2, Number.NaN, 9007199254740993n, "1.50", new Date("2024-01-02T03:04:05Z"), null, [1, 2]],
    given,
    version: "4.3.0",
  });
});

test("a script that fails says PySpark's own words, without Java's", async () => {
  const failed = pyspark("spark.table('no_such_table').count()");
  await expect(failed).rejects.toThrow(/TABLE_OR_VIEW_NOT_FOUND/);
  await expect(failed).rejects.not.toThrow(/JVM stacktrace|\tat org\.apache/);
});

test("a script that hangs ends with the test that asked", async () => {
  const file = path.join(runFolder(), "hangs.pid");
  const hangs = `
import time
with open(given + ".draft", "w") as draft: draft.write(str(os.getpid()))
os.rename(given + ".draft", given)
time.sleep(600)`;
  const stopper = new AbortController();
  const hanging = pyspark(hangs, file, stopper.signal);
  const ended = expect(hanging).rejects.toThrow(/abort/);
  await expect.poll(() => existsSync(file), { timeout: 100_000 }).toBe(true);
  const pid = Number(readFileSync(file, "utf8"));
  expect(isAlive(pid)).toBe(true);
  stopper.abort();
  await ended;
  await expect.poll(() => isAlive(pid), { timeout: 20_000 }).toBe(false);
});

test("no script sees what another did", async () => {
  expect(await pyspark("import os; os.environ['SEEN'] = 'yes'; F.seen = 1; result = hasattr(F, 'seen')")).toBe(true);
  expect(await pyspark("result = [hasattr(F, 'seen'), os.environ.get('SEEN')]")).toEqual([false, null]);
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
